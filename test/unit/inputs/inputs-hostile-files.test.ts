import { ScenarioError } from "../../../harness/model/errors";
import { parseScenario } from "../../../harness/inputs/scenario-file";
import { parseTopology } from "../../../harness/inputs/topology-file";
import { known } from "../../support/known-names";
import { processorMs } from "../../support/processor-time";

const nineTimes = (text: string) => Array(9).fill(text).join(",");
const bomb = Array.from("abcdefghi", (letter, index) => {
  return `${letter}: &${letter} [${nineTimes(index === 0 ? "lol" : `*${"abcdefghi".charAt(index - 1)}`)}]`;
}).join("\n");

const inputs: Readonly<Record<string, string>> = {
  "aliases that multiply": bomb,
  "an alias to itself": "title: &a { b: *a }",
  "ten million characters": "x".repeat(10_000_000),
  "a long word": `title: ${"x".repeat(200_000)}`,
  "a hundred thousand brackets": "[".repeat(100_000),
  "a hundred thousand dashes": "- ".repeat(100_000),
  "mappings in mappings": "{a: ".repeat(50_000),
  "one key a hundred thousand times": `{${"a,".repeat(100_000)}}`,
  "sixty thousand unknown keys": `{${Array.from({ length: 60_000 }, (_, index) => `k${index}`)
    .join(",")
    .slice(0, 250_000)}}`,
  "fifty thousand documents": "---\n".repeat(50_000),
  "a tag as long as the file": "!".repeat(250_000),
  "the key __proto__": "__proto__: { role: client }",
  "the key __proto__ deep inside": "nodes: { __proto__: { role: client } }",
  "keys of every object": "constructor: 1\ntoString: 2\nnodes: { constructor: { role: client } }",
  "nul bytes": "\0".repeat(1000),
  "a lone surrogate": "title: \ud800",
  "a YAML 1.1 directive": "%YAML 1.1\n---\n<<: { title: a }",
  "globs of many stars": `name: a\ndescription: b\nexpect: [${`{ cells: "${"*a".repeat(90)}", result: worked, reason: c },`.repeat(400)}]`,
};

describe.each(Object.entries(inputs))("hostile input, %s,", (_, text) => {
  it.each<[string, (source: { file: string; text: string }) => unknown]>([
    ["a topology", parseTopology],
    ["a scenario", (source) => parseScenario(source, known)],
  ])(
    "is refused as %s, quickly and in few words",
    (_kind, parse) => {
      let thrown: unknown = null;
      const ms = processorMs(() => {
        try {
          parse({ file: "x.yaml", text });
        } catch (error) {
          thrown = error;
        }
      });
      expect(thrown).toBeInstanceOf(ScenarioError);
      expect((thrown as ScenarioError).message.length).toBeLessThan(20_000);
      // Seconds, not minutes: a slow machine may take ten times the 1 s that it takes at worst.
      expect(ms).toBeLessThan(10_000);
      expect(Object.hasOwn(Object.prototype, "role")).toBe(false);
    },
    120_000,
  );
});
