import { messageOf } from "../model/errors";
import { tlsVersions, type AgentRequest } from "../model/agent-protocol";
import { dataCommands, modes, operations, stages } from "../model/axes";

/** A line of the harness: a request, or what is wrong with it. */
export type ParsedLine =
  | { readonly kind: "request"; readonly request: AgentRequest }
  | { readonly kind: "malformed"; readonly id: string | null; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a request. Checks all that a session relies on, so that a mistake of the harness is reported as such. */
export function parseRequest(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return malformed(null, `not JSON: ${messageOf(error)}`);
  }
  if (!isFields(value)) return malformed(null, "not an object");
  const id = typeof value["id"] === "string" ? value["id"] : null;
  if (id === null) return malformed(null, "id: a string was expected");
  const wrong = wrongField(value);
  if (wrong !== null) return malformed(id, `${wrong}: missing or of the wrong kind`);
  // Every field that the types promise has just been checked.
  return { kind: "request", request: value as unknown as AgentRequest };
}

function malformed(id: string | null, message: string): ParsedLine {
  return { kind: "malformed", id, message: `malformed request: ${message}` };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const amount: Check = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const port: Check = (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const file = fields({ name: text, size: (value) => Number.isSafeInteger(value) && amount(value) });
const part = { operation: oneOf(operations), folder: text, files: listOf(file) };
const step: Check = (value) => fields(part)(value) || fields({ pauseMs: amount })(value);

const checks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  session: {
    mode: oneOf(modes),
    data: oneOf(dataCommands),
    host: text,
    port,
    family: oneOf([4, 6]),
    localAddress: text,
    user: text,
    password: text,
    ca: text,
    options: fields({
      foreignAddress: oneOf(["reject", "replace-private", "trust", "ignore"]),
      resumeSession: oneOf([true, false]),
      checks: optional(oneOf(["chain-and-name", "chain", "nothing"])),
      dials: optional(oneOf(["name", "address"])),
      versions: optional(listOf(oneOf(tlsVersions))),
      idleMs: optional(amount),
      namesFamily: optional(oneOf([true])),
      clearing: optional(oneOf(["answer", "first", "silent"])),
    }),
    deadlines: fields(Object.fromEntries(stages.map((stage) => [stage, amount]))),
    ...part,
    steps: optional(listOf(step)),
  },
  program: {
    command: fields({ argv: listOf(text) }),
    home: (value) => text(value) && String(value).startsWith("/"),
    uid: (value) => Number.isInteger(value) && Number(value) > 0,
    makes: listOf(file),
    wants: listOf(text),
    deadlineMs: amount,
  },
  probe: { address: text, port, localAddress: text, timeoutMs: amount },
};

function wrongField(value: Fields): string | null {
  const kind = value["kind"];
  const expected = typeof kind === "string" && Object.hasOwn(checks, kind) ? checks[kind] : undefined;
  if (!expected) return "kind";
  return Object.entries(expected).find(([name, check]) => !check(value[name]))?.[0] ?? null;
}
