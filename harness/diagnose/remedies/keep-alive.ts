import type { RouterView } from "../observations";

/** Routers and firewalls remember silent connections for a minute at the least. */
const usualSeconds = 30;

/** After how many seconds of silence keepalives have to go out, by what routers told; `null` if whole seconds come too late. */
export function keepAliveSeconds({
  routers,
}: {
  readonly routers: readonly Pick<RouterView, "forgetsAfterS">[];
}): number | null {
  const told = routers.flatMap(({ forgetsAfterS }) => forgetsAfterS ?? []);
  const seconds = Math.min(usualSeconds, ...told.map((forgets) => Math.floor(forgets / 2)));
  return seconds < 1 ? null : seconds;
}
