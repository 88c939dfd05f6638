import { readdirSync, readFileSync } from "node:fs";
import type { ExpectedOutcome } from "../../../harness/model/scenario";
import { addExpected } from "../../../harness/inputs/add-expected";
import { parseScenario } from "../../../harness/inputs/scenario-file";
import { knownNames } from "../../../harness/cli/catalog";
import { catalog } from "../../support/lab-run";

const seen = (cells: string): ExpectedOutcome => ({
  cells,
  result: "failed",
  stage: "login",
  cause: "login-refused",
  reason: "Seen in run 1, and not explained yet.",
});
const worked = (cells: string): ExpectedOutcome => ({
  cells,
  result: "worked",
  stage: null,
  cause: null,
  reason: "Seen: it works.",
});
const cell = "direct/tls-optional/basic-ftp/ftp/pasv/list";
const added = (text: string, ...expectations: readonly ExpectedOutcome[]): string =>
  addExpected({ file: "x.yaml", text }, expectations);

describe("addExpected", () => {
  it.each(readdirSync("scenarios").filter((name) => name.endsWith(".yaml")))(
    "adds to %s and changes nothing else",
    (name) => {
      const text = readFileSync(`scenarios/${name}`, "utf8");
      const known = knownNames(catalog);
      const before = parseScenario({ file: name, text }, known);
      const [first] = before.include;
      const [topology, server, client, mode, data, operation] = Object.values(first!).map(
        (ids: readonly string[]) => ids[0],
      );
      const id = [topology, server, client, mode, data, operation].join("/");
      const result = added(text, seen(id));
      expect(parseScenario({ file: name, text: result }, known)).toEqual({
        ...before,
        expect: [...before.expect, seen(id)],
      });
      const lines = result.split("\n");
      const left = text.split("\n").filter((line) => !lines.includes(line));
      expect(left).toEqual([]);
      // Once more with another result: the entry is another one, not a second one.
      const again = added(result, worked(id));
      expect(parseScenario({ file: name, text: again }, known).expect).toEqual([...before.expect, worked(id)]);
    },
  );

  it("keeps comments and layout, whatever comes after the list", () => {
    const text = [
      "name: x # a name",
      "expect:",
      "# first",
      '- cells: "a/**"   # kept',
      "  result: worked",
      "  reason: >-",
      "    It",
      "    works.",
      `- cells: ${cell}`,
      "  result: worked",
      "  reason: Old.",
      "",
      "# what follows",
      "description: y",
      "",
    ].join("\n");
    const result = added(text, seen(cell));
    expect(result).toContain(
      '# first\n- cells: "a/**"   # kept\n  result: worked\n  reason: >-\n    It\n    works.\n- cells: direct/',
    );
    expect(result).toContain("# what follows\ndescription: y\n");
    expect(result).not.toContain("Old.");
  });

  it.each([
    ["an empty list", "name: x\nexpect: []\ninclude: []\n", "name: x\nexpect:\n  - cells: "],
    ["no list", "name: x", "name: x\nexpect:\n  - cells: "],
  ])("begins the list where there is %s", (_, text, start) => {
    const result = added(text, seen(cell), worked("b"));
    expect(result.startsWith(start)).toBe(true);
    expect(result.match(/- cells:/g)).toHaveLength(2);
    expect(result.includes("include: []")).toBe(text.includes("include: []"));
  });

  it("refuses a list on one line", () => {
    const text = `name: x\nexpect: [{ cells: "**", result: worked, reason: All. }]\n`;
    expect(() => added(text, seen(cell))).toThrow("expect is not written as a list of lines");
  });
});
