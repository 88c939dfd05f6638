/** Lines for routers, and their names in sentences. */
import type { Observations, RouterView } from "../observations";
import { listed } from "../words";
import { linesOf, onRouter } from "./places";

/** Lines for some of the routers; each is named where there are several on the way. */
export function onRouters(
  { routers: all }: Observations,
  routers: readonly RouterView[],
  lines: (router: RouterView) => readonly string[],
): readonly string[] {
  return linesOf(
    routers.map((router) => ({ place: onRouter(router.id), lines: lines(router) })),
    all.length > 1,
  );
}

export function names(routers: readonly RouterView[], otherwise: string): string {
  return routers.length === 0 ? otherwise : listed(routers.map(({ id }) => id));
}
