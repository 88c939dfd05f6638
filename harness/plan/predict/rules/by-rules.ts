import { readAddress } from "../../../evidence/text/lines";
import type { BaseChain, HookName } from "../../../evidence/text/base-chains";
import type { Rule } from "../../../evidence/text/rule-words";
import { attachmentsOf, familyOf, interfaceOf } from "../../../model/network";
import type { AddressRange, FilterVerdict, PortRange, Topology, UserRules } from "../../../model/topology";
import { isInRange } from "../../../net/blocks";
import { follow, type Attached, type Ending } from "./follow";
import { told, type Crossing, type LaterWay, type NodeRules, type Open, type Told } from "./node-rules";
import { ownRules } from "./of-user-rules";
import type { Packet } from "./packet";

/** What a user's own rules say of a node. */
export function rulesByText(topology: Topology, node: string, rules: UserRules): NodeRules {
  const { first, later, unread } = ownRules(rules, familyOf(topology, node));
  const context: Context = { topology, node, file: rules.file };
  if (unread !== null) {
    const open = (): Open => ({
      kind: "open",
      why: `${rules.file} of ${node} holds "${shortened(unread)}", which is not read`,
    });
    return { arrive: open, enter: open, forward: open, leave: open, emit: open, later: open };
  }
  const run = (hook: HookName, crossing: Crossing): Run =>
    runHook(first, hook, packetOf(context, crossing), context, crossing);
  return {
    arrive: (crossing) => {
      const end = run("PREROUTING", crossing);
      if (end.kind === "open") return end;
      if (end.kind === "stopped") return told({ kind: "stopped", verdict: end.verdict });
      const { destination, ports, isForwarded, attached } = end;
      const late = (["FORWARD", "INPUT"] as const).flatMap((hook) => {
        const next = run(hook, { ...crossing, destination, ports });
        return next.kind === "passed" ? next.attached : [];
      });
      return told({
        kind: "passed",
        destination,
        ports,
        isForwarded,
        helper: helperOf([...attached, ...late], context),
      });
    },
    enter: (crossing) => verdictOf(run("INPUT", crossing)),
    forward: (crossing) => {
      const end = run("FORWARD", crossing);
      if (end.kind === "open") return end;
      if (end.kind === "stopped") return told({ verdict: end.verdict });
      return told({ by: crossing.isExpected ? "expectation" : end.isByRule ? "rule" : "policy" });
    },
    leave: (crossing, address) => {
      const end = runHook(first, "POSTROUTING", packetOf(context, crossing), { ...context, address }, crossing);
      if (end.kind === "open") return end;
      // What is dropped behind the filter is as rare as it is odd.
      if (end.kind === "stopped") return { kind: "open", why: `${rules.file} of ${node} drops packets after routing` };
      return told(end.source);
    },
    emit: (crossing) => {
      const end = run("OUTPUT", crossing);
      if (end.kind !== "passed" || end.destination === crossing.destination) return verdictOf(end);
      return { kind: "open", why: `${rules.file} of ${node} sends its own connections elsewhere` };
    },
    later: (way) => laterPasses(later, way, context),
  };
}

function verdictOf(end: Run): Told<FilterVerdict> {
  if (end.kind === "open") return end;
  return told(end.kind === "stopped" ? end.verdict : "accept");
}

type Context = { readonly topology: Topology; readonly node: string; readonly file: string; readonly address?: string };

const hooksOf: Readonly<Record<LaterWay["kind"], readonly HookName[]>> = {
  enters: ["PREROUTING", "INPUT"],
  crosses: ["PREROUTING", "FORWARD", "POSTROUTING"],
  leaves: ["OUTPUT", "POSTROUTING"],
};

/** Connections' packets are translated here, whatever priority the rules have (NF_IP_PRI_NAT_DST, nf_nat_proto.c). */
const translatedFrom = -100;

