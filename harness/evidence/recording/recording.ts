import { visible } from "../../text/escape";
import { expectedFlow, flowText, ruleWords } from "../timeline/flow-text";
import { timelineText } from "../timeline/timeline-text";
import type { Attempt } from "../../model/cell";
import type {
  CellEvidence,
  ConnectionEvent,
  ExpectationEvent,
  FlowTuple,
  HostEvidence,
  RouterEvidence,
  ServerEvidence,
  TracedPacket,
} from "../../model/evidence";
import { isSameFlow } from "../timeline/flow";
import { timelineOf } from "../timeline/timeline";
import { renderTranscript } from "./transcript-text";

/** A file of a recording; `path` is its name in the cell's folder. */
export type RecordedFile = { readonly path: string; readonly text: string };

/** Longer lines are cut in the texts for people; `evidence.json` has the whole. */
const longestLine = 2000;

/** The files of a cell's recording: `evidence.json`, which can be read back, and for people a text for each witness. */
export function renderRecording(evidence: CellEvidence): RecordedFile[] {
  return [
    { path: "evidence.json", text: evidenceJson(evidence) },
    { path: "timeline.txt", text: timelineText(timelineOf(evidence), { unicode: true, columns: 120 }) },
    { path: "client.txt", text: renderTranscript(shownAttempt(evidence.attempt)) },
    ...(evidence.server === null ? [] : [{ path: "server.txt", text: serverText(evidence.server) }]),
    ...evidence.routers.map((router) => ({ path: `router-${fileName(router.router)}.txt`, text: routerText(router) })),
    ...(evidence.hosts ?? []).map((host) => ({ path: `host-${fileName(host.host)}.txt`, text: hostText(host) })),
  ];
}

function fileName(id: string): string {
  return id.replace(/[^\w.-]/g, "_");
}

/** A part a line: small, and what is cut short or compared by line keeps whole parts. */
function evidenceJson(evidence: CellEvidence): string {
  const { schemaVersion, cell, attempt, server, routers, hosts, facts, missing } = evidence;
  // Their packets lie in files beside this one, named after node and link.
  const captures = evidence.captures.map(({ node, link, interface: own, cut }) => {
    return { node, link, ...(own === undefined ? {} : { interface: own }), cut };
  });
  const all = { schemaVersion, cell, attempt, server, routers, hosts, facts, captures, missing };
  const parts = Object.entries(all).filter(([, value]) => value !== undefined);
  return `{\n${parts.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(",\n")}\n}\n`;
}

function shown(text: string): string {
  return visible(text, longestLine);
}

/** What the server or the network says is foreign: it must not control the reader's terminal. */
function shownAttempt(attempt: Attempt): Attempt {
  return {
    ...attempt,
    message: attempt.message === null ? null : shown(attempt.message),
    transcript: attempt.transcript.map((line) => ({ ...line, text: shown(line.text) })),
  };
}

function serverText({ peer, exchanges, tlsLog, systemLog, transferLog, configuration }: ServerEvidence): string {
  const dialogue = exchanges.flatMap(({ at, command, replyCode, reply }) => [
    `${clockTime(at)} > ${shown(command)}`,
    `${clockTime(at)} < ${shown(replyText(replyCode, reply))}`,
  ]);
  return sections([
    [`control dialogue with ${shown(peer)}`, dialogue],
    ["TLS log", tlsLog.map(shown)],
    ["system log", systemLog.map(shown)],
    ["transfer log", transferLog.map(shown)],
    ["configuration", linesOf(configuration)],
  ]);
}

/** The log may have the code in the reply's text as well. */
function replyText(code: number | null, reply: string): string {
  return code === null || reply.startsWith(String(code)) ? reply : `${code} ${reply}`;
}

function routerText({ packets, dropped, connections, expectations, rules }: RouterEvidence): string {
  return sections([
    ["SYNs and the rules that they met", packets.flatMap(packetLines)],
    ["other packets that went no further", dropped.flatMap(packetLines)],
    ["connections", connections.map(connectionLine)],
    ["expectations", expectations.map(expectationLine)],
    ["rules", linesOf(rules)],
  ]);
}

function hostText({ packets, dropped, rules }: HostEvidence): string {
  return sections([
    ["SYNs and the rules that they met", packets.flatMap(packetLines)],
    ["other packets that went no further", dropped.flatMap(packetLines)],
    ["rules", linesOf(rules)],
  ]);
}

/** A packet, then each rule or policy that it met, and where its addresses or its way changed. */
function packetLines({ arrived, inLink, flags, steps, end }: TracedPacket): string[] {
  let now = arrived;
  let out: string | null = null;
  const lines = steps.flatMap(({ table, chain, rule, verdict, packet, outLink }) => {
    const changes = [
      ...(isSameFlow(packet, now) ? [] : [flow(packet)]),
      ...(outLink === out ? [] : [`to ${link(outLink)}`]),
    ];
    now = packet;
    out = outLink;
    const met = rule === null ? "(policy)" : shown(ruleWords(rule));
    const place = `${shown(table)}:${shown(chain)}`;
    return [
      ...(changes.length === 0 ? [] : [`  now ${changes.join(", ")}`]),
      `  ${place.padEnd(20)} ${shown(verdict).padEnd(8)} ${met}`,
    ];
  });
  const ended = end === undefined ? [] : [`  ended: ${end}`];
  return [`${shown(flags)} ${flow(arrived)} from ${link(inLink)}`, ...lines, ...ended, ""];
}

function connectionLine({ kind, at, state, original, reply, replied, helper }: ConnectionEvent): string {
  const words = [
    clockTime(at),
    kind.padEnd(7),
    shown(state ?? "-").padEnd(11),
    flow(original),
    `(answers ${flow(reply)})`,
    ...(replied ? [] : ["unreplied"]),
    ...(helper === null ? [] : [`helper ${shown(helper)}`]),
  ];
  return words.join(" ");
}

function expectationLine(event: ExpectationEvent): string {
  const { kind, at, master, helper } = event;
  const owner = helper === null ? "" : ` helper ${shown(helper)}`;
  return `${clockTime(at)} ${kind.padEnd(7)} ${shown(expectedFlow(event, "->"))} for ${flow(master)}${owner}`;
}

function flow(tuple: FlowTuple): string {
  return shown(flowText(tuple, "->"));
}

function link(id: string | null): string {
  return id === null ? "the node itself" : shown(id);
}

/** Time of day in UTC with microseconds, which conntrack tells and which order two witnesses. */
function clockTime(at: number): string {
  const micros = Math.round(at * 1e6);
  const time = new Date(Math.floor(micros / 1e6) * 1000);
  if (!Number.isFinite(time.getTime())) return String(at);
  return `${time.toISOString().slice(11, 19)}.${String(Math.abs(micros % 1e6)).padStart(6, "0")}`;
}

function linesOf(text: string): string[] {
  return text.trimEnd().split("\n").map(shown);
}

function sections(parts: readonly (readonly [title: string, lines: readonly string[]])[]): string {
  const texts = parts.map(([title, lines]) => {
    const body = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
    return [`# ${title}`, "", ...(body.length === 0 ? ["(none)"] : body), ""].join("\n");
  });
  return texts.join("\n");
}
