import { readFileSync } from "node:fs";
import { join } from "node:path";
import { distFolder, projectRoot } from "../../../harness/lab/project";
import { withSourcePlaces } from "../../../harness/tools/source-places";

describe("withSourcePlaces", () => {
  const script = join(distFolder, "cli.js");

  it("names the place in the source", () => {
    const source = join(projectRoot, "harness/cli/catalog.ts");
    const placeOf = (file: string): { line: number; column: number } => {
      const [before = ""] = readFileSync(file, "utf8").split("loadCatalog()");
      const lines = before.split("\n");
      return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
    };
    const { line, column } = placeOf(script);
    const { line: written } = placeOf(source);
    expect(withSourcePlaces(`Error: oh\n    at loadCatalog (${script}:${line}:${column})`)).toMatch(
      new RegExp(`^Error: oh\n    at loadCatalog \\(${source}:${written}:\\d+\\)$`),
    );
  });

  it.each([
    ["a file without a map", "    at Module._load (node:internal/modules/cjs/loader.js:1:2)"],
    ["words", "Error: 1.js:2 of 3"],
  ])("leaves %s as it is", (_, text) => {
    expect(withSourcePlaces(text)).toBe(text);
  });
});