/** NAT rules see first packets alone. */
function laterPasses(chains: readonly BaseChain[], way: LaterWay, context: Context): Told<boolean> {
  const filters = chains.filter(({ isNat }) => !isNat);
  const crossing: Crossing = { ...way, isExpected: false };
  const raw: Crossing = { ...crossing, ...way.arriving };
  const isEarly = ({ hook, priority }: BaseChain): boolean => hook === "PREROUTING" && priority < translatedFrom;
  const passes = (hook: HookName, own: readonly BaseChain[], at: Crossing): Run =>
    runHook(own, hook, { ...packetOf(context, at), state: "ESTABLISHED" }, context, at);
  for (const hook of hooksOf[way.kind]) {
    const early = passes(hook, filters.filter(isEarly), raw);
    const end =
      early.kind === "passed"
        ? passes(
            hook,
            filters.filter((one) => !isEarly(one)),
            crossing,
          )
        : early;
    if (end.kind === "open") return end;
    if (end.kind === "stopped") return told(false);
  }
  return told(true);
}

function packetOf({ topology, node }: Context, crossing: Crossing): Packet {
  const { source, destination, ports, isExpected, isForwarded } = crossing;
  return {
    ...{ source: everyones(topology, source), destination: everyones(topology, destination), ports },
    sourcePorts: crossing.sourcePorts,
    dialled: { address: everyones(topology, crossing.dialled.destination), ports: crossing.dialled.ports },
    inLink: crossing.in === null ? null : interfaceOf(topology, node, crossing.in),
    outLink: crossing.out === null ? null : interfaceOf(topology, node, crossing.out),
    state: isExpected ? "RELATED" : "NEW",
    isForwarded,
    isLocal: isOwn(topology, node, destination),
  };
}

function isOwn(topology: Topology, node: string, address: string): boolean {
  return topology.links.some(({ ends }) => ends.some((end) => end.node === node && isInRange(end.addresses, address)));
}

/** The client is walked by its first address, which stands for those of all sessions. */
function everyones(topology: Topology, address: string): AddressRange {
  const clients = topology.nodes.filter(({ kind }) => kind === "client").map(({ id }) => id);
  const ends = topology.links.flatMap((link) => link.ends);
  const own = ends.find((end) => clients.includes(end.node) && end.addresses.first === address);
  return own?.addresses ?? { first: address, last: address };
}

type Passed = {
  readonly kind: "passed";
  readonly source: string;
  readonly destination: string;
  readonly ports: PortRange;
  readonly isForwarded: boolean;
  readonly isByRule: boolean;
  readonly attached: readonly Attached[];
};
type Run = Passed | { readonly kind: "stopped"; readonly verdict: FilterVerdict } | Open;

/** All chains of a hook, one after another: each filter has to accept, and the first translation counts. */
function runHook(
  chains: readonly BaseChain[],
  hook: HookName,
  begin: Packet,
  context: Context,
  crossing: Crossing,
): Run {
  let packet = begin;
  const { source, destination, ports, isForwarded } = crossing;
  let passed: Passed = {
    ...{ kind: "passed", source, destination, ports, isForwarded, isByRule: false, attached: [] },
  };
  let isTranslated = false;
  for (const chain of chains) {
    if (chain.hook !== hook || (chain.isNat && isTranslated)) continue;
    const { endings, doubt, attached } = follow(chain.source, chain.name, packet);
    passed = { ...passed, attached: [...passed.attached, ...attached] };
    const [ending, ...others] = endings;
    if (ending === undefined) continue;
    const meaning = chain.isNat ? translationWords : (one: Ending): string => one.rule?.target ?? chain.policy;
    const words = meaning(ending);
    if (words === unreadWord || others.some((one) => meaning(one) !== words)) return unsure(doubt, context);
    const target = ending.rule?.target ?? (chain.isNat ? "ACCEPT" : chain.policy);
    if (target === "DROP") return { kind: "stopped", verdict: "drop" };
    if (target === "REJECT") return { kind: "stopped", verdict: rejection(ending.rule) };
    if (!chain.isNat) passed = { ...passed, isByRule: passed.isByRule || ending.rule !== null };
    if (ending.rule === null || target === "ACCEPT") continue;
    const next = translate(passed, ending.rule, target, { ...context, in: crossing.in });
    if (next.kind !== "passed") return next;
    passed = next;
    isTranslated = true;
    packet = {
      ...packet,
      ...{
        source: everyones(context.topology, next.source),
        destination: everyones(context.topology, next.destination),
      },
      ...{
        ports: next.ports,
        isForwarded: next.isForwarded,
        isLocal: isOwn(context.topology, context.node, next.destination),
      },
    };
  }
  return passed;
}

