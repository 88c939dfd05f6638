/** The key `script` of `topologies/servers/<id>.yaml`: the manners of the software `scripted`. */
import { z } from "zod";
import { certificateKinds } from "../model/certificate-kind";
import {
  breakWays,
  cccManners,
  emptyScript,
  stepWords,
  tlsAccess,
  type DataManners,
  type ScriptAnswer,
  type ScriptedCommand,
  type ScriptStep,
  type ServerScript,
} from "../model/server-script";
import { didYouMean, oneOf } from "../text/nearest";
import { address, mapping, portRange } from "./fields";
import { bytes, duration } from "./quantities";

const mostWaitMs = 120_000;
const mostBytes = 16 * 1024 * 1024;

/** What is filled into texts. */
const placeholders = ["address", "comma-address", "port", "p1", "p2"];

const words = [...stepWords, "silence"];

/** Complains of a placeholder that is none; other braces are left as they are. */
function checkPlaceholders(text: string, complain: (message: string) => void): void {
  for (const [, name = ""] of text.matchAll(/\{([a-z0-9-]+)\}/g)) {
    if (!placeholders.includes(name)) {
      complain(`expected ${oneOf(placeholders.map((word) => `{${word}}`))}, found {${name}}`);
    }
  }
}

const reply = z
  .string()
  .max(4000, "expected at most 4000 characters")
  .transform((text, context): ScriptAnswer => {
    if (text === "silence") return [];
    const word = stepWords.find((one) => one === text);
    if (word !== undefined) return [{ kind: word }];
    const lines = text.replace(/\n$/, "");
    if (!/^\d{3}(?!\d)/.test(lines)) {
      const meant = didYouMean(text, words);
      const expected = `expected a reply such as 200 Done., or ${oneOf(words)}; \`send\` takes any text`;
      context.addIssue(meant === "" ? expected : `unknown word${meant}`);
    }
    checkPlaceholders(lines, (message) => {
      context.addIssue(message);
    });
    return [{ kind: "reply", text: lines }];
  })
  .describe(
    "A reply, each of its lines on a line of its own; or default (what an ordinary server does), transfer (the data " +
      "alone, without a reply), close, reset or silence. {address} {comma-address} {port} {p1} {p2} are filled in, " +
      "and a listener opens for the last three.",
  );

const longStep = mapping({
  send: z.string().max(4000).optional().describe("Characters that are sent as they are: no line end is added."),
  wait: duration(mostWaitMs, "How long nothing is done.").optional(),
})
  .meta({ id: "script-step" })
  .transform(({ send, wait }, context): ScriptAnswer => {
    const steps: readonly (ScriptStep | null)[] = [
      send === undefined ? null : { kind: "send", text: send },
      wait === undefined ? null : { kind: "wait", ms: wait },
    ];
    const [only, ...others] = steps.filter((step) => step !== null);
    if (only === undefined || others.length > 0) {
      context.addIssue("expected one of send and wait");
      return z.NEVER;
    }
    if (only.kind === "send") {
      checkPlaceholders(only.text, (message) => {
        context.addIssue(message);
      });
    }
    return [only];
  });

const step = z.union([reply, longStep], "expected a reply, a word, `send: text`, or `wait: time`");

const answer = z
  .union(
    [reply, z.array(step).min(1, "expected at least one step").max(32)],
    "expected a reply, a word, or a list of steps",
  )
  .transform((written): ScriptAnswer => written.flatMap((one) => one))
  .meta({ id: "script-answer" });

const turns = mapping({
  first: answer.optional().describe("The first time that a session sends it."),
  second: answer.optional().describe("The second time."),
  always: answer.optional().describe("Every other time. Left out: default."),
})
  .meta({ id: "script-turns" })
  .transform(({ always = [{ kind: "default" }], ...others }) => ({ ...others, always }));

const commandKey = /^([A-Za-z]{3,8})(?: (\S.*))?$/;

const commands = z
  .record(
    z.string().max(200).regex(commandKey, "expected a command such as PASV, or one with a pattern such as RETR *.bin"),
    z.union([answer.transform((always) => ({ always })), turns], "expected an answer, or answers by turn"),
  )
  .transform((written): readonly ScriptedCommand[] => {
    const all = Object.entries(written).map(([key, answers]): ScriptedCommand => {
      const [, verb = "", argument = null] = commandKey.exec(key) ?? [];
      return { verb: verb.toUpperCase(), argument, ...answers };
    });
    // A key that names an argument counts before one that takes any.
    return [...all.filter((one) => one.argument !== null), ...all.filter((one) => one.argument === null)];
  })
  .describe("Answers that replace those of an ordinary server, by command, or by command and pattern of its argument.");

/** Manners of data connections that a client may have as well. */
export const dataKeys = {
  silent: z.boolean().optional().describe("Whether data connections open but nothing happens on them, not even TLS."),
  breaks: mapping({
    after: bytes(mostBytes, "Bytes of a transfer, either way, after which the connection breaks."),
    by: z.enum(breakWays).describe("reset, close (as if all had been sent), or silence (it stays open)."),
  })
    .optional()
    .describe("How transfers end in the middle. Left out: they do not."),
  "close-notify": z
    .boolean()
    .optional()
    .describe("Whether TLS on data connections ends with close_notify. Left out: true."),
} as const;

const data = mapping({
  listens: z
    .boolean()
    .optional()
    .describe("Whether anything listens on the port that 227 and 229 name. Left out: true."),
  ports: portRange("Passive ports in place of the network's `passive-ports`.").optional(),
  address: address("The address that 227 and {address} name, in place of the server's.").optional(),
  silent: dataKeys.silent,
  breaks: dataKeys.breaks,
  extra: bytes(mostBytes, "Zero bytes that are sent behind each file and listing.").optional(),
  "close-notify": dataKeys["close-notify"],
  certificate: z
    .enum(certificateKinds)
    .optional()
    .describe(
      "The certificate of data connections, which then resume no TLS session. Left out: as on the control connection.",
    ),
})
  .describe("What data connections are like.")
  .transform((written): DataManners => ({
    listens: written.listens ?? true,
    ports: written.ports ?? null,
    address: written.address ?? null,
    silent: written.silent ?? false,
    breaks: written.breaks ?? null,
    extra: written.extra ?? 0,
    closeNotify: written["close-notify"] ?? true,
    certificate: written.certificate ?? null,
  }));

const tls = mapping({
  accepts: z.enum(tlsAccess).optional().describe("explicit (AUTH), implicit (port 990), or both. Left out: both."),
  ccc: z
    .enum(cccManners)
    .optional()
    .describe(
      "When the server sends close_notify after its 200 to CCC: first (at once), answer (after the client's), never.",
    ),
})
  .describe("What TLS is like, beside the profile's key `tls`.")
  .transform(({ accepts = emptyScript.tls.accepts, ccc = emptyScript.tls.ccc }) => ({ accepts, ccc }));

export const scriptSchema = mapping({
  greeting: answer.optional().describe("What is said when a client has connected."),
  commands: commands.optional(),
  data: data.optional(),
  tls: tls.optional(),
})
  .meta({ id: "script" })
  .transform(({ greeting = null, ...written }): ServerScript => ({
    greeting,
    commands: written.commands ?? emptyScript.commands,
    data: written.data ?? emptyScript.data,
    tls: written.tls ?? emptyScript.tls,
  }));
