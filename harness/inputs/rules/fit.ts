/** Whether a user's own rules are about the network that they are loaded in. */
import { attachmentsOf, serversOf } from "../../model/network";
import type { PortRange, RulesFile, Topology } from "../../model/topology";
import { parseAddress } from "../../net/address";
import { iptablesStatements } from "./iptables";
import { nftStatements } from "./nft";
import type { NamedAddresses, NamedBlock, NamedInterfaces, RuleStatement, RuleStatements } from "./statement";

/** Something that rules name and that the network does not have. */
export type Stranger = {
  readonly kind: "interface" | "address";
  readonly name: string;
  readonly file: string;
  /** The first line that names it and that decides by it. */
  readonly line: number;
  /** What the rules do with it, which shows what it is in the user's network. */
  readonly role: "outside" | "inside" | "server" | "dialled" | null;
};

/** Names in a node's rules that belong to machines which the network does not have. */
export type Misfit = {
  /** FTP's way depends on these: with them unknown, nothing that the rules do says anything. */
  readonly decisive: readonly Stranger[];
  /** Rules that name these match nothing here, and nothing of FTP depends on them. */
  readonly others: readonly Stranger[];
};

/** A rule, whether it can match here, and what it names in vain where it cannot. */
type Judged = {
  readonly rule: RuleStatement;
  readonly file: string;
  readonly strangers: readonly Stranger[];
  readonly isAlive: boolean;
  /** Hooks from which it is reached, were all its names known. */
  readonly hooks: ReadonlySet<string>;
};

/** What interfaces and addresses there are. */
type Here = {
  readonly interfaces: readonly string[];
  readonly blocks: readonly NamedBlock[];
  readonly ftpPorts: readonly PortRange[];
  readonly isRouter: boolean;
};

/** Reads the rules of a node and compares what they name with the network. */
export function misfitOf(topology: Topology, node: string, files: readonly RulesFile[]): Misfit {
  const here = hereOf(topology, node);
  const judged = files.flatMap((file) => judge(file, here));
  const decisive = distinct([
    ...deadForFtp(judged, here),
    ...deadTargets(judged, here),
    ...deadSourceNat(judged, here),
    ...unnamedInterfaces(judged, here),
  ]);
  const names = new Set(decisive.map(({ name }) => name));
  // What a rule says of a name in passing tells what it is in all others.
  const all = distinct(judged.flatMap(({ strangers }) => strangers));
  const roles = new Map(all.map(({ name, role }) => [name, role]));
  return {
    decisive: decisive.map((stranger) => ({ ...stranger, role: stranger.role ?? roles.get(stranger.name) ?? null })),
    others: all.filter(({ name }) => !names.has(name)),
  };
}

/** The names and addresses that rules name, by their text: what `--map` may speak of. */
export function namesIn(files: readonly RulesFile[]): ReadonlySet<string> {
  const statements = files.flatMap((file) => statementsOf(file).statements);
  return new Set(
    statements.flatMap(({ inInterfaces, outInterfaces, sources, destinations, action }) => [
      ...[inInterfaces, outInterfaces].flatMap((asked) => asked?.names ?? []),
      ...[sources, destinations].flatMap((asked) => asked?.blocks ?? []).map(({ text }) => text.replace(/\/32$/, "")),
      ...("blocks" in action ? action.blocks.map(({ text }) => text) : []),
    ]),
  );
}

function statementsOf({ format, text }: RulesFile): RuleStatements {
  return format === "iptables" ? iptablesStatements(text) : nftStatements(text);
}

function hereOf(topology: Topology, node: string): Here {
  const ends = topology.links.flatMap((link) => link.ends);
  const pools = topology.nodes.flatMap((one) => (one.kind === "translator" ? [one.pool] : []));
  return {
    interfaces: attachmentsOf(topology, node).map((attachment) => attachment.interface),
    blocks: [...ends.map(({ addresses }) => addresses), ...pools, ...(topology.elsewhere ?? [])].flatMap((range) => {
      const [first, last] = [parseAddress(range.first), parseAddress(range.last)];
      return first === null || last === null ? [] : [{ text: range.first, first, last }];
    }),
    ftpPorts: serversOf(topology).flatMap(({ controlPort, passivePorts }) => [
      { first: controlPort, last: controlPort },
      { first: 990, last: 990 },
      { first: 20, last: 21 },
      passivePorts,
    ]),
    isRouter: topology.nodes.some(({ id, kind }) => id === node && kind === "router"),
  };
}

