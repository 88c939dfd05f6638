import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ScenarioError } from "../../../harness/model/errors";
import { parseScenario } from "../../../harness/inputs/scenario-file";
import { parseServerProfile } from "../../../harness/inputs/server-file";
import { parseTopology } from "../../../harness/inputs/topology-file";
import type { SourceText } from "../../../harness/inputs/yaml-document";
import { known } from "../../support/known-names";

// Named *.txt, since formatters would mend or refuse what is broken on purpose.
const golden = join(__dirname, "../../golden/scenario");

const parsers: Readonly<Record<string, (source: SourceText) => unknown>> = {
  topology: parseTopology,
  server: parseServerProfile,
  scenario: (source) => parseScenario(source, known),
};

/** The message of the ScenarioError; anything else is not what a broken input may cause. */
function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof ScenarioError) return `${error.message}\n`;
    throw error;
  }
  throw new Error("the broken input was accepted");
}

describe.each(Object.entries(parsers))("what is wrong with a broken %s file", (kind, parse) => {
  const names = readdirSync(join(golden, kind)).flatMap((name) => /^(.+)\.yaml\.txt$/.exec(name)?.[1] ?? []);

  it.each(names)("is told with its place and the nearest name: %s", (name) => {
    const text = readFileSync(join(golden, kind, `${name}.yaml.txt`), "utf8");
    const expectedFile = join(golden, kind, `${name}.problems.txt`);
    const message = messageOf(() => parse({ file: `${name}.yaml`, text }));
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(expectedFile, message);
    expect(message).toBe(readFileSync(expectedFile, "utf8"));
  });
});
