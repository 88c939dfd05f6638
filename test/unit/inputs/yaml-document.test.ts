import { ScenarioError } from "../../../harness/model/errors";
import { readYaml } from "../../../harness/inputs/yaml-document";

function problemsOf(text: string): readonly string[] {
  try {
    readYaml({ file: "x.yaml", text });
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const document = readYaml({ file: "x.yaml", text: "# first\na: 1\nlist:\n  - one\n  - { b: two }\nempty:\n" });

describe("a YAML document", () => {
  it("knows the line and column of every value and key", () => {
    expect(document.value).toEqual({ a: 1, list: ["one", { b: "two" }], empty: null });
    expect(document.placeOf(["a"])).toEqual({ file: "x.yaml", line: 2, column: 4 });
    expect(document.placeOf(["list", 1, "b"])).toEqual({ file: "x.yaml", line: 5, column: 10 });
    expect(document.placeOfKey(["list", 1, "b"])).toEqual({ file: "x.yaml", line: 5, column: 7 });
    expect(document.placeOfKey(["empty"])).toEqual({ file: "x.yaml", line: 6, column: 1 });
  });

  it("places what is not there at its nearest parent", () => {
    expect(document.placeOf(["list", 7, "b"])).toEqual(document.placeOf(["list"]));
    expect(document.placeOf(["list", 0, "b", "c"])).toEqual(document.placeOf(["list", 0]));
  });

  it("counts lines as editors do, whatever ends them", () => {
    const windows = readYaml({ file: "x.yaml", text: "a: 1\r\nb: 2\r\n" });
    expect(windows.placeOf(["b"])).toEqual({ file: "x.yaml", line: 2, column: 4 });
  });

  it("may use a few aliases", () => {
    expect(readYaml({ file: "x.yaml", text: "a: &ports [21, 990]\nb: *ports\n" }).value).toEqual({
      a: [21, 990],
      b: [21, 990],
    });
  });

  it("takes over the keys of other mappings, of which its own come first", () => {
    const text = "base: &b { a: 1, c: 2 }\nmore: &m { e: 5, a: 7 }\none: { <<: *b, a: 3 }\ntwo: { <<: [*m, *b] }\n";
    const merged = readYaml({ file: "x.yaml", text });
    expect(merged.value).toMatchObject({ one: { a: 3, c: 2 }, two: { e: 5, a: 7, c: 2 } });
    expect(merged.placeOf(["one", "c"])).toEqual(merged.placeOf(["one"]));
  });

  const doubled = Array.from(
    { length: 24 },
    (_, at) => `a${at + 1}: &a${at + 1} { <<: [*a${at}, *a${at}], k${at}: 1 }`,
  );
  it.each([
    [
      "merges that multiply",
      ["a0: &a0 { x: 1 }", ...doubled].join("\n"),
      "x.yaml:2:11: merged mappings repeat too much",
    ],
    ["a mapping merged into itself", "a: &a { <<: *a }", "x.yaml:1:9: a mapping cannot be merged into itself"],
    ["a list merged", "a: &a [1]\nb: { <<: *a }", "x.yaml:2:6: expected a mapping, or a list of mappings, after <<"],
    ["more than 64 levels", `a: ${"[".repeat(80)}`, "x.yaml:1:67: nested deeper than 64 levels"],
    ["more than 256 KiB", "#".repeat(300_000), "x.yaml:1:1: the file is larger than 256 KiB; is it the right file?"],
    [
      "aliases that multiply",
      `a: &a [1, 2]\nb: [${"*a, ".repeat(200)}]`,
      /^x\.yaml:2:5: aliases cannot be followed: Exc/,
    ],
    ["a key twice", "a: 1\nb: { c: 1, c: 2 }", "x.yaml:2:12: the key `c` occurs a second time"],
    ["a number and a word as the same key", "1: a\n'1': b", "x.yaml:2:1: the key `1` occurs a second time"],
    ["no key", ": a", "x.yaml:1:1: expected a plain word as key"],
  ])("may not have %s", (_, text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual(typeof problem === "string" ? problem : expect.stringMatching(problem));
  });
});