/** Each rule with what it names in vain, on the way of its chain too. */
function judge(file: RulesFile, here: Here): readonly Judged[] {
  const { statements, hooks } = statementsOf(file);
  const own = statements.map((rule) => ({ rule, ...vainIn(rule, file.file, here) }));
  const ways = new Map<string, Way>([...hooks].map(([chain, hook]) => [chain, openWay(hook)]));
  const jumps = own.flatMap((one) => (one.rule.action.kind === "jump" ? [{ ...one, to: targetOf(one.rule) }] : []));
  // Chains come to be called by others that are called: as many rounds as there are chains at most.
  for (let isNew = true, rounds = 0; isNew && rounds < 64; rounds += 1) {
    isNew = false;
    for (const { rule, strangers, isPossible, to } of jumps) {
      const from = ways.get(rule.chain);
      if (from !== undefined && widen(ways, to, from, { strangers, isPossible })) isNew = true;
    }
  }
  return own.flatMap(({ rule, strangers, isPossible }): Judged[] => {
    const way = ways.get(rule.chain);
    if (way === undefined) return [];
    const isAlive = way.isAlive && isPossible;
    const vain = way.isAlive ? strangers : [...way.strangers, ...strangers];
    return [{ rule, file: file.file, strangers: vain, isAlive, hooks: way.hooks }];
  });
}

/** How a chain is reached. */
type Way = { isAlive: boolean; strangers: readonly Stranger[]; hooks: Set<string> };

function openWay(hook: string): Way {
  return { isAlive: true, strangers: [], hooks: new Set([hook]) };
}

function widen(
  ways: Map<string, Way>,
  chain: string,
  from: Way,
  by: { readonly strangers: readonly Stranger[]; readonly isPossible: boolean },
): boolean {
  const isAlive = from.isAlive && by.isPossible;
  const strangers = from.isAlive ? by.strangers : [...from.strangers, ...by.strangers];
  const before = ways.get(chain);
  if (before === undefined) {
    ways.set(chain, { isAlive, strangers, hooks: new Set(from.hooks) });
    return true;
  }
  const size = before.hooks.size;
  for (const hook of from.hooks) before.hooks.add(hook);
  const isBetter = isAlive && !before.isAlive;
  if (isBetter) before.isAlive = true;
  else if (!before.isAlive) before.strangers = distinct([...before.strangers, ...strangers]);
  return isBetter || before.hooks.size > size;
}

/** `filter FORWARD` and `-j mine` → `filter mine`. */
function targetOf({ chain, action }: RuleStatement): string {
  return action.kind === "jump" ? chain.replace(/\S+$/, action.chain) : chain;
}

/** The names in a rule that the network does not have, and whether the rule can match all the same. */
function vainIn(
  rule: RuleStatement,
  file: string,
  here: Here,
): { strangers: readonly Stranger[]; isPossible: boolean } {
  const at = { file, line: rule.line };
  const links = [rule.inInterfaces, rule.outInterfaces].map((asked) => vainNames(asked, here));
  const blocks = [rule.sources, rule.destinations].map((asked) => vainBlocks(asked, here));
  const inside = links.flatMap((names, side) =>
    (names ?? []).map((name): Stranger => ({ kind: "interface", name, ...at, role: sideOf(rule, side === 0) })),
  );
  const addresses = blocks.flatMap((texts, side) =>
    (texts ?? []).map((name): Stranger => ({ kind: "address", name, ...at, role: addressRole(rule, side === 0) })),
  );
  const isPossible = [...links, ...blocks].every((names) => names === null) && !asksLoopback(rule);
  return { strangers: [...inside, ...addresses], isPossible };
}

/** The names that no node has; `null` if some node has one of them, or if anything else would match too. */
function vainNames(asked: NamedInterfaces | null, { interfaces }: Here): readonly string[] | null {
  if (asked === null || asked.isNegated) return null;
  if (asked.names.some((name) => interfaces.some((own) => nameMatches(name, own)))) return null;
  return asked.names.filter((name) => name !== "lo");
}

/** Whether a rule's name, which may end in `*`, is an interface's. */
export function nameMatches(name: string, own: string): boolean {
  return name.endsWith("*") ? own.startsWith(name.slice(0, -1)) : name === own;
}

function asksLoopback({ inInterfaces, outInterfaces }: RuleStatement): boolean {
  return [inInterfaces, outInterfaces].some(
    (asked) => asked?.isNegated === false && asked.names.every((name) => name === "lo"),
  );
}

function vainBlocks(asked: NamedAddresses | null, here: Here): readonly string[] | null {
  if (asked === null || asked.isNegated || asked.blocks.some((block) => isHere(block, here))) return null;
  return asked.blocks.map(({ text }) => text.replace(/\/32$/, ""));
}

function isHere(block: NamedBlock, { blocks }: Here): boolean {
  return blocks.some(
    ({ first, last }) =>
      first.family === block.first.family && first.value <= block.last.value && block.first.value <= last.value,
  );
}

function sideOf({ action }: RuleStatement, isIn: boolean): Stranger["role"] {
  if (action.kind === "masquerade" || action.kind === "leave-as") return isIn ? "inside" : "outside";
  return action.kind === "forward-to" && isIn ? "outside" : null;
}

function addressRole({ action }: RuleStatement, isSource: boolean): Stranger["role"] {
  if (action.kind === "forward-to" && !isSource) return "dialled";
  return isSource && (action.kind === "masquerade" || action.kind === "leave-as") ? "inside" : null;
}

