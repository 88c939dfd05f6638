/** Text of an `evidence.json` → what of it can be used, and what cannot and why. */
import type { z } from "zod";
import type { Attempt } from "../../model/cell";
import type {
  CellEvidence,
  Gap,
  HostEvidence,
  RouterEvidence,
  ServerEvidence,
  TracedPacket,
} from "../../model/evidence";
import { visible } from "../../text/escape";
import { gapText } from "../gap-text";
import { gapsOfSentence } from "./gap-sentences";
import {
  attemptSchemas,
  captureSchema,
  cellSchema,
  connectionSchema,
  exchangeSchema,
  expectationSchema,
  factsSchema,
  gapSchema,
  hostSchema,
  lineSchema,
  packetSchema,
  routerSchema,
  serverSchema,
  stageSchema,
  transcriptSchema,
  transferSchema,
  verdictSchema,
} from "./recording-schema";
import { readJson } from "./tolerant-json";
import { withUnheardRouter } from "./unheard-router";

/** What could be read of a recording. `evidence.missing` has a gap for each problem, so that a verdict can be weighed. */
export type Recording = {
  /** `null` when not even the cell and what its session came to can be told. */
  readonly evidence: CellEvidence | null;
  /** One sentence each, without the file's name. */
  readonly problems: readonly string[];
};

/** The version that this program writes; any `1.x` is read. */
const schemaVersion = "1.3";
const mostEntries = 10_000;
const longestText = 65_536;
/** Deeper than any part of a recording. */
const deepest = 16;
/** A file of nothing but damage must not bury what else is said. */
const toldProblems = 20;

/** Reads a recording; never throws. */
export function parseRecording(text: string): Recording {
  const salvage = new Salvage();
  const json = readJson(text.replace(/^\ufeff/, ""));
  if (json.problem !== null) salvage.note(theFile, json.problem);
  const note = (path: string, what: string): void => {
    salvage.note(partAt(path), what);
  };
  const root = fieldsOf(shorten(json.value, "", note));
  if (root === null) {
    if (json.problem === null) salvage.note(theFile, "it is no recording, which is a mapping");
    return unusable(salvage);
  }
  const version = root["schemaVersion"];
  if (typeof version !== "string") {
    salvage.note(whole("schemaVersion"), "there is none; the file is read as version 1.0");
  } else if (version.split(".")[0] !== "1") {
    salvage.note(whole("schemaVersion"), `it is ${visible(version, 40)}, and this program reads 1.x`);
    return unusable(salvage);
  }
  const cell = salvage.part(cellSchema, root["cell"], whole("cell"), null);
  const attempt = readAttempt(root["attempt"], salvage);
  const server = readServer(root["server"], salvage);
  const routers = readRouters(root["routers"], salvage);
  // Up to version 1.2, recordings know no hosts and no facts.
  const hosts = "hosts" in root ? readHosts(root["hosts"], salvage) : [];
  const facts = "facts" in root ? salvage.list(factsSchema, root["facts"], partAt("facts")) : [];
  // Recordings of version 1.0 know no captures.
  const captures = "captures" in root ? salvage.list(captureSchema, root["captures"], partAt("captures")) : [];
  const ids = routers.map(({ router }) => router);
  const missing = hasSentences(version)
    ? salvage.list(lineSchema, root["missing"], whole("missing")).flatMap((line) => gapsOfSentence(line, ids))
    : salvage.list(gapSchema, root["missing"], whole("missing"));
  const told = salvage.told();
  const problems = told.map(gapText);
  if (cell === null || attempt === null) return { evidence: null, problems };
  const evidence = {
    schemaVersion,
    cell,
    attempt,
    server,
    routers,
    ...(hosts.length === 0 ? {} : { hosts }),
    ...(facts.length === 0 ? {} : { facts }),
    captures,
    missing: [...missing, ...told],
  } as const;
  return { evidence: hasSentences(version) ? withUnheardRouter(evidence) : evidence, problems };
}

function unusable(salvage: Salvage): Recording {
  return { evidence: null, problems: salvage.told().map(gapText) };
}

/** Up to version 1.1, `missing` was a list of sentences, and nothing was said of what lies past a router that was not heard. */
function hasSentences(version: unknown): boolean {
  const [, minor] = /^1\.(\d+)/.exec(typeof version === "string" ? version : "1.0") ?? [];
  return Number(minor ?? 0) < 2;
}

