/** The shape of `report.json`, checked when a report is read back and published as `report.schema.json`. */
import { z } from "zod";
import { claimVerdicts } from "../harness/model/scenario";
import { confidences } from "../harness/model/diagnosis";
import { historyLetters } from "../harness/model/report";
import { axes, dataCommands, modes, operations, outcomes, results, stages } from "../harness/model/axes";

const count = z.number().int().nonnegative().meta({ id: "count" });
const result = z.enum(results).meta({ id: "result" });
const stage = z.enum(stages).meta({ id: "stage" });
const durationMs = z.number().nonnegative().meta({ id: "durationMs" });

/** Evidence paths are opened and copied relative to the report's folder, so they must not lead out of it. */
const evidencePath = z.string().regex(/^(?![\\/]|[A-Za-z]:)(?!(.*[\\/])?\.\.([\\/]|$)).+$/);

/** ISO 8601, UTC. Not zod's own check, whose pattern fills a screen in the published schema. */
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

/** A run's id is also the name of its folder. */
const runId = z.string().regex(/^[A-Za-z0-9][\w.:+-]*$/);

const expectedResult = z.object({
  result,
  stage: stage.nullable(),
  cause: z.string().nullable(),
  reason: z.string().meta({ description: "One sentence for a person" }),
});

const cellResult = z
  .object({
    id: z.string().meta({ description: axes.join("/") }),
    topology: z.string(),
    server: z.string(),
    client: z.string().meta({ description: "Program id, and +option for each departure from its defaults" }),
    mode: z.enum(modes),
    data: z.enum(dataCommands),
    operation: z.enum(operations),
    result,
    stage: stage.nullable().meta({ description: "The stage that failed" }),
    cause: z.string().nullable(),
    outcome: z.enum(outcomes).meta({ description: "The result beside what was expected" }),
    expected: expectedResult,
    durationMs,
    message: z.string().nullable().meta({ description: "The client's error, or what differed" }),
    replyCode: z.number().int().nullable().meta({ description: "The server's last reply code" }),
    attempts: count.meta({ description: "Sessions run: 1 plus retries" }),
    repeat: z.number().int().positive().meta({ description: "1-based run of this cell under --repeat-each" }),
    evidence: z.array(evidencePath).meta({ description: "Files, relative to the report's folder" }),
  })
  .refine((cell) => cell.id === axes.map((axis) => cell[axis]).join("/"), {
    path: ["id"],
    error: `is not ${axes.join("/")} of this cell`,
  });

const controlResult = z.object({
  id: z.string(),
  topology: z.string(),
  name: z.string(),
  outcome: z.enum(["passed", "failed", "not-applicable"]),
  detail: z.string().meta({ description: "What was tried and seen, in one sentence" }),
  durationMs,
});

const claimResult = z.object({
  id: z.string(),
  text: z.string().meta({ description: "The sentence" }),
  verdict: z.enum(claimVerdicts),
  because: z.string(),
  outcome: z
    .enum(["confirmed", "contradicted", "not-shown"])
    .meta({ description: "Whether the cells did as stated; not-shown: not all of the evidence was run" }),
  evidence: z.array(
    z.object({
      speaks: z.enum(["for", "against"]),
      cells: z.string().meta({ description: "Glob on cell ids" }),
      result,
      stage: stage.nullable(),
      cause: z.string().nullable(),
      shown: z.array(
        z.object({
          id: z.string(),
          result,
          stage: stage.nullable(),
          cause: z.string().nullable(),
          asStated: z.boolean(),
        }),
      ),
    }),
  ),
});

const shardInfo = z
  .object({
    index: z.number().int().positive(),
    count: z.number().int().positive(),
    total: count.meta({ description: "Cells of the whole run, times repeats" }),
    places: z
      .array(z.object({ first: count, count: z.number().int().positive() }))
      .meta({ description: "Where this shard's cells stand among those of the whole run" }),
  })
  .refine(({ index, count: shards }) => index <= shards, { path: ["index"], error: "is larger than count" })
  .meta({ description: "Since 1.2: which part of a run that several machines share" });
const node = z.object({ node: z.string(), kind: z.enum(["client", "router", "server"]) });

