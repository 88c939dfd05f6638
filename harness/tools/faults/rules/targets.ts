/** What a random rule does to what it meets, and which causes are right then. */
import type { CauseId } from "../../../model/ids";
import { serverHostsOf, type Place } from "../place";
import { causesOfLoss, type LostBy } from "../oracle/lost-causes";
import type { Base, Fault } from "../kinds/definition";

export type Effect =
  /** The packet ends there; a rejection is told to its sender. */
  | { readonly kind: "stops" }
  | { readonly kind: "untracks" }
  | { readonly kind: "redirects" }
  /** One hop more than its TTL allows. */
  | { readonly kind: "ends-ttl" }
  | { readonly kind: "alters" };

/** The truth about a rule with this effect at a place. */
export function truthOfRule(effect: Effect, place: Place, base: Base): Fault["truth"] {
  return ({ loss, met }) => {
    if (!met) return null;
    if (effect.kind === "alters") {
      return { causes: ["line-altered-on-the-way", ...hostCause(place)], nodes: [place.node], quotesRule: false };
    }
    if (effect.kind === "ends-ttl") {
      // It dies there or at the next router.
      const nodes = base.topology.nodes.map(({ id }) => id).filter((id) => !serverHostsOf(base).includes(id));
      return { causes: ["ttl-expired"], nodes: [place.node, ...nodes], quotesRule: false };
    }
    if (loss === null) return null;
    return {
      causes: causesOfLoss(loss, lostBy[effect.kind], place, base),
      nodes: [place.node],
      quotesRule: effect.kind === "stops",
    };
  };
}

const lostBy = { stops: "rule", untracks: "untracked", redirects: "redirected" } as const satisfies Record<
  "stops" | "untracks" | "redirects",
  LostBy
>;

function hostCause({ role }: Place): readonly CauseId[] {
  if (role === "router") return [];
  return [role === "server" ? "server-host-firewall" : "client-host-firewall"];
}
