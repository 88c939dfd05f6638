import type { PortRange } from "../../model/topology";
import type { Observations, RouterView } from "../observations";
import { isOpenOn } from "./open-range";

/** Routers whose rules keep clients from the control port. */
export function closedToControl(seen: Observations): readonly RouterView[] {
  const port: PortRange = { first: seen.control.port, last: seen.control.port };
  const isThrough = ({ control, translatesServer }: RouterView): boolean => control !== null && translatesServer;
  return seen.routers.filter((router) => !isThrough(router) && !isOpenOn(seen, router, port));
}

/** Nobody on the way kept the control connection from the server. */
export function refusesItself(seen: Observations): boolean {
  if (seen.routersMissing) return seen.routers.length === 0 && /refused/i.test(seen.message);
  return closedToControl(seen).length === 0;
}
