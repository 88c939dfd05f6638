import type { RouterEvidence, TracedPacket } from "../../model/evidence";
import type { PortRange } from "../../model/topology";
import { decisionOf, leftBy } from "../../evidence/text/router-trace";
import type { HelperAttachment } from "../../evidence/text/rule-match";
import { coversPorts, rulesOf, type RouterRules } from "../../evidence/text/rules";
import { isSameFlow } from "../../evidence/timeline/flow";
import type { RouterView, SynFate, Translation } from "../observations";
import { validAddress, validLink } from "../../ftp/endpoint";

const anyPort: readonly PortRange[] = [{ first: 0, last: 65535 }];

/** What is looked for in a router's evidence. */
export type Sought = {
  /** Destination port of the control connection, as it comes to the router. */
  readonly controlPort: number;
  /** Ports that the data connection may have gone to. */
  readonly dataPorts: ReadonlySet<number>;
  /** The router's trace is not complete: what it does not show may have been there. */
  readonly isCut: boolean;
  /** Whether the router's captures show a SYN to one of those ports. */
  readonly isCaptured: boolean;
};

/**
 * The control connection's destination port as it comes to a router. One before it may have changed that (DNAT), which conntrack shows as
 * the source port of the answers.
 */
export function controlPortAt(routers: readonly RouterEvidence[], dialled: number): (router: RouterEvidence) => number {
  const connections = routers.flatMap((router) => router.connections);
  const ports = new Set([dialled]);
  for (let known = 0; known < ports.size;) {
    known = ports.size;
    for (const { original, reply } of connections) {
      if (ports.has(original.destinationPort)) ports.add(reply.sourcePort);
    }
  }
  return (router) =>
    [...ports].find((port) => router.connections.some(({ original }) => original.destinationPort === port)) ?? dialled;
}

/** Reads one router's evidence for one session. */
export function viewRouter(evidence: RouterEvidence, sought: Sought): RouterView {
  const rules = rulesOf(evidence);
  const control = controlOf(evidence, sought.controlPort);
  const arrival = evidence.packets.find(({ arrived }) => arrived.destinationPort === sought.controlPort);
  const inLink = arrival?.inLink ?? null;
  const helpers = rules === null ? null : ftpHelpers(rules).filter((helper) => comesBy(helper, inLink));
  return {
    id: evidence.router,
    rules,
    control,
    controlPort: sought.controlPort,
    inLink: validLink(arrival?.inLink ?? null),
    outLink: validLink(arrival === undefined ? null : leftBy(arrival)),
    untracking: [...untrackingIn(evidence.rules), ...untrackingMet(evidence, sought.controlPort)],
    helperPorts: portsOf(helpers ?? []),
    attached: attachedOn(evidence, sought.controlPort, helpers),
    answered: control === null ? null : wasAnswered(evidence, sought.controlPort),
    forgetsAfterS: forgetsAfter(evidence, sought.controlPort),
    translatesClient: control !== null && control.original.source !== control.reply.destination,
    translatesServer: control !== null && control.original.destination !== control.reply.source,
    expectations: evidence.expectations.filter(({ kind, port }) => kind === "new" && sought.dataPorts.has(port)),
    syn: fateOf(evidence.packets, sought),
    dropped: evidence.dropped,
  };
}

function untrackingIn(rules: string): readonly string[] {
  const lines = rules.split("\n").map((line) => line.replace(/^\[\d+:\d+\] /, "").trim());
  return lines.filter((line) => line.length < 1000 && /^-A .*-j (NOTRACK|CT --notrack)\b/.test(line));
}

/** Those that the control connection's SYN met, in the words of its trace. */
function untrackingMet({ packets }: RouterEvidence, port: number): readonly string[] {
  return packets
    .filter(({ arrived }) => arrived.destinationPort === port)
    .flatMap(({ steps }) => steps.flatMap(({ rule }) => (rule !== null && /\bnotrack\b/i.test(rule) ? [rule] : [])));
}

