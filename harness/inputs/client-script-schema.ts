/** The key `script` of a client, where it is a mapping: what a scripted client sends. */
import { z } from "zod";
import {
  clientStepWords,
  listenerPlaceholders,
  type ClientPlaceholder,
  type ClientScript,
  type ClientStep,
} from "../model/client-script";
import { cccManners } from "../model/server-script";
import { commandPlaceholders } from "../model/session-script";
import { didYouMean, oneOf } from "../text/nearest";
import { mapping } from "./fields";
import { duration } from "./quantities";
import { dataKeys } from "./script-schema";

const placeholders: readonly ClientPlaceholder[] = [...commandPlaceholders, ...listenerPlaceholders];

/** Complains of a placeholder that is none; other braces are left as they are. */
function checkPlaceholders(text: string, complain: (message: string) => void): void {
  for (const [, name = ""] of text.matchAll(/\{([a-z0-9-]+)\}/g)) {
    if (placeholders.every((known) => known !== name)) {
      complain(`expected ${oneOf(placeholders.map((word) => `{${word}}`))}, found {${name}}`);
    }
  }
}

const line = z
  .string()
  .max(4000, "expected at most 4000 characters")
  .transform((text, context): ClientStep => {
    const word = clientStepWords.find((one) => one === text);
    if (word !== undefined) return { kind: word };
    if (!/^[A-Z]{3,8}(?: .*)?$/.test(text)) {
      const expected = `expected a command such as PASV, or ${oneOf(clientStepWords)}; \`send\` takes any text`;
      const meant = didYouMean(text, clientStepWords);
      context.addIssue(meant === "" ? expected : `unknown word${meant}`);
    }
    checkPlaceholders(text, (message) => {
      context.addIssue(message);
    });
    return { kind: "command", text };
  })
  .describe(
    "A command, for which all is done that an ordinary client does: it waits for the reply, begins TLS after AUTH, ends it after " +
      "CCC, opens the data connection and moves the bytes. PORT and EPRT alone name a listener of the client's. Or a word: reply " +
      "(waits for one, whatever it says), tls (begins TLS on the control connection), close or reset.",
  );

const longStep = mapping({
  send: z
    .string()
    .max(4000)
    .optional()
    .describe("Characters that are sent as they are; no line end is added, and no reply awaited."),
  wait: duration(25_000, "How long nothing is done.").optional(),
})
  .meta({ id: "client-step" })
  .transform(({ send, wait }, context): ClientStep => {
    if (send !== undefined) {
      checkPlaceholders(send, (message) => {
        context.addIssue(message);
      });
    }
    if (send !== undefined && wait === undefined) return { kind: "send", text: send };
    if (wait !== undefined && send === undefined) return { kind: "wait", ms: wait };
    context.addIssue("expected one of send and wait");
    return z.NEVER;
  });

export const clientScriptSchema = mapping({
  steps: z
    .array(z.union([line, longStep], "expected a command, a word, `send: text`, or `wait: time`"))
    .min(1, "expected at least one step")
    .max(64)
    .optional()
    .describe("What the client does after the greeting, in its order; with implicit TLS, after the handshake."),
  data: mapping({
    ...dataKeys,
    listens: z
      .boolean()
      .optional()
      .describe("Whether anything listens on the port that PORT and EPRT name. Left out: true."),
    resumes: z
      .boolean()
      .optional()
      .describe("Whether data connections resume the control connection's TLS session. Left out: true."),
  })
    .optional()
    .describe("What data connections are like."),
  tls: mapping({
    ccc: z
      .enum(cccManners)
      .optional()
      .describe(
        "When the client sends close_notify after the 200 to CCC: first (at once), answer (after the server's), never. Left out: answer.",
      ),
  })
    .optional()
    .describe("How TLS is ended."),
  patience: duration(25_000, "How long it waits for anything. Left out: 8 s.").optional(),
}).meta({ id: "client-script" });

/** What is written of a script; what another one is laid over may be missing. */
export type ClientScriptText = z.output<typeof clientScriptSchema>;

/** A script upon another one: its steps take the place of the other's, its manners are added to them. */
export function scriptLaidOver(base: ClientScriptText, own: ClientScriptText): ClientScriptText {
  return { ...base, ...own, data: { ...base.data, ...own.data }, tls: { ...base.tls, ...own.tls } };
}

/** The script with what an ordinary client does where nothing is written. */
export function clientScriptOf({ steps = [], data = {}, tls = {}, patience = 8_000 }: ClientScriptText): ClientScript {
  return {
    steps,
    data: {
      listens: data.listens ?? true,
      silent: data.silent ?? false,
      breaks: data.breaks ?? null,
      closeNotify: data["close-notify"] ?? true,
      resumes: data.resumes ?? true,
    },
    tls: { ccc: tls.ccc ?? "answer" },
    patienceMs: patience,
  };
}
