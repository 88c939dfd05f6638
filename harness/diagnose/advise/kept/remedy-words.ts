/** A diagnosis's remedies in the words of the tool that writes a machine's rules, as `advise` has its own. */
import { serverOf } from "../../../model/network";
import type { Diagnosis, PrintedRemedy } from "../../../model/diagnosis";
import type { Topology, TopologyNode } from "../../../model/topology";
import { onServerHost } from "../../remedies/places";
import { keptBy } from "./kept";
import { machineIn } from "./machine";

type RuledNode = Exclude<TopologyNode, { readonly kind: "translator" }>;

/** The diagnosis of a session in this network, its remedies in the words of tools, where machines' rules are those of one. */
export function inToolsWords(diagnosis: Diagnosis, topology: Topology): Diagnosis {
  return {
    ...diagnosis,
    findings: diagnosis.findings.map((finding) => ({
      ...finding,
      remedies: finding.remedies.map((remedy) => ({ ...remedy, lines: wordsOf(remedy, topology) })),
    })),
  };
}

function wordsOf(remedy: PrintedRemedy, topology: Topology): readonly string[] {
  const groups: { readonly head: string | null; readonly lines: string[] }[] = [{ head: null, lines: [] }];
  for (const line of remedy.lines) {
    if (/^# (?:on|in) /.test(line)) groups.push({ head: line, lines: [] });
    else groups.at(-1)?.lines.push(line);
  }
  return groups.flatMap(({ head, lines }) => {
    const node = nodeOf(head, remedy, topology);
    const told = node === null ? lines : keptLines(lines, node, topology);
    return head === null ? told : [head, ...told];
  });
}

/** The machine that lines are pasted on; `null` if they are no lines of rules, or nothing names one. */
function nodeOf(head: string | null, { party }: PrintedRemedy, topology: Topology): RuledNode | null {
  const place = head?.slice(2) ?? null;
  const isServer = place === onServerHost || (place === null && party === "server admin");
  const server = serverOf(topology);
  if (isServer) return server;
  const ruled = topology.nodes.filter((node) => node.kind !== "translator");
  if (place !== null) return ruled.find(({ id }) => place === `on ${id}`) ?? null;
  const routers = ruled.filter(({ kind }) => kind === "router");
  const own = routers.filter(({ userRules }) => userRules !== undefined);
  const [only, other] = own.length > 0 ? own : routers;
  return party === "network admin" && other === undefined ? (only ?? null) : null;
}

function keptLines(lines: readonly string[], node: RuledNode, topology: Topology): readonly string[] {
  const rules = lines.filter((line) => /^(?:ip6?tables|nft|modprobe) /.test(line));
  const kept = rules.length === 0 ? null : keptBy(rules, machineIn([topology], node));
  if (kept === null) return lines;
  const { by, lines: own, rest, place, onlyInLab } = kept;
  const left = rest.length === 0 ? [] : [`# its syntax cannot express these; put them ${place}:`, ...rest];
  if (own.length === 0)
    return [...lines, `# these last until ${by} rewrites its rules; to keep them, put them ${place}`];
  return onlyInLab
    ? [`# in the syntax of ${by}, which lets nobody else change its rules:`, ...own, ...left]
    : [...lines, `# these last until ${by} rewrites its rules; in its own syntax, to keep them:`, ...own, ...left];
}
