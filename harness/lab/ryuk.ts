import type { Engine } from "./engine";
import { imageId } from "./images";

/** The image of Testcontainers' own reaper, as its version 11.14 names it. */
export const ryukImage = "testcontainers/ryuk:0.14.0";

/**
 * Lets Testcontainers use its reaper where the engine has its image, and does without where it has not: leases end a killed
 * run's containers anyway, and a pull would fail where no registry answers. To be called before Testcontainers is loaded.
 */
export async function preferLeaseOverRyuk(engine: Engine): Promise<void> {
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== undefined) return;
  if ((await imageId(engine, ryukImage)) === null) process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
}
