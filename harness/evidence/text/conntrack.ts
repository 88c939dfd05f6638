import type { ConnectionEvent, ExpectationEvent, FlowTuple } from "../../model/evidence";
import { linesOf, readAddress, readPair, readPort } from "./lines";

/** What both kinds of lines begin with. */
type EventLine = { readonly at: number; readonly kind: ConnectionEvent["kind"]; readonly words: readonly string[] };

const kinds: ReadonlyMap<string, ConnectionEvent["kind"]> = new Map([
  ["[NEW]", "new"],
  ["[UPDATE]", "update"],
  ["[DESTROY]", "destroy"],
]);

/**
 * Seconds and microseconds. Of expectations conntrack prints the latter without leading zeros and fills up with blanks: 27,637 µs
 * are `[1795353361.27637 ]`.
 */
const timeStamp = /^\s*\[(\d{1,12})(?:\.(\d{1,6}) *)?\]\s/;

/** Reads TCP events of `conntrack -E -o timestamp`, with or without `extended` and `id`; other lines are passed over. */
export function parseConnections(text: string): readonly ConnectionEvent[] {
  return [...eventLines(text)].flatMap((event) => readConnection(event) ?? []);
}

/** Reads TCP events of `conntrack -E expect -o timestamp`; other lines are passed over. */
export function parseExpectations(text: string): readonly ExpectationEvent[] {
  return [...eventLines(text)].flatMap((event) => readExpectation(event) ?? []);
}

function* eventLines(text: string): Generator<EventLine> {
  for (const line of linesOf(text)) {
    const [stamp, seconds, micros = ""] = timeStamp.exec(line) ?? [];
    if (stamp === undefined || seconds === undefined) continue;
    const [kindWord = "", ...words] = line.slice(stamp.length).trim().split(/\s+/);
    const kind = kinds.get(kindWord);
    if (kind !== undefined) yield { at: Number(`${seconds}.${micros.padStart(6, "0")}`), kind, words };
  }
}

function readConnection({ at, kind, words }: EventLine): ConnectionEvent | null {
  const start = words.findIndex((word) => word.startsWith("src="));
  const head = words.slice(0, Math.max(start, 0));
  if (!head.includes("tcp")) return null;
  const tuples: Map<string, string>[] = [];
  let helper: string | null = null;
  for (const word of words) {
    const [key, value] = readPair(word) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === "src") tuples.push(new Map());
    if (key === "helper") helper = value;
    tuples.at(-1)?.set(key, value);
  }
  const [original, reply] = tuples.map((tuple) => readTuple(tuple));
  if (original === undefined || original === null || reply === undefined || reply === null) return null;
  const state = head.findLast((word) => /^[A-Z][A-Z0-9_]*$/.test(word)) ?? null;
  const timeout = head.at(-2);
  return {
    kind,
    at,
    state: kind === "destroy" ? null : state,
    original,
    reply,
    replied: !words.includes("[UNREPLIED]"),
    helper,
    ...(kind !== "destroy" && timeout !== undefined && /^\d{1,9}$/.test(timeout) ? { timeoutS: Number(timeout) } : {}),
  };
}

function readExpectation({ at, kind, words }: EventLine): ExpectationEvent | null {
  if (kind === "update" || !words.includes("proto=6")) return null;
  const expectedFields = new Map<string, string>();
  const masterFields = new Map<string, string>();
  let fields = expectedFields;
  let helper: string | null = null;
  for (const word of words) {
    const [key, value] = readPair(word) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === "helper") helper = value;
    if (key.startsWith("master-")) fields = masterFields;
    // Ports follow their addresses under the same words each time; the mask's come second and are not wanted.
    const name = key.replace(/^master-/, "");
    if (!fields.has(name)) fields.set(name, value);
  }
  const expected = readTuple(expectedFields);
  const master = readTuple(masterFields);
  if (expected === null || master === null) return null;
  const { source, destination, destinationPort: port } = expected;
  return { kind, at, source, destination, port, master, helper };
}

function readTuple(fields: ReadonlyMap<string, string>): FlowTuple | null {
  const source = readAddress(fields.get("src"));
  const destination = readAddress(fields.get("dst"));
  const sourcePort = readPort(fields.get("sport"));
  const destinationPort = readPort(fields.get("dport"));
  if (source === null || destination === null || sourcePort === null || destinationPort === null) return null;
  return { source, destination, sourcePort, destinationPort };
}
