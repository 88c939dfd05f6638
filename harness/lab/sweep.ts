import type { Engine } from "./engine";
import { labelKeys, ownerFilter } from "./labels";
import { removeContainer } from "./node-container";

/** A container of ours, as the engine lists it. */
export type OwnedContainer = { readonly id: string; readonly name: string; readonly run: string; readonly state: string };

/** Every container that this tool ever left, found by label. */
export async function listOwned(engine: Engine): Promise<readonly OwnedContainer[]> {
  const found = await engine.docker.listContainers({ all: true, filters: { label: [ownerFilter] } });
  return found.map((container) => ({
    id: container.Id,
    name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
    run: container.Labels[labelKeys.run] ?? "",
    state: container.State,
  }));
}

/** Removes all of them, running or not; gives what was removed. Nothing without our label is touched. */
export async function removeOwned(engine: Engine): Promise<readonly OwnedContainer[]> {
  const owned = await listOwned(engine);
  await Promise.all(owned.map((container) => removeContainer(engine, container.id)));
  return owned;
}

/** Containers that were made a while ago and never started, or have ended: what a killed run leaves beside its leases. */
export async function sweepDead(engine: Engine, olderThanMs = 60_000): Promise<number> {
  const found = await engine.docker.listContainers({
    all: true,
    filters: { label: [ownerFilter], status: ["created", "exited", "dead"] },
  });
  const dead = found.filter((container) => Date.now() - container.Created * 1000 > olderThanMs);
  await Promise.all(dead.map((container) => removeContainer(engine, container.Id)));
  return dead.length;
}