/** The control connection's two directions, where its addresses are addresses. */
function controlOf(evidence: RouterEvidence, port: number): Translation | null {
  const found = evidence.connections.find(({ original }) => original.destinationPort === port);
  if (found === undefined) return null;
  const { original, reply } = found;
  const addresses = [original.source, original.destination, reply.source, reply.destination].map(validAddress);
  const [source, destination, replySource, replyDestination] = addresses;
  if (!source || !destination || !replySource || !replyDestination) return null;
  return {
    original: { ...original, source, destination },
    reply: { ...reply, source: replySource, destination: replyDestination },
  };
}

/** conntrack marks a connection once a packet of the other direction came by (its absence is `[UNREPLIED]`). */
function wasAnswered({ connections }: RouterEvidence, port: number): boolean {
  return connections.some(({ original, replied }) => original.destinationPort === port && replied);
}

function forgetsAfter({ connections }: RouterEvidence, port: number): number | null {
  const established = connections.findLast(
    ({ original, state }) => original.destinationPort === port && state === "ESTABLISHED",
  );
  return established?.timeoutS ?? null;
}

/** conntrack names the helper of each connection; the rules say the same where its events are missing. */
function attachedOn(
  { connections }: RouterEvidence,
  port: number,
  helpers: readonly HelperAttachment[] | null,
): boolean | null {
  const control = connections.filter(({ original }) => original.destinationPort === port);
  if (control.some(({ helper }) => helper?.startsWith("ftp") === true)) return true;
  if (helpers === null) return null;
  const wanted = { first: port, last: port };
  if (coversPorts(portsOf(helpers.filter(({ conditional }) => !conditional)), wanted)) return true;
  // A rule that asks for more than can be read here may or may not have attached it.
  return coversPorts(portsOf(helpers), wanted) ? null : false;
}

/** Whether a rule may meet what comes in by a link; names end with `+` or `*` where any rest will do. */
function comesBy({ inLink: asked }: HelperAttachment, inLink: string | null): boolean {
  if (asked === null || inLink === null) return true;
  return /[+*]$/.test(asked) ? inLink.startsWith(asked.slice(0, -1)) : inLink === asked;
}

/** What attaches the FTP helper to connections that pass through. */
function ftpHelpers({ helpers }: RouterRules): readonly HelperAttachment[] {
  const passes = ({ chain }: HelperAttachment): boolean => chain === "PREROUTING" || chain === "FORWARD";
  return helpers.filter((helper) => passes(helper) && helper.attaches.startsWith("ftp"));
}

function portsOf(helpers: readonly HelperAttachment[]): readonly PortRange[] {
  return helpers.flatMap(({ ports }) => ports ?? anyPort);
}

function fateOf(packets: readonly TracedPacket[], { controlPort, dataPorts, isCut, isCaptured }: Sought): SynFate {
  // The control connection's own SYN shows that the trace was on.
  if (packets.length === 0) return { kind: "unrecorded" };
  const last = packets.findLast(
    ({ arrived }) => dataPorts.has(arrived.destinationPort) && arrived.destinationPort !== controlPort,
  );
  // A SYN that is sent again may end differently, since the first one has used up the expectation.
  const packet = packets.find(({ arrived }) => last !== undefined && isSameFlow(arrived, last.arrived));
  if (packet === undefined) return { kind: isCut || isCaptured ? "unrecorded" : "unseen" };
  const step = decisionOf(packet);
  if (step === null) return isCut ? { kind: "unrecorded" } : { kind: "lost", packet };
  const rejects = step.verdict === "REJECT" || /-j REJECT\b/.test(step.rule ?? "");
  if (rejects || step.verdict === "DROP") return { kind: "blocked", packet, step, silent: !rejects };
  return { kind: step.chain === "INPUT" ? "own" : "passed", packet, step };
}

/** Whether a router attaches the helper at all. */
export function hasHelper(router: RouterView): boolean {
  return router.helperPorts.length > 0 || router.attached === true;
}