const networkPicture = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  dial: z.string().meta({ description: "The address that clients dial" }),
  hops: z.array(
    node.extend({
      lines: z.array(z.string()).meta({ description: "What the node does to FTP" }),
      link: z.object({ id: z.string(), subnet: z.string(), near: z.string(), far: z.string() }).nullable(),
    }),
  ),
  asides: z.array(z.string()),
});

const causeText = z.object({ id: z.string(), title: z.string(), looksLike: z.string(), why: z.string() });

const proof = z.object({ witness: z.string(), text: z.string() });

const storyStep = z.object({
  atMs: z.number().meta({ description: "Since the session's start" }),
  kind: z.enum(["stage", "line", "packet", "rule", "expectation", "remark"]),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  isData: z.literal(true).optional().meta({ description: "Of a data connection" }),
  hidden: z.literal(true).optional().meta({ description: "Inside TLS" }),
  failed: z.literal(true).optional().meta({ description: "It ended at to, or the stage failed" }),
  changes: z.array(z.object({ node: z.string(), text: z.string() })).optional(),
});

const example = z.object({
  cell: z.string().meta({ description: "The cell's id" }),
  repeat: z.number().int().positive(),
  findings: z.array(
    z.object({
      cause: z.string(),
      confidence: z.enum(confidences),
      explanation: z.string(),
      remedies: z.array(
        z.object({
          party: z.enum(["server admin", "network admin", "user"]),
          what: z.string(),
          lines: z.array(z.string()),
        }),
      ),
    }),
  ),
  broke: z.string().nullish().meta({ description: "Where a failed session broke first" }),
  whyItWorked: z.string().nullable(),
  seen: z.array(proof),
  stages: z.array(z.object({ stage, startMs: z.number(), endMs: z.number() })),
  lanes: z.array(node),
  steps: z.array(storyStep),
  notes: z.array(z.string()),
});

const letters = z.string().regex(new RegExp(`^[${historyLetters.join("")}]*$`));

const runHistory = z
  .object({
    runs: z.array(z.object({ id: runId, startedAt: instant })).meta({ description: "Oldest first" }),
    cells: z.record(z.string(), letters).meta({
      description:
        "By a cell's id, a letter for each run: w worked, f failed, u unsupported, in capitals where not expected; y flaky, x lab-error, - not run",
    }),
  })
  .refine(({ runs, cells }) => Object.values(cells).every(({ length }) => length === runs.length), {
    path: ["cells"],
    error: "has not a letter for each run",
  })
  .meta({ description: "Since 1.2: results of the cells in earlier runs" });

/** Fields that this version does not know are left out on reading: a later minor version may add some. */
export const reportSchema = z.object({
  schemaVersion: z.string().regex(/^1\.\d+$/),
  run: z.object({
    id: runId,
    startedAt: instant,
    durationMs,
    argv: z.array(z.string()).meta({ description: "Arguments after matrix" }),
    networks: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "Since 1.4: files or folders of the user's own networks, by id" }),
    interrupted: z.boolean().meta({ description: "The run did not finish, or a shard is missing" }),
    versions: z.record(z.string(), z.string()).meta({ description: "Versions that a verdict may depend on" }),
    labs: z
      .record(z.string(), durationMs)
      .optional()
      .meta({ description: "Since 1.2: how long each lab was up, in ms" }),
    shard: shardInfo.optional(),
  }),
  summary: z.object({
    total: count,
    outcomes: z.record(z.enum(outcomes), count),
    results: z.record(result, count),
    controls: z.object({ passed: count, failed: count, notApplicable: count }),
  }),
  controls: z.array(controlResult),
  cells: z.array(cellResult),
  claims: z.array(claimResult).default([]).meta({ description: "Since 1.1: sentences that the cells prove or refute" }),
  networks: z.array(networkPicture).default([]).meta({ description: "Since 1.2: the networks, as a drawing" }),
  causes: z.array(causeText).default([]).meta({ description: "Since 1.2: the causes, in plain words" }),
  examples: z.array(example).default([]).meta({ description: "Since 1.2: one cell of each pattern, told in full" }),
  history: runHistory.optional(),
});

/** The JSON Schema (draft 2020-12) that `report.schema.json` holds. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { io: "input" });
  return { $schema, title: "ftp-nat-matrix report.json", ...schema };
}

/** The text of `report.schema.json`. */
export function reportSchemaText(): string {
  return `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
}
