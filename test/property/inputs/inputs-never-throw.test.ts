import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ScenarioError } from "../../../harness/model/errors";
import { parseScenario } from "../../../harness/inputs/scenario-file";
import { parseServerProfile } from "../../../harness/inputs/server-file";
import { parseTopology } from "../../../harness/inputs/topology-file";
import { known } from "../../support/known-names";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const parsers = [
  ["topology", parseTopology, read("topologies/double-nat-helper.yaml")],
  ["server", parseServerProfile, read("topologies/servers/tls-required.yaml")],
  ["scenario", (source: { file: string; text: string }) => parseScenario(source, known), read("scenarios/smoke.yaml")],
] as const;

/** Parses; a ScenarioError is an answer too, anything else thrown fails the property. */
function answer(parse: (source: { file: string; text: string }) => unknown, text: string): unknown {
  try {
    return parse({ file: "x.yaml", text });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    const lines = text.split("\n").length;
    for (const { place } of error.problems) {
      expect(place.line).toBeGreaterThanOrEqual(1);
      expect(place.line).toBeLessThanOrEqual(lines);
      expect(place.column).toBeGreaterThanOrEqual(1);
    }
    return error;
  }
}

const words = [
  "title",
  "nodes",
  "links",
  "role",
  "client",
  "ipv4",
  "203.0.113.1",
  "tls",
  "none",
  "include",
  "expect",
  "mode",
  "*",
];
const yamlValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...words),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string()), tie("value"), { maxKeys: 6 }),
  ),
})).value;

describe.each(parsers)("the parser of a %s", (_, parse, valid) => {
  it("answers any text with a value or a ScenarioError whose places lie in the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        answer(parse, text);
      }),
    );
  });

  it("answers any YAML value likewise", () => {
    fc.assert(
      fc.property(yamlValue, (value) => {
        answer(parse, stringify(value));
      }),
      { numRuns: 300 },
    );
  });

  it("answers a valid file with a piece cut out or put in likewise", () => {
    const piece = fc.oneof(
      fc.constantFrom(...words, "\t", "\n", "&a ", "*a", "{", "]", ": ", "-", "!!", "/", "0"),
      fc.string({ maxLength: 5 }),
    );
    const cut = fc.nat({ max: valid.length });
    fc.assert(
      fc.property(cut, fc.nat({ max: 12 }), piece, (at, length, text) => {
        answer(parse, valid.slice(0, at) + text + valid.slice(at + length));
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same value for the same text, and one that survives JSON", () => {
    const value = answer(parse, valid);
    if (value instanceof ScenarioError) return;
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(answer(parse, valid)).toEqual(value);
  });
});
