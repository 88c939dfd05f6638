import { contains } from "../../net/blocks";
import type { PortRange } from "../../model/topology";
import { coversPorts, type FilterChain, type RuleMatch, type Verdict } from "../../evidence/text/rules";
import type { RouterView, Stop } from "../observations";

/** A new connection that no helper expects. */
type Attempt = { readonly destination: string | null; readonly port: number };

/** What a router's rules are asked about: a packet at a place. */
type Place = Attempt & { readonly inLink: string | null; readonly outLink: string | null };

/** Follows a client's SYN by the routers' rules alone: what static rules carry, whoever reads the control connection. */
export function staticPassivePath(routers: readonly RouterView[], attempt: Attempt): Stop {
  return follow(routers, attempt).stop;
}

/** Whether static rules would carry a client's SYN, and to this address; `null` if rules are unknown. */
export function leadsTo(routers: readonly RouterView[], attempt: Attempt, address: string | null): boolean | null {
  const { stop, destination } = follow(routers, attempt);
  if (stop.kind === "unknown" || address === null) return null;
  return stop.kind === "passed" && destination === address;
}

function follow(
  routers: readonly RouterView[],
  attempt: Attempt,
): { readonly stop: Stop; readonly destination: string | null } {
  let { destination, port } = attempt;
  const ending = (stop: Stop): ReturnType<typeof follow> => ({ stop, destination });
  for (const router of routers) {
    const { rules, control, inLink, outLink } = router;
    if (rules === null) return ending({ kind: "unknown" });
    const nat = rules.destinationNats.find(
      (rule) => !rule.conditional && matches(rule, { destination, port, inLink, outLink: null }),
    );
    const own = router.translatesServer && (destination === null || destination === control?.original.destination);
    if (nat?.toAddress === null || (nat === undefined && own)) {
      return ending(atRouter(router, { destination, port, inLink, outLink: null }));
    }
    destination = nat?.toAddress ?? destination;
    port = nat?.toPorts?.first ?? port;
    const verdict = verdictOf(rules.forward, { destination, port, inLink, outLink });
    if (verdict !== "ACCEPT") return ending(blockedBy(router, "FORWARD", verdict));
  }
  return ending({ kind: "passed" });
}

/** The same for a server's SYN to the control connection's peer; the routers are passed the other way round. */
export function staticActivePath(routers: readonly RouterView[], port: number): Stop {
  for (const router of routers.toReversed()) {
    const { rules, control, inLink, outLink } = router;
    if (rules === null) return { kind: "unknown" };
    const destination = control?.reply.destination ?? null;
    const place = { destination, port, inLink: outLink, outLink: inLink };
    const nat = rules.destinationNats.some((rule) => !rule.conditional && matches(rule, { ...place, outLink: null }));
    if (router.translatesClient && !nat) return atRouter(router, { ...place, outLink: null });
    const verdict = verdictOf(rules.forward, place);
    if (verdict !== "ACCEPT") return blockedBy(router, "FORWARD", verdict);
  }
  return { kind: "passed" };
}

/** The SYN is for the router itself, which has no such service. */
function atRouter(router: RouterView, place: Place): Stop {
  const verdict = router.rules === null ? null : verdictOf(router.rules.input, place);
  if (verdict === "ACCEPT") return { kind: "own", router, chain: "INPUT", silent: false };
  return blockedBy(router, "INPUT", verdict);
}

function blockedBy(router: RouterView, chain: string, verdict: Verdict | null): Stop {
  return verdict === null ? { kind: "unknown" } : { kind: "blocked", router, chain, silent: verdict === "DROP" };
}

/** `null` if it depends on links that are not known. */
function verdictOf(chain: FilterChain, place: Place): Verdict | null {
  const possible = new Set<Verdict>();
  for (const rule of chain.rules) {
    if (rule.conditional || !matches(rule, place)) continue;
    possible.add(rule.verdict);
    if (linksAreKnown(rule, place)) return possible.size === 1 ? rule.verdict : null;
  }
  return [...possible].every((verdict) => verdict === chain.rest) ? chain.rest : null;
}

function linksAreKnown(rule: RuleMatch, { inLink, outLink }: Place): boolean {
  return (rule.inLink === null || inLink !== null) && (rule.outLink === null || outLink !== null);
}

/** Whether it does, or may: what is not known of the packet is no reason against a rule. */
function matches(rule: RuleMatch, { destination, port, inLink, outLink }: Place): boolean {
  const wanted: PortRange = { first: port, last: port };
  return (
    // Whatever the link is, what comes from outside does not come by the loopback.
    (rule.inLink === null || (inLink === null ? rule.inLink !== "lo" : rule.inLink === inLink)) &&
    (rule.outLink === null || outLink === null || rule.outLink === outLink) &&
    (rule.destination === null || destination === null || covers(rule.destination, destination)) &&
    coversPorts(rule.ports, wanted) &&
    (rule.states === null || rule.states.includes("NEW")) &&
    rule.helper === null
  );
}

function covers(block: string, address: string): boolean {
  return block.includes("/") ? contains(block, address) : block === address;
}