/** Interfaces that a machine makes for itself: containers, virtual machines, tunnels. Rules for them are seldom FTP's way. */
const ownMade =
  /^(lo|docker\d*|br-[0-9a-f]{12}|virbr\d*|veth.*|cni.*|flannel.*|cali.*|lx[cd].*|vnet\d*|tun\d*|tap\d*|wg\d*|tailscale\d*|ifb.*)\*?$/;

function isOwnMade({ kind, name }: Stranger): boolean {
  return kind === "interface" && ownMade.test(name);
}

/** Ports that rules name for FTP's sake. */
function namesFtp({ ports, isTcp, action }: RuleStatement, { ftpPorts }: Here): boolean {
  if (!isTcp) return false;
  return action.kind === "helper" || ports?.some((one) => ftpPorts.some((own) => overlap(one, own))) === true;
}

function overlap(one: PortRange, other: PortRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Whether another rule that can match does the same with some of the same ports. */
function hasTwin({ rule, hooks }: Judged, judged: readonly Judged[], here: Here): boolean {
  return judged.some(
    (other) =>
      other.isAlive &&
      other.rule.action.kind === rule.action.kind &&
      namesFtp(other.rule, here) &&
      [...other.hooks].some((hook) => hooks.has(hook)) &&
      (rule.ports === null ||
        other.rule.ports === null ||
        rule.ports.some((one) => other.rule.ports?.some((own) => overlap(one, own)))),
  );
}

/** Rules that let FTP through, forward it or read it, and that can match nothing here. */
function deadForFtp(judged: readonly Judged[], here: Here): readonly Stranger[] {
  return judged.flatMap((one) => {
    const { kind } = one.rule.action;
    const decides = kind === "accept" || kind === "forward-to" || kind === "helper" || kind === "jump";
    if (one.isAlive || !decides || !namesFtp(one.rule, here)) return [];
    return hasTwin(one, judged, here) ? [] : one.strangers;
  });
}

/** Addresses to which FTP connections are forwarded and that no node has. */
function deadTargets(judged: readonly Judged[], here: Here): readonly Stranger[] {
  const forwards = judged.flatMap((one) => {
    const { action, ports, isTcp, line } = one.rule;
    if (action.kind !== "forward-to" || !isTcp || !(ports === null || namesFtp(one.rule, here))) return [];
    return action.blocks.map((block) => ({ block, ports, line, file: one.file, isHere: isHere(block, here) }));
  });
  return forwards.flatMap(({ block, ports, line, file, isHere: isKnown }): Stranger[] => {
    const isElsewhere = forwards.some(
      (other) =>
        other.isHere &&
        (ports === null || other.ports === null || ports.some((one) => other.ports?.some((own) => overlap(one, own)))),
    );
    if (isKnown || isElsewhere) return [];
    return [{ kind: "address", name: block.text, file, line, role: "server" }];
  });
}

/** Sources that would be hidden at home, and are not here. */
function deadSourceNat(judged: readonly Judged[], { isRouter }: Here): readonly Stranger[] {
  const sources = judged.filter(
    ({ rule: { action, isTcp, ports } }) =>
      isTcp && ports === null && (action.kind === "masquerade" || action.kind === "leave-as"),
  );
  if (!isRouter || sources.some(({ isAlive }) => isAlive)) return [];
  // Rules of a machine for its own containers do not affect FTP.
  return sources
    .filter(({ rule, strangers }) => !isForContainers(rule) && !strangers.some(isOwnMade))
    .flatMap(({ strangers }) => strangers);
}

function isForContainers({ inInterfaces, outInterfaces }: RuleStatement): boolean {
  return [inInterfaces, outInterfaces].some((asked) =>
    asked?.names.some((name) => ownMade.test(name) && name !== "lo"),
  );
}

/** Interfaces of the file that no node has, while no rule names the node's own interfaces: they are likely the same. */
function unnamedInterfaces(judged: readonly Judged[], here: Here): readonly Stranger[] {
  const named = judged.flatMap(({ rule }) =>
    [rule.inInterfaces, rule.outInterfaces].flatMap((asked) => asked?.names ?? []),
  );
  const unnamed = here.interfaces.filter((own) => !named.some((name) => nameMatches(name, own)));
  if (unnamed.length === 0) return [];
  return judged.flatMap(({ rule, strangers, isAlive }) => {
    const { kind } = rule.action;
    const concerns = rule.isTcp && (rule.ports === null || namesFtp(rule, here)) && kind !== "other";
    if (isAlive || !concerns) return [];
    return strangers.filter((stranger) => stranger.kind === "interface" && !isOwnMade(stranger));
  });
}

/** Each once, with what is known of its role and the first line. */
function distinct(strangers: readonly Stranger[]): readonly Stranger[] {
  const found = new Map<string, Stranger>();
  for (const stranger of strangers) {
    const key = `${stranger.file} ${stranger.name}`;
    const before = found.get(key);
    const role = before?.role ?? stranger.role;
    found.set(key, { ...stranger, line: Math.min(stranger.line, before?.line ?? stranger.line), role });
  }
  return [...found.values()].sort((one, other) => (one.file === other.file ? one.line - other.line : 0));
}
