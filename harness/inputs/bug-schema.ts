/** The keys of `scenarios/bugs/<id>.yaml`; the descriptions become the hover text of editors. */
import { z } from "zod";
import { dataCommands, modes, type Operation } from "../model/axes";
import { confidences } from "../model/bug";
import type { SessionStep } from "../model/session-script";
import { labRemedyIds } from "../diagnose/remedies/registry";
import { fileSizes } from "../model/ftp-site";
import { clientSchema } from "./client-schema";
import { cause, idPattern, mapping, prose, result, stage } from "./fields";
import { bytes, duration } from "./quantities";

/** Limits on what a stranger's file may demand from the machine. */
export const bugLimits = {
  fileBytes: 16 * 1024 * 1024,
  /** All files of a session together. */
  sessionBytes: 64 * 1024 * 1024,
  /** All runs of a variant together, as far as pauses and slow lines tell. */
  variantMs: 5 * 60_000,
  pauseMs: 60_000,
  steps: 16,
  files: 16,
  runs: 100,
  variants: 12,
  nodes: 12,
} as const;

const text = z.string().max(20_000, "expected at most 20000 characters");

/** The keys of its mapping are checked once it has been merged into its file; `json-schema.ts` tells editors. */
const named = (what: "network" | "server", description: string) =>
  z
    .union(
      [z.string().max(200), z.record(z.string(), z.unknown()).meta({ id: what })],
      `expected the id of a ${what}, or a mapping`,
    )
    .optional()
    .describe(description);

const size = bytes(bugLimits.fileBytes, "Bytes, or a size such as 32 kB or 1 MiB.");
const sizes = z
  .union([size, z.array(size).min(1).max(bugLimits.files)])
  .transform((written) => (typeof written === "number" ? [written] : written))
  .meta({ id: "sizes" });

const transfer = (operation: Operation, files: readonly number[]): SessionStep => ({
  kind: "transfer",
  operation,
  sizes: files,
});

const words = z
  .enum(
    ["list", "download", "upload"],
    "expected list, download, upload or login, `download: sizes`, `upload: sizes`, or `pause: time`",
  )
  .transform((operation) => transfer(operation, operation === "list" ? [] : fileSizes));

const oneStep = mapping({
  download: sizes.optional().describe("Sizes of the files that are fetched, one after the other."),
  upload: sizes.optional().describe("Sizes of the files that are sent, one after the other."),
  pause: duration(bugLimits.pauseMs, "How long nothing is sent.").optional(),
})
  .meta({ id: "step" })
  .transform(({ download, upload, pause }, context): SessionStep => {
    const steps: readonly (SessionStep | null)[] = [
      download === undefined ? null : transfer("download", download),
      upload === undefined ? null : transfer("upload", upload),
      pause === undefined ? null : { kind: "pause", ms: pause },
    ];
    const [only, ...others] = steps.filter((found) => found !== null);
    if (only !== undefined && others.length === 0) return only;
    context.addIssue("expected one of download, upload and pause");
    return z.NEVER;
  });

const step = z.union([words, oneStep]).describe("A step of the session after login.");

const setupKeys = {
  network: named(
    "network",
    "The id of a file in topologies/, with `@position` where it has several clients, and `+condition` if wanted; or a mapping: `from` with an id and the changes to that file, or a whole network; `position` says which of its clients is meant.",
  ),
  server: named(
    "server",
    "The id of a file in topologies/servers/, with options; or a mapping: `from` with an id and the changes to that file, or `config` with the reporter's whole configuration, as one text or as several by their paths.",
  ),
  client: z
    .union([z.string().max(200), clientSchema], "expected the id of a client, or a mapping")
    .optional()
    .describe("The id of a client, with options; or a mapping with a command line."),
  mode: z.enum(modes).optional().describe("How the connections are protected."),
  port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe("The control port that the client dials. Left out: the server's own, or 990 for implicit TLS."),
  data: z.enum(dataCommands).optional().describe("The command that arranges the data connection."),
  session: z
    .union([
      z.literal("login").transform((): readonly SessionStep[] => []),
      words.transform((only) => [only]),
      oneStep.transform((only) => [only]),
      z.array(step).min(1).max(bugLimits.steps),
    ])
    .meta({
      id: "session",
      description:
        "What is done after login, in one session; `login` for nothing, which takes basic-ftp, a `script` or a `command`. Left out: list.",
    })
    .optional(),
  runs: z
    .int()
    .min(1)
    .max(bugLimits.runs)
    .optional()
    .describe("How often to try it, if chance decides. Left out: once."),
};

const bounds = <Amount extends z.ZodType>(amount: Amount) =>
  mapping({ least: amount.optional(), most: amount.optional() });

const showsSchema = mapping({
  result: result.describe("What happens: worked or failed."),
  stage: stage.optional().describe("The stage that fails."),
  cause: cause.optional().describe("The cause that the diagnosis names."),
  reply: z.int().min(100).max(599).optional().describe("The code of the reply that decides."),
  says: z
    .union([text.min(1), z.array(text.min(1)).min(1).max(20)])
    .transform((written) => (typeof written === "string" ? [written] : written))
    .optional()
    .describe("Texts that the client's output, its message or the dialogue must contain."),
  stored: z
    .enum(["complete", "partial", "empty", "nothing"])
    .optional()
    .describe(
      "How much of the sent files is on the server's disk, whatever the client says: all of each, a part, empty " +
        "files, or no file.",
    ),
  lasts: bounds(duration(600_000, "A time such as 3 s.")).optional().describe("How long the session lasts."),
  rate: bounds(z.number().min(0).max(100).describe("Percent."))
    .optional()
    .describe("In what percentage of the runs the result must be seen. Left out: all of them."),
}).describe("What must be seen.");

const needs = prose(
  "Something that the lab does not have, such as a version that is no longer packaged. The report or variant is then skipped.",
).optional();

const variantSchema = mapping({
  change: prose("What is changed, in one sentence.").optional(),
  needs,
  ...setupKeys,
  remedy: z
    .enum(labRemedyIds)
    .optional()
    .describe("One of the lab's own remedies, as `prove` applies them, on top of the other keys."),
  shows: showsSchema,
}).describe("A set-up: its keys replace the file's. `shows` says what it must show.");

export const bugSchema = mapping({
  title: prose("What is wrong, in a line."),
  link: z
    .string()
    .max(500)
    .regex(/^https:\/\/[^\s<>"]+$/, "expected an address that begins with https://")
    .optional()
    .describe("The public thread."),
  reported: mapping({
    text: prose("What the user saw, in the user's words."),
    stage: stage.optional().describe("The stage at which it stopped, where the report tells."),
  }).describe("What was reported."),
  confidence: z
    .enum(confidences)
    .optional()
    .describe("How certain the cause is: established by a maintainer, likely, or inferred."),
  needs,
  ...setupKeys,
  variants: z
    .record(z.string().max(40).regex(idPattern), variantSchema)
    .describe("`reported`, `fixed`, and any others: each with what it must show."),
}).meta({ title: "A user's report that can be reproduced" });

export type BugText = z.output<typeof bugSchema>;
export type VariantText = BugText["variants"][string];
export type ShowsText = VariantText["shows"];
