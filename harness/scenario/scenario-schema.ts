/** The keys of `scenarios/<name>.yaml`; the descriptions become the hover text of editors. */
import { z } from "zod";
import { results, stages } from "../model/axes";
import { mapping, prose } from "./fields";

/** Matching takes time for every star, and six parts with two each are more than a pattern needs. */
const fewStars = /^([^*]*\*){0,12}[^*]*$/;

const pattern = z
  .string()
  .min(1, "expected an id or a pattern")
  .max(200, "expected at most 200 characters")
  .regex(fewStars, "expected at most 12 `*`");

const patterns = (description: string) =>
  z
    .union([pattern, z.array(pattern).min(1).max(100)], "expected an id, a pattern with `*`, or a list of them")
    .transform((written) => (typeof written === "string" ? [written] : written))
    .optional()
    .describe(`${description} An id, a pattern with \`*\`, or a list of them; a leading \`!\` excludes.`);

const selectionSchema = mapping({
  topology: patterns(
    "Networks: files of `topologies/`; `+condition` makes something true of one, as in `firewall+reject`. Left out: all.",
  ),
  server: patterns("Server profiles: files of `topologies/servers/`. Left out: tls-optional."),
  client: patterns("Clients; `+option` changes a default, as in `basic-ftp+no-resume`. Left out: basic-ftp."),
  mode: patterns("How the connections are protected: ftp, ftps, ftps-ccc and so on. Left out: all."),
  data: patterns("The command that arranges the data connection: pasv, epsv, port, eprt. Left out: all."),
  operation: patterns("What is done after login: list, download, upload. Left out: all."),
}).describe("Cells: every combination of the ids that are selected on the six axes.");

const expectationSchema = mapping({
  cells: pattern.describe(
    "Glob on the cell id topology/server/client/mode/data/operation: `*` within a part, `**` across parts.",
  ),
  result: z.enum(results).describe("What happens: worked, failed, unsupported or not-run."),
  stage: z.enum(stages).optional().describe("The stage that fails; needed with `result: failed`, and only there."),
  cause: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a cause id in kebab-case, such as no-helper")
    .optional()
    .describe("Id of the cause. Left out: any cause will do."),
  reason: prose("Why this is to be expected, in one sentence."),
}).describe("What is expected of some cells, in place of the prediction; the last entry that matches a cell holds.");

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
}).meta({ title: "Which cells to run, and what to expect of them" });

type ScenarioText = z.output<typeof scenarioSchema>;
export type SelectionText = ScenarioText["include"][number];
export type ExpectationText = ScenarioText["expect"][number];
