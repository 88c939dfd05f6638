import type { Engine } from "./engine";
import { ownerFilter } from "./labels";
import { removeContainer } from "./node-container";

/** A container of ours, as the engine lists it. */
export type OwnedContainer = { readonly id: string; readonly name: string };

/** Every container that this tool ever left, found by label. */
export async function listOwned(engine: Engine): Promise<readonly OwnedContainer[]> {
  const found = await engine.docker.listContainers({ all: true, filters: { label: [ownerFilter] } });
  return found.map((container) => ({
    id: container.Id,
    name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
  }));
}

/** Removes all of them, running or not, and the bench's networks; gives names. Nothing without our label is touched. */
export async function removeOwned(engine: Engine): Promise<readonly string[]> {
  const containers = await listOwned(engine);
  await Promise.all(containers.map((container) => removeContainer(engine, container.id)));
  const networks = await engine.docker.listNetworks({ filters: { label: [ownerFilter] } });
  await Promise.all(networks.map((network) => engine.docker.getNetwork(network.Id).remove()));
  return [...containers, ...networks.map((network) => ({ name: network.Name }))].map(({ name }) => name);
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
