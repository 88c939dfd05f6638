/** The keys of `scenarios/<name>.yaml`; the descriptions become the hover text of editors. */
import { z } from "zod";
import { claimVerdicts } from "../model/scenario";
import { cause, idPattern, mapping, prose, result, stage } from "./fields";

/** Matching takes time for every star, and six parts with two each are more than a pattern needs. */
const fewStars = /^([^*]*\*){0,12}[^*]*$/;

const pattern = z
  .string()
  .min(1, "expected an id or a pattern")
  .max(200, "expected at most 200 characters")
  .regex(fewStars, "expected at most 12 `*`")
  .meta({ id: "pattern" });

const oneOrMorePatterns = z
  .union([pattern, z.array(pattern).min(1).max(100)], "expected an id, a pattern with `*`, or a list of them")
  .transform((written) => (typeof written === "string" ? [written] : written))
  .meta({ id: "patterns" });

const patterns = (description: string) =>
  oneOrMorePatterns
    .optional()
    .describe(`${description} An id, a pattern with \`*\`, or a list of them; a leading \`!\` excludes.`);

const selectionSchema = mapping({
  topology: patterns(
    "Networks: ids of files in `topologies/`, with a position or conditions if wanted, as in `office@lan` and `firewall+reject`. Left out: the core matrix's.",
  ),
  server: patterns("Server profiles: files of `topologies/servers/`. Left out: tls-optional."),
  client: patterns("Clients; `+option` changes a default, as in `basic-ftp+no-resume`. Left out: basic-ftp."),
  mode: patterns("How the connections are protected: ftp, ftps, ftps-ccc and so on. Left out: all."),
  data: patterns("The command that arranges the data connection: pasv, epsv, port, eprt. Left out: all."),
  operation: patterns("What is done after login: list, download, upload. Left out: all."),
}).describe("Cells: every combination of the ids that are selected on the six axes.");

/** Some cells, and what happens in them. */
const happening = {
  cells: pattern.describe(
    "Glob on the cell id topology/server/client/mode/data/operation: `*` within a part, `**` across parts.",
  ),
  result: result.describe("What happens: worked, failed, unsupported or not-run."),
  stage: stage.optional().describe("The stage that fails; needed with `result: failed`, and only there."),
  cause: cause.optional().describe("Id of the cause. Left out: any cause."),
};

const expectationSchema = mapping({
  ...happening,
  reason: prose("Why this is expected, in one sentence."),
}).describe(
  "What some cells are expected to do, in place of the prediction. If several entries match a cell, the last one counts.",
);

const claimSchema = mapping({
  id: z
    .string()
    .regex(idPattern, "expected a lower-case word with digits and hyphens, starting with a letter")
    .describe("A short name, once in the file."),
  text: prose("The sentence."),
  verdict: z
    .enum(claimVerdicts)
    .describe("The verdict: all evidence speaks for it, some for and some against it, or all against it."),
  because: prose("Why, and under which conditions, in a sentence or two."),
  cells: z
    .array(
      mapping({
        speaks: z
          .enum(["for", "against"])
          .default("for")
          .describe("Whether these cells, if they do what is stated here, speak for or against the sentence."),
        ...happening,
      }).describe("Cells of this scenario that prove or refute the sentence."),
    )
    .min(1, "expected at least one entry")
    .max(100)
    .describe("The evidence. A cell that does not do as stated makes the run unexpected."),
}).describe("A statement, the verdict on it, and the cells that prove the verdict.");

export const scenarioSchema = mapping({
  name: prose("A short name."),
  description: prose("What the scenario shows, in plain words."),
  include: z
    .array(selectionSchema)
    .min(1, "expected at least one selection")
    .max(200)
    .prefault([{}])
    .describe("The scenario's cells: those of any entry. Left out: the core matrix."),
  expect: z.array(expectationSchema).max(500).default([]).describe("Expectations that differ from the prediction."),
  claims: z.array(claimSchema).max(200).default([]).describe("Sentences that the scenario's cells prove or refute."),
}).meta({ title: "Which cells to run, and what to expect of them" });

type ScenarioText = z.output<typeof scenarioSchema>;
export type SelectionText = ScenarioText["include"][number];
export type ClaimText = ScenarioText["claims"][number];
export type ExpectedText = ScenarioText["expect"][number];
