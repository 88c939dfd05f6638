import type { CauseId } from "../../model/diagnosis";
import { routersOf } from "../network";
import type { Session } from "./data-connection";
import type { WalkEnd } from "./packet-walk";

/**
 * The root of a data connection that fails: the thing whose change would make it work, not the last error seen. The diagnosis
 * reaches the same from evidence (`harness/diagnose`).
 */
export type DataFailure =
  /** The client would not dial the address in 227. `carried`: static rules would let it reach the server at the dialled one. */
  | { readonly kind: "address-rejected"; readonly carried: boolean }
  | { readonly kind: "passive-blocked"; readonly end: WalkEnd; readonly foreignTarget: boolean }
  | { readonly kind: "active-refused" }
  | { readonly kind: "active-blocked"; readonly end: WalkEnd };

/** Names the cause of a failure. */
export function causeOfFailure(failure: DataFailure, session: Session): CauseId {
  const routers = routersOf(session.topology);
  const hasHelper = routers.some((router) => router.helperPorts.length > 0);
  const isAttached = routers.some((router) => router.helperPorts.includes(session.controlPort));
  if (hasHelper && !session.readable) {
    return session.isFirstClearLine ? "helper-missed-first-line-after-ccc" : "helper-blind-to-tls";
  }
  const lacksHelper = session.readable && !hasHelper;
  const elsewhere = session.readable && hasHelper && !isAttached;
  switch (failure.kind) {
    case "address-rejected":
      if (elsewhere) return "helper-not-on-port";
      if (failure.carried) return "passive-address-rejected-by-client";
      return lacksHelper ? "no-helper" : "passive-address-unroutable";
    case "passive-blocked":
      if (elsewhere) return "helper-not-on-port";
      if (isOwnEgress(failure.end, session)) return "egress-blocked";
      if (lacksHelper) return "no-helper";
      return failure.foreignTarget ? "passive-address-unroutable" : "passive-port-not-forwarded";
    case "active-refused":
      return "active-address-refused";
    case "active-blocked":
      if (failure.end.kind === "blocked" && failure.end.where === "forward") return "egress-blocked";
      if (lacksHelper) return "no-helper";
      return elsewhere ? "helper-not-on-port" : "active-connection-blocked";
  }
}

/** Whether the client's own side lets nothing out: the router that hides the client is the one that blocks. */
function isOwnEgress(end: WalkEnd, session: Session): boolean {
  if (end.kind !== "blocked" || end.out === null) return false;
  const { node, out } = end;
  return routersOf(session.topology).some((router) => router.id === node && router.masquerade.includes(out));
}
