import type { Engine } from "./engine";
import { imageId } from "./images";

/** The image of Testcontainers' own reaper, as its version 11.14 names it. */
export const ryukImage = "testcontainers/ryuk:0.14.0";

/**
 * Settles what Testcontainers reads from the environment when it is loaded; to be called before that. Its reaper is used where the engine
 * has the image and left out if it has not: leases end a killed run's containers anyway, and a pull would fail where no registry answers.
 * The name of the engine's host, which it would otherwise look for by starting a container, is of no use here: no port is ever published.
 */
export async function prepareTestcontainers(engine: Engine): Promise<void> {
  process.env["TESTCONTAINERS_HOST_OVERRIDE"] ??= "localhost";
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== undefined) return;
  if ((await imageId(engine, ryukImage)) === null) process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
}
