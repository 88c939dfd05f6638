/** Text of an `evidence.json` → what of it can be used, and what cannot and why. */
import type { z } from "zod";
import type { Attempt } from "../../model/cell";
import type { CellEvidence, RouterEvidence, ServerEvidence } from "../../model/evidence";
import { visible } from "../../text/escape";
import {
  attemptSchemas,
  captureSchema,
  cellSchema,
  connectionSchema,
  exchangeSchema,
  expectationSchema,
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

/** What could be read of a recording. `evidence.missing` names the same problems, so that a verdict can be weighed. */
export type Recording = {
  /** `null` when not even the cell and what its session came to can be told. */
  readonly evidence: CellEvidence | null;
  /** One sentence each, without the file's name. */
  readonly problems: readonly string[];
};

/** The version that this program reads and writes; any `1.x` is read. */
const schemaVersion = "1.1";
const mostEntries = 10_000;
const longestText = 65_536;
/** Deeper than any part of a recording. */
const deepest = 16;
/** A file of nothing but damage must not bury what else is said. */
const toldProblems = 20;

/** Reads a recording; never throws. */
export function parseRecording(text: string): Recording {
  const problems: string[] = [];
  const json = readJson(text.replace(/^\ufeff/, ""));
  if (json.problem !== null) problems.push(sentence("the file", json.problem));
  const root = fieldsOf(shorten(json.value, "the file", problems));
  if (root === null) {
    return unusable(problems, json.problem === null ? "the file: it is no recording, which is a mapping" : null);
  }
  const version = root["schemaVersion"];
  if (typeof version !== "string") problems.push("schemaVersion: there is none; the file is read as version 1.0");
  else if (version.split(".")[0] !== "1") {
    return unusable(problems, `schemaVersion: it is ${visible(version, 40)}, and this program reads 1.x`);
  }
  const salvage = new Salvage(problems);
  const cell = salvage.part(cellSchema, root["cell"], "cell", null);
  const attempt = readAttempt(root["attempt"], salvage);
  const server = readServer(root["server"], salvage);
  const routers = readRouters(root["routers"], salvage);
  // Recordings of version 1.0 know no captures.
  const captures = "captures" in root ? salvage.list(captureSchema, root["captures"], "captures") : [];
  const missing = salvage.list(lineSchema, root["missing"], "missing");
  const told = shortened(problems);
  if (cell === null || attempt === null) return { evidence: null, problems: told };
  const evidence = {
    schemaVersion,
    cell,
    attempt,
    server,
    routers,
    captures,
    missing: [...missing, ...told],
  } as const;
  return { evidence, problems: told };
}

function unusable(problems: readonly string[], problem: string | null): Recording {
  return { evidence: null, problems: shortened(problem === null ? problems : [...problems, problem]) };
}

function readAttempt(value: unknown, salvage: Salvage): Attempt | null {
  const fields = fieldsOf(value) ?? {};
  const verdict = salvage.part(verdictSchema, value, "attempt", null);
  if (verdict === null) return null;
  return {
    ...verdict,
    message: salvage.part(attemptSchemas.message, fields["message"], "attempt.message", null),
    replyCode: salvage.part(attemptSchemas.replyCode, fields["replyCode"], "attempt.replyCode", null),
    // Recordings of version 1.0 know not when the session began.
    startedAt:
      "startedAt" in fields ? salvage.part(attemptSchemas.startedAt, fields["startedAt"], "attempt.startedAt", 0) : 0,
    durationMs: salvage.part(attemptSchemas.durationMs, fields["durationMs"], "attempt.durationMs", 0),
    stages: salvage.list(stageSchema, fields["stages"], "attempt.stages"),
    transcript: salvage.list(transcriptSchema, fields["transcript"], "attempt.transcript"),
    transfers: salvage.list(transferSchema, fields["transfers"], "attempt.transfers"),
    // Nor do they know programs.
    output: "output" in fields ? salvage.list(lineSchema, fields["output"], "attempt.output") : [],
    redraws: salvage.part(attemptSchemas.redraws, fields["redraws"], "attempt.redraws", 0),
  };
}

function readServer(value: unknown, salvage: Salvage): ServerEvidence | null {
  if (value === null) return null;
  const head = salvage.part(serverSchema, value, "server", null);
  if (head === null) return null;
  const fields = fieldsOf(value) ?? {};
  salvage.noteReplaced(fields, head, "server");
  return {
    ...head,
    exchanges: salvage.list(exchangeSchema, fields["exchanges"], "server.exchanges"),
    tlsLog: salvage.list(lineSchema, fields["tlsLog"], "server.tlsLog"),
    systemLog: salvage.list(lineSchema, fields["systemLog"], "server.systemLog"),
    // Recordings of version 1.0 know none.
    transferLog: "transferLog" in fields ? salvage.list(lineSchema, fields["transferLog"], "server.transferLog") : [],
  };
}

function readRouters(value: unknown, salvage: Salvage): RouterEvidence[] {
  if (!Array.isArray(value)) {
    salvage.note("routers", `expected a list, found ${kindOf(value)}; no router's evidence can be used`);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const where = `routers[${index}]`;
    const head = salvage.part(routerSchema, item, where, null);
    if (head === null) return [];
    const fields = fieldsOf(item) ?? {};
    const name = `router ${head.router}`;
    salvage.noteReplaced(fields, head, name);
    return [
      {
        ...head,
        packets: salvage.list(packetSchema, fields["packets"], `${name}: packets`),
        // Recordings of version 1.0 know only SYNs.
        dropped: "dropped" in fields ? salvage.list(packetSchema, fields["dropped"], `${name}: dropped`) : [],
        connections: salvage.list(connectionSchema, fields["connections"], `${name}: connections`),
        expectations: salvage.list(expectationSchema, fields["expectations"], `${name}: expectations`),
      },
    ];
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes what fits its schema and notes what does not. */
class Salvage {
  constructor(private readonly problems: string[]) {}

  note(where: string, what: string): void {
    this.problems.push(sentence(where, what));
  }

  /** A value that stands or falls as a whole. */
  part<Value, Fallback>(schema: z.ZodType<Value>, value: unknown, where: string, fallback: Fallback): Value | Fallback {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.note(where, `it cannot be used: ${faultOf(parsed.error, value)}`);
    return fallback;
  }

  /** The entries that can be used of a list. */
  list<Value>(schema: z.ZodType<Value>, value: unknown, where: string): Value[] {
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
  noteReplaced(fields: Fields, head: Readonly<Record<string, string>>, where: string): void {
    for (const [key, kept] of Object.entries(head)) {
      if (kept === "" && fields[key] !== "") this.note(`${where}: ${key}`, `it cannot be used: ${kindOf(fields[key])}`);
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
function shorten(value: unknown, where: string, problems: string[], depth = 0): unknown {
  if (typeof value === "string") {
    if (value.length <= longestText) return value;
    problems.push(sentence(where, `a text of ${value.length} characters is cut to ${longestText}`));
    return value.slice(0, longestText);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    if (value.length > mostEntries) {
      problems.push(sentence(where, `a list of ${value.length} entries is cut to ${mostEntries}`));
    }
    return value
      .slice(0, mostEntries)
      .map((item, index) => shorten(item, depth === 0 ? where : `${where}[${index}]`, problems, depth + 1));
  }
  // Not by assignment: a key may be called `__proto__`.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = visible(key, 40);
      return [key, shorten(item, depth === 0 ? name : `${where}.${name}`, problems, depth + 1)];
    }),
  );
}

function sentence(where: string, what: string): string {
  return `${where}: ${what}`;
}

function shortened(problems: readonly string[]): string[] {
  if (problems.length <= toldProblems) return [...problems];
  const rest = problems.length - toldProblems;
  return [...problems.slice(0, toldProblems), `${rest} more such problems`];
}
