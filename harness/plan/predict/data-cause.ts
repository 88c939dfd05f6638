import type { CauseId } from "../../model/diagnosis";
import { clientOf, routersOf } from "../../model/network";
import type { Session } from "./session";
import { followsControl } from "./helper";
import type { Passage, WalkEnd } from "./packet-walk";

/**
 * The root of a data connection that fails: the thing whose change would make it work, not the last error seen. The diagnosis
 * reaches the same from evidence (`harness/diagnose`).
 */
export type DataFailure =
  /** The client would not dial the address in 227. `carried`: static rules would let it reach the server at the dialled one. */
  | ({ readonly kind: "address-rejected"; readonly carried: boolean } & Named)
  | ({ readonly kind: "passive-blocked"; readonly end: WalkEnd; readonly foreignTarget: boolean } & Named)
  /** It reached a server, and not the one that the control connection goes to. */
  | ({ readonly kind: "other-server" } & Named)
  | { readonly kind: "active-refused" }
  | { readonly kind: "active-blocked"; readonly end: WalkEnd };

/** The address in 227. */
type Named = {
  /** The client could have reached the server there, by static rules. */
  readonly leadsThere: boolean;
  /** It is another one than the server's own: any helper would pass over it (`loose` = 0). */
  readonly passedOver: boolean;
};

/** Names the cause of a failure. */
export function causeOfFailure(failure: DataFailure, session: Session): CauseId {
  const own = stoppedByHost(failure, session);
  if (own !== null) return own;
  const routers = routersOf(session.topology);
  const hasHelper = routers.some((router) => router.helperPorts.length > 0);
  const isAttached = session.control.some((passage) => followsControl(passage, session.controlPort));
  if (hasHelper && !session.readable) {
    return session.isFirstClearLine ? "helper-missed-first-line-after-ccc" : "helper-blind-to-tls";
  }
  const unknown = session.readable && isAttached && session.control.every((passage) => isIgnorant(passage, session));
  // Without a router, no helper is missing.
  const passedOver = "passedOver" in failure && failure.passedOver;
  const lacksHelper = session.readable && !hasHelper && routers.length > 0 && !passedOver;
  const elsewhere = session.readable && hasHelper && !isAttached;
  if ("end" in failure && failure.end.kind === "blocked" && failure.end.expected) return "related-not-accepted";
  switch (failure.kind) {
    case "address-rejected":
      if (elsewhere) return "helper-not-on-port";
      if (failure.carried) return "passive-address-rejected-by-client";
      if (failure.leadsThere) return "passive-address-not-dialled";
      return lacksHelper ? "no-helper" : "passive-address-unroutable";
    case "passive-blocked":
      if (elsewhere) return "helper-not-on-port";
      if (unknown) return "helper-does-not-know-line";
      if (failure.leadsThere && !failure.foreignTarget) return "passive-address-not-dialled";
      if (isClientEgress(failure.end, session)) return "egress-blocked";
      if (lacksHelper) return "no-helper";
      return failure.foreignTarget ? "passive-address-unroutable" : "passive-port-not-forwarded";
    case "other-server":
      if (elsewhere) return "helper-not-on-port";
      return unknown ? "helper-does-not-know-line" : "data-connection-to-other-server";
    case "active-refused":
      // There the helper would have put the router's own address instead of the client's.
      return elsewhere && isClientHidden(session) ? "helper-not-on-port" : "active-address-refused";
    case "active-blocked":
      if (isServerEgress(failure.end, session)) return "egress-blocked";
      if (lacksHelper) return "no-helper";
      if (unknown) return "helper-does-not-know-line";
      return elsewhere ? "helper-not-on-port" : "active-connection-blocked";
  }
}

/** The network let it through, and the host that it was for did not: no helper and no forward would change that. */
function stoppedByHost(failure: DataFailure, { topology }: Session): CauseId | null {
  if (!("end" in failure) || failure.end.kind !== "blocked" || failure.end.where !== "host") return null;
  return failure.end.node === clientOf(topology).id ? "client-host-firewall" : "server-host-firewall";
}

/** Whether a router's helper follows the session and knows nothing of its line, or it has none. */
function isIgnorant(passage: Passage, { controlPort, word }: Session): boolean {
  return !followsControl(passage, controlPort) || !passage.router.make.helperKnows.includes(word);
}

/** Whether the client's own side lets nothing out: a router that hides the client there and not the server, and blocks. */
function isClientEgress(end: WalkEnd, session: Session): boolean {
  if (end.kind !== "blocked" || end.out === null) return false;
  const { node, out } = end;
  const masquerades = routersOf(session.topology).some(
    ({ id, masquerade, sourceNats = [] }) =>
      id === node && (masquerade.includes(out) || sourceNats.some((entry) => entry.out === out)),
  );
  // The router that hides the server stands on the server's side, whatever else it translates.
  return masquerades && !hides("server", node, session);
}

/**
 * Whether the server's own side lets nothing out; at a router that hides only the client, or lets the client's side open anything,
 * its SYN is on its way in.
 */
function isServerEgress(end: WalkEnd, session: Session): boolean {
  if (end.kind !== "blocked" || end.where !== "forward") return false;
  if (hides("server", end.node, session)) return true;
  const router = routersOf(session.topology).find(({ id }) => id === end.node);
  const opensAll =
    router?.filter.allow.some(({ from, to, ports }) => from === end.out && to === end.in && ports === null) === true;
  return !opensAll && !hides("client", end.node, session);
}

/** Whether a router hides the client, and stands on the client's side: it does not hide the server too. */
function isClientHidden(session: Session): boolean {
  return session.control.some(
    ({ router }) => hides("client", router.id, session) && !hides("server", router.id, session),
  );
}

/** Whether a router gave the control connection's client, or server, another address. */
function hides(side: "client" | "server", node: string, { control }: Session): boolean {
  const passage = control.find(({ router }) => router.id === node);
  if (passage === undefined) return false;
  const { before, after } = passage;
  return side === "client" ? before.source !== after.source : before.destination !== after.destination;
}