/** A part of a recording: its place in the file, and whose word is missing where it cannot be used. */
type Part = Pick<Gap, "collector" | "node"> & { readonly path: string };

/** A part that may hold anything. */
function whole(path: string): Part {
  return { collector: "recording", node: null, path };
}

const theFile = whole("the file");

/** `server.tlsLog`, `routers[0].packets`. */
function partAt(path: string): Part {
  const [key] = path.split(/[.[]/, 1);
  switch (key) {
    case "attempt":
      return { collector: "client", node: null, path };
    case "server":
      return { collector: "server-log", node: null, path };
    case "routers":
      return { collector: "router", node: null, path };
    case "captures":
      return { collector: "packets", node: null, path };
    case "":
      return theFile;
    default:
      return whole(path);
  }
}

function readAttempt(value: unknown, salvage: Salvage): Attempt | null {
  const fields = fieldsOf(value) ?? {};
  const verdict = salvage.part(verdictSchema, value, partAt("attempt"), null);
  if (verdict === null) return null;
  return {
    ...verdict,
    message: salvage.part(attemptSchemas.message, fields["message"], partAt("attempt.message"), null),
    replyCode: salvage.part(attemptSchemas.replyCode, fields["replyCode"], partAt("attempt.replyCode"), null),
    // Recordings of version 1.0 know not when the session began.
    startedAt:
      "startedAt" in fields
        ? salvage.part(attemptSchemas.startedAt, fields["startedAt"], partAt("attempt.startedAt"), 0)
        : 0,
    durationMs: salvage.part(attemptSchemas.durationMs, fields["durationMs"], partAt("attempt.durationMs"), 0),
    stages: salvage.list(stageSchema, fields["stages"], partAt("attempt.stages")),
    transcript: salvage.list(transcriptSchema, fields["transcript"], partAt("attempt.transcript")),
    transfers: salvage.list(transferSchema, fields["transfers"], partAt("attempt.transfers")),
    // Nor do they know programs.
    output: "output" in fields ? salvage.list(lineSchema, fields["output"], partAt("attempt.output")) : [],
    ...("outputStreams" in fields
      ? { outputStreams: salvage.part(lineSchema, fields["outputStreams"], partAt("attempt.outputStreams"), "") }
      : {}),
    redraws: salvage.part(attemptSchemas.redraws, fields["redraws"], partAt("attempt.redraws"), 0),
  };
}

function readServer(value: unknown, salvage: Salvage): ServerEvidence | null {
  if (value === null) return null;
  const head = salvage.part(serverSchema, value, partAt("server"), null);
  if (head === null) return null;
  const fields = fieldsOf(value) ?? {};
  salvage.noteReplaced(fields, head, partAt("server"));
  return {
    ...head,
    exchanges: salvage.list(exchangeSchema, fields["exchanges"], partAt("server.exchanges")),
    tlsLog: salvage.list(lineSchema, fields["tlsLog"], partAt("server.tlsLog")),
    systemLog: salvage.list(lineSchema, fields["systemLog"], partAt("server.systemLog")),
    // Recordings of version 1.0 know none.
    transferLog:
      "transferLog" in fields ? salvage.list(lineSchema, fields["transferLog"], partAt("server.transferLog")) : [],
  };
}

function readRouters(value: unknown, salvage: Salvage): RouterEvidence[] {
  if (!Array.isArray(value)) {
    salvage.note(partAt("routers"), `expected a list, found ${kindOf(value)}; no router's evidence can be used`);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const path = `routers[${index}]`;
    const head = salvage.part(routerSchema, item, partAt(path), null);
    if (head === null) return [];
    const fields = fieldsOf(item) ?? {};
    const node = head.router;
    const part = (collector: Gap["collector"], key: string): Part => ({ collector, node, path: `${path}.${key}` });
    salvage.noteReplaced(fields, head, { collector: "router-rules", node, path });
    return [
      {
        ...head,
        packets: salvage.list(packetSchema, fields["packets"], part("router-trace", "packets")),
        // Recordings of version 1.0 know only SYNs.
        dropped:
          "dropped" in fields ? salvage.list(packetSchema, fields["dropped"], part("router-trace", "dropped")) : [],
        connections: salvage.list(connectionSchema, fields["connections"], part("router-events", "connections")),
        expectations: salvage.list(expectationSchema, fields["expectations"], part("router-events", "expectations")),
      },
    ];
  });
}