const unreadWord = "(not read)";
const translations: ReadonlySet<string> = new Set(["DNAT", "REDIRECT", "SNAT", "MASQUERADE"]);

function translationWords({ rule }: Ending): string {
  if (rule === null || rule.target === "ACCEPT") return "";
  if (!translations.has(rule.target) && rule.target !== "DROP") return unreadWord;
  return [rule.target, ...[...rule.options].flat()].join(" ");
}

function rejection(rule: Rule | null): FilterVerdict {
  const how = rule?.options.get("--reject-with");
  return how === "tcp-reset" ? "reject" : "prohibit";
}

type Translating = Context & { readonly in: string | null };

function translate(passed: Passed, rule: Rule, target: string, context: Translating): Run {
  const { options } = rule;
  switch (target) {
    case "DNAT":
    case "REDIRECT": {
      const to = targetOf(options.get(target === "DNAT" ? "--to-destination" : "--to-ports"), target === "REDIRECT");
      const address = target === "REDIRECT" ? addressOn(context) : (to?.address ?? passed.destination);
      const ports = to === null ? null : portsAfter(to, passed.ports);
      if (address === null || ports === null) return unsure(rule, context);
      return { ...passed, destination: address, ports, isForwarded: true };
    }
    case "MASQUERADE":
      return { ...passed, source: context.address ?? passed.source };
    case "SNAT": {
      const to = targetOf(options.get("--to-source"), false);
      const address = to?.address ?? null;
      return address === null ? unsure(rule, context) : { ...passed, source: address };
    }
    default:
      return unsure(rule, context);
  }
}

/** REDIRECT leads to the address of the link by which the packet came. */
function addressOn({ topology, node, in: link }: Translating): string | null {
  return attachmentsOf(topology, node).find((own) => own.link.id === link)?.address ?? null;
}

type Target = {
  readonly address: string | null;
  readonly ports: PortRange | null;
  /** `50000-50999/60000`: where the ports that are dialled begin. */
  readonly base: number | null;
};

/** `192.0.2.1:50000-50999/60000`, `[2001:db8::1]:21`, `:2121`; `null` for what leads to several hosts, or cannot be read. */
function targetOf(text: string | undefined, isPortsAlone: boolean): Target | null {
  if (text === undefined) return isPortsAlone ? { address: null, ports: null, base: null } : null;
  const whole = isPortsAlone ? `:${text}` : text;
  const bare = readAddress(whole);
  if (bare !== null) return { address: bare, ports: null, base: null };
  const [, bracketed, host = "", first, last = first, base] =
    /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})(?:-(\d{1,5}))?(?:\/(\d{1,5}))?$/.exec(whole) ?? [];
  if (first === undefined) return null;
  const named = bracketed ?? host;
  const address = named === "" ? null : readAddress(named);
  if (named !== "" && address === null) return null;
  return {
    address,
    ports: { first: Number(first), last: Number(last) },
    base: base === undefined ? null : Number(base),
  };
}

/** A port within the range stays, one alone takes all, and of any other range the kernel chooses (nf_nat_core.c get_unique_tuple). */
function portsAfter({ ports: to, base }: Target, { first, last }: PortRange): PortRange | null {
  if (to === null) return { first, last };
  if (base !== null) {
    const shift = to.first - base;
    return first + shift >= to.first && last + shift <= to.last ? { first: first + shift, last: last + shift } : null;
  }
  if (to.first <= first && last <= to.last) return { first, last };
  return to.first === to.last ? to : null;
}

/** The first CT target counts; one that is not sure leaves it open. */
function helperOf(attached: readonly Attached[], context: Context): Told<boolean> {
  const [first] = attached;
  if (first === undefined) return told(false);
  return first.isSure ? told(first.helper !== null && /^ftp(-\d+)?$/.test(first.helper)) : unsure(first.rule, context);
}

function unsure(rule: Rule | null, { node, file }: Context): Open {
  const quoted = rule === null ? "" : ` "${shortened(quote(rule))}"`;
  return { kind: "open", why: `${file} alone does not show what${quoted} of ${node} does with it` };
}

function quote({ text, place }: Rule): string {
  if (place === undefined) return text ?? "a rule";
  const { family, table, chain } = place;
  return `table ${family} ${table} chain ${chain}: ${text ?? "a rule"}`;
}

function shortened(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
