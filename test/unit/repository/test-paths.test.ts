import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = join(__dirname, "../../..");

function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`);
}

/** Sources without their endings, and the folders that they are in. */
const sources = new Set(
  ["harness", "reports"].flatMap(filesUnder).flatMap((path) => /^(.*)(?<!\.d)\.(?:tsx?|[cm]js)$/.exec(path)?.[1] ?? []),
);
const folders = new Set([...sources].map(dirname));

/** `test/unit/plan/wiring.test.ts` → `harness/plan/wiring`; `test/unit/reports/json.test.ts` → `reports/json`. */
function sourceOf(test: string): string {
  const path = test
    .split("/")
    .slice(2)
    .join("/")
    .replace(/\.test\.ts$/, "");
  return path.startsWith("reports/") ? path : `harness/${path}`;
}

function mirrors(source: string): boolean {
  const folder = dirname(source);
  return sources.has(source) || (folders.has(folder) && basename(source).startsWith(`${basename(folder)}-`));
}

describe("the path of a test", () => {
  const tests = ["test/unit", "test/property"].flatMap(filesUnder).filter((path) => path.endsWith(".test.ts"));

  it("is that of the source file that it tests, or `<folder>/<folder>-<topic>` for a folder as a whole", () => {
    // What is here tests the repository.
    const mirrored = tests.filter((path) => !path.startsWith("test/unit/repository/"));
    expect(mirrored.length).toBeGreaterThan(200);
    expect(mirrored.filter((path) => !mirrors(sourceOf(path)))).toEqual([]);
  });

  it("lies apart from code that supports tests, which is in test/support", () => {
    const code = ["test/unit", "test/property", "test/golden", "test/lab"].flatMap(filesUnder);
    expect(code.filter((path) => /\.([cm]?ts|tsx|[cm]?js)$/.test(path) && !path.endsWith(".test.ts"))).toEqual([]);
  });
});