function readHosts(value: unknown, salvage: Salvage): HostEvidence[] {
  const part = (path: string, node: string | null = null): Part => ({ collector: "router-trace", node, path });
  if (!Array.isArray(value)) {
    salvage.note(part("hosts"), `expected a list, found ${kindOf(value)}; no host's evidence can be used`);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const path = `hosts[${index}]`;
    const head = salvage.part(hostSchema, item, part(path), null);
    if (head === null) return [];
    const fields = fieldsOf(item) ?? {};
    const list = (key: string): TracedPacket[] =>
      salvage.list(packetSchema, fields[key], part(`${path}.${key}`, head.host));
    return [{ ...head, packets: list("packets"), dropped: list("dropped") }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes what fits its schema and notes what does not. */
class Salvage {
  readonly #gaps: Gap[] = [];

  note({ collector, node, path }: Part, what: string): void {
    this.#gaps.push({ collector, node, reason: `${path}: ${what}` });
  }

  /** What was noted, at most 20 gaps; where there are more, the last one leaves everything open. */
  told(): readonly Gap[] {
    if (this.#gaps.length <= toldProblems) return this.#gaps;
    const rest = this.#gaps.length - toldProblems;
    const more: Gap = { collector: "recording", node: null, reason: `${rest} more such problems` };
    return [...this.#gaps.slice(0, toldProblems), more];
  }

  /** A value that stands or falls as a whole. */
  part<Value, Fallback>(schema: z.ZodType<Value>, value: unknown, where: Part, fallback: Fallback): Value | Fallback {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.note(where, `it cannot be used: ${faultOf(parsed.error, value)}`);
    return fallback;
  }

  /** The entries that can be used of a list. */
  list<Value>(schema: z.ZodType<Value>, value: unknown, where: Part): Value[] {
    if (!Array.isArray(value)) {
      this.note(where, `expected a list, found ${kindOf(value)}; it is taken as empty`);
      return [];
    }
    const kept: Value[] = [];
    let fault: string | null = null;
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      const parsed = schema.safeParse(item);
      if (parsed.success) kept.push(parsed.data);
      else fault ??= `the first is [${index}]: ${faultOf(parsed.error, item)}`;
    }
    const lost = value.length - kept.length;
    if (fault !== null) this.note(where, `${lost} of ${value.length} entries cannot be used; ${fault}`);
    return kept;
  }

  /** Notes the fields for which the schema put an empty text. */
  noteReplaced(fields: Fields, head: Readonly<Record<string, string>>, owner: Part): void {
    for (const [key, kept] of Object.entries(head)) {
      if (kept === "" && fields[key] !== "") {
        this.note({ ...owner, path: `${owner.path}.${key}` }, `it cannot be used: ${kindOf(fields[key])}`);
      }
    }
  }
}

/** `steps[2].packet.source: expected an IP address, found text`. */
function faultOf(error: z.ZodError, value: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return "it does not fit";
  const steps = issue.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  const place = steps.join("").replace(/^\./, "");
  const found = issue.path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
  const expected = issue.message.replace(/^Invalid \w+: /, "").replace(/,? received .*$/, "");
  return visible(`${place === "" ? "" : `${place}: `}${expected}, found ${kindOf(found)}`, 200);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.length <= 40 ? `\`${visible(value)}\`` : "other text";
  if (typeof value === "object") return "a mapping";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "something else";
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The same value with long texts and lists cut, and nothing deeper than a recording is. */
function shorten(value: unknown, path: string, note: (path: string, what: string) => void, depth = 0): unknown {
  if (typeof value === "string") {
    if (value.length <= longestText) return value;
    note(path, `a text of ${value.length} characters is cut to ${longestText}`);
    return value.slice(0, longestText);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    if (value.length > mostEntries) note(path, `a list of ${value.length} entries is cut to ${mostEntries}`);
    return value
      .slice(0, mostEntries)
      .map((item, index) => shorten(item, depth === 0 ? path : `${path}[${index}]`, note, depth + 1));
  }
  // Not by assignment: a key may be called `__proto__`.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = visible(key, 40);
      return [key, shorten(item, depth === 0 ? name : `${path}.${name}`, note, depth + 1)];
    }),
  );
}
