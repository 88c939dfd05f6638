/** The decisive lines of a cell: what each witness saw of the data connection that the session asked for. */
import { isPassive, stages, traitsOf, type Stage } from "../../model/axes";
import type { CellEvidence, RouterEvidence, TraceStep } from "../../model/evidence";
import type { Proof } from "../../model/diagnosis";
import { isMissing } from "../../model/gaps";
import { decidingStep, endpoint, expectedFlow, flowText, isPassing, ruleWords } from "./flow-text";

/**
 * The diagnosis's own proofs, then what else each witness saw of the data connection where no proof tells it already: the
 * data command or its reply at both ends, the SYN and the rule that met it, the expectation, the client's error. Foreign
 * text is not escaped.
 */
export function decisiveLines(evidence: CellEvidence, proofs: readonly Proof[]): readonly Proof[] {
  const arranged = arrangement(evidence);
  const told = (words: RegExp, witness?: string): boolean =>
    proofs.some((proof) => (witness === undefined || proof.witness === witness) && words.test(proof.text));
  const ends = (arranged?.lines ?? []).filter(({ witness }) => !told(/\b(227|229|PASV|EPSV|PORT|EPRT)\b/, witness));
  // Once the data connection stands, what routers thought of it explains nothing.
  const stood = evidence.attempt.stage !== null && !beforeData.has(evidence.attempt.stage);
  const routers = (stood ? [] : evidence.routers).flatMap((router) => [
    ...(told(/\bSYN\b/, router.router) ? [] : packetLines(router, arranged?.ports ?? [])),
    ...(told(/expect/i, router.router) ? [] : expectationLines(router, evidence, arranged?.ports ?? [])),
  ]);
  const { message } = evidence.attempt;
  const isTold = message === null || proofs.some(({ text }) => text.includes(message.slice(0, 40)));
  return [...proofs, ...ends, ...routers, ...(isTold ? [] : [{ witness: "client", text: `error: ${message}` }])];
}

/** The stages that a session can fail at before its data connection stands. */
const beforeData: ReadonlySet<Stage> = new Set(stages.slice(0, stages.indexOf("data-tls")));

/** What client and server said to each other about the data connection. */
type Arrangement = {
  readonly lines: readonly Proof[];
  /** Ports named by either end: a router between may have changed one. */
  readonly ports: readonly number[];
};

/** The last PASV, EPSV, PORT or EPRT of the session as either end saw it; `null` when it came to none. */
function arrangement({ cell, attempt, server }: CellEvidence): Arrangement | null {
  const passive = isPassive(cell.data);
  const client = attempt.transcript.findLast(({ direction, text }) =>
    passive ? direction === "<" && /^(227|229) /.test(text) : direction === ">" && /^(PORT|EPRT) /i.test(text),
  )?.text;
  const exchange = server?.exchanges.findLast(({ command }) => /^(PASV|EPSV|PORT|EPRT)\b/i.test(command));
  const theirs = passive ? exchange && replyOf(exchange) : exchange?.command;
  if (client === undefined) {
    return theirs === undefined || passive
      ? null
      : { lines: [{ witness: "server", text: `received ${theirs}` }], ports: portsIn(theirs) };
  }
  const clientVerb = passive ? "read" : "sent";
  const ports = [...new Set([...portsIn(client), ...portsIn(theirs ?? "")])];
  if (theirs === undefined) return { lines: [{ witness: "client", text: `${clientVerb} ${client}` }], ports };
  const same = theirs.trim() === client.trim();
  const serverVerb = passive ? "sent" : "received";
  const { tls, ccc } = traitsOf(cell.mode);
  const line = /^[A-Za-z]+|^\d{3}/.exec(client)?.[0] ?? "line";
  const alike = `the ${line} as the client ${clientVerb} it`;
  const unchanged =
    tls !== "none" && ccc === "none"
      ? `${alike}, encrypted: no router could read or change it`
      : `${alike}: no router changed it`;
  const serverText = `${serverVerb} ${same ? unchanged : theirs}`;
  const lines = [
    { witness: "client", text: `${clientVerb} ${client}` },
    { witness: "server", text: serverText },
  ];
  return { lines, ports };
}

/** The log may have the code in the reply's text as well. */
function replyOf({ replyCode, reply }: { readonly replyCode: number | null; readonly reply: string }): string {
  return replyCode === null || reply.startsWith(String(replyCode)) ? reply : `${replyCode} ${reply}`;
}

/** The port in a 227, 229, PORT or EPRT line. */
function portsIn(line: string): readonly number[] {
  const [, high, low] = /\d+,\d+,\d+,\d+,(\d{1,3}),(\d{1,3})/.exec(line) ?? [];
  if (high !== undefined && low !== undefined) return [Number(high) * 256 + Number(low)];
  const [, port] = /\|(\d{1,5})\|/.exec(line) ?? [];
  return port === undefined ? [] : [Number(port)];
}

/** The data connection's SYN and what decided about it. */
function packetLines(router: RouterEvidence, ports: readonly number[]): readonly Proof[] {
  const packets = router.packets.filter(({ arrived }) => ports.includes(arrived.destinationPort));
  const last = packets.at(-1);
  if (last === undefined) {
    const blind = ports.length === 0 || router.packets.length === 0;
    return blind ? [] : [{ witness: router.router, text: "saw no SYN of a data connection" }];
  }
  const step = decidingStep(last);
  const times = packets.length === 1 ? [] : [`${packets.length} times`];
  const from = last.inLink === null ? [] : [`from ${last.inLink}`];
  const notes = [...times, ...from].join(", ");
  const decided = step === null ? "no filter decided about it" : stepText(step);
  const text = `${step === null ? "saw" : fateOf(step)} SYN ${flowText(last.arrived)}: ${decided}`;
  return [{ witness: router.router, text: notes === "" ? text : `${text} (${notes})` }];
}

function fateOf(step: TraceStep): string {
  if (isPassing(step)) return "accepted";
  return /reject/i.test(`${step.verdict} ${step.rule ?? ""}`) ? "rejected" : "dropped";
}

/** `filter INPUT, policy DROP`, `filter -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT`. */
function stepText({ table, chain, rule, verdict }: TraceStep): string {
  return rule === null ? `${table} ${chain}, policy ${verdict}` : `${table} ${ruleWords(rule)}`;
}

/** The expectation that the helper made, or that it made none; nothing where that could not be seen. */
function expectationLines(
  { router, expectations, connections }: RouterEvidence,
  { missing }: CellEvidence,
  ports: readonly number[],
): readonly Proof[] {
  const made = expectations.filter(({ kind }) => kind === "new");
  const expected = made.findLast(({ port }) => ports.includes(port)) ?? made.at(-1);
  if (expected !== undefined) return [{ witness: router, text: `expectation ${expectedFlow(expected)}` }];
  const control = connections.find(({ kind }) => kind === "new");
  if (ports.length === 0 || control === undefined || isMissing(missing, "router-events", router)) return [];
  const place = endpoint(control.original.destination, control.original.destinationPort);
  const text =
    control.helper === null
      ? `no expectation: no helper is attached to the connection to ${place}`
      : `no expectation: helper ${control.helper} read no port on the connection to ${place}`;
  return [{ witness: router, text }];
}
