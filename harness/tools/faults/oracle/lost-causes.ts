/** Which cause is right for what was lost, and by what: the contract's words, and no finding of the diagnosis. */
import { softwareNamed } from "../../../catalog/servers/registry";
import { traitsOf } from "../../../model/axes";
import { routersOf } from "../../../model/network";
import type { Base, Truth } from "../kinds/definition";
import { isNextTo, openerOf, type Place } from "../place";
import type { CauseId } from "../../../model/ids";
import type { Loss } from "./loss";

/** By what a packet came to its end at a node. */
export type LostBy =
  /** A rule that stops it. */
  | "rule"
  /** The chain's policy, or a rule at its end, since the one that let it pass is gone. */
  | "policy"
  /** It, or its answer, is not tracked as its connection was. */
  | "untracked"
  /** A rule sends it to another place. */
  | "redirected"
  /** The node has no way for it. */
  | "route";

/** The causes that are right for a packet that a rule, a route or connection tracking ended at a place. */
export function causesOfLoss(
  loss: Loss,
  by: LostBy,
  { node, role }: Pick<Place, "node" | "role">,
  base: Base,
): CauseId[] {
  if (role === "server" && by !== "route") return ["server-host-firewall"];
  if (role === "client" && by !== "route") return ["client-host-firewall"];
  // It came, and the host has no way for its answer.
  if (role !== "router" && loss.from !== role) return ["return-route-missing"];
  const untracked: CauseId[] = by === "untracked" ? ["control-connection-untracked"] : [];
  if (loss.connection === "control") return [...controlCauses(loss, by, role), ...untracked];
  return [...dataCauses(loss, by, node, base), ...untracked];
}

function controlCauses({ kind }: Loss, by: LostBy, role: Place["role"]): CauseId[] {
  switch (kind) {
    case "syn":
      // The client's own host cannot send it.
      return role === "client" ? ["client-never-dialled", "port-unreachable"] : ["port-unreachable"];
    case "syn-ack":
      return by === "route" ? ["return-route-missing", "answer-lost-on-return"] : ["answer-lost-on-return"];
    case "ack":
    case "payload":
    case "end":
      return by === "route" ? ["return-route-missing"] : ["control-line-blocked"];
  }
}

function dataCauses({ kind }: Loss, by: LostBy, node: string, base: Base): CauseId[] {
  const rule: CauseId[] = by === "policy" ? [] : ["rule-blocks-data-connection"];
  switch (kind) {
    case "syn":
      return [...rule, ...openingCauses(by, node, base), ...(by === "policy" ? helperCauses(base) : [])];
    case "syn-ack":
      return [...rule, "answer-lost-on-return", ...(by === "route" ? (["return-route-missing"] as const) : [])];
    case "ack":
    case "payload":
      return rule;
    case "end":
      return [...rule, "transfer-end-lost"];
  }
}

/** If a side's own router does not let its connections out, its egress is blocked; otherwise the other side does not let them in. */
function openingCauses(by: LostBy, node: string, base: Base): CauseId[] {
  const opener = openerOf(base);
  if (by !== "redirected" && isNextTo(base, node, opener)) {
    const inward: CauseId = opener === "client" ? "passive-port-not-forwarded" : "active-connection-blocked";
    // A router that is next to both is whose side it is as one looks at it.
    const isNextToBoth = isNextTo(base, node, opener === "client" ? "server" : "client");
    return ["egress-blocked", ...(by === "policy" && isNextToBoth ? [inward] : [])];
  }
  if (by === "redirected")
    return [
      "data-connection-to-other-server",
      ...(opener === "client" ? (["passive-port-not-forwarded"] as const) : []),
    ];
  if (by === "policy") return [opener === "client" ? "passive-port-not-forwarded" : "active-connection-blocked"];
  return [];
}

/** What a policy stops, a helper would have let pass: where there is none, or where it cannot read. */
function helperCauses({ planned, topology, profile }: Base): CauseId[] {
  const { tls, ccc } = traitsOf(planned.cell.mode);
  const hasHelper = routersOf(topology).some(({ helperPorts }) => helperPorts.length > 0);
  // Some clients go on under TLS where CCC is refused.
  const isGranted = softwareNamed(profile.software).traits(profile).refusesCcc === null;
  const isClear = tls === "none" || (ccc === "primed" && isGranted);
  if (isClear) return hasHelper ? [] : ["no-helper"];
  return hasHelper ? ["helper-blind-to-tls"] : [];
}

/** A truth about the place itself. */
export function truthAt(place: Pick<Place, "node">, causes: readonly CauseId[], quotesRule = false): Truth {
  return { causes, nodes: [place.node], quotesRule };
}
