import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(__dirname, "..", "golden");
const rewrites = process.env["UPDATE_GOLDEN"] === "1";

/** The text that each golden file of a folder must hold, by file name. */
type GoldenTexts = ReadonlyMap<string, () => string>;

/**
 * A test for each golden file of `test/golden/<folder>`, and one for files that nothing produces any more.
 * `UPDATE_GOLDEN=1` rewrites the folder instead, for a person to read the difference before it is committed.
 */
export function describeGolden(title: string, folder: string, texts: GoldenTexts): void {
  describe(title, () => {
    it.each([...texts.keys()])("is as in %s", (name) => {
      const text = texts.get(name)?.() ?? "";
      const path = join(root, folder, name);
      if (rewrites) {
        mkdirSync(join(root, folder), { recursive: true });
        writeFileSync(path, text);
      }
      expect(text).toBe(readGolden(path));
    });

    it("leaves no golden file over", () => {
      const leftOver = leftOverFiles(join(root, folder), texts);
      if (rewrites) for (const name of leftOver) rmSync(join(root, folder, name));
      expect(leftOverFiles(join(root, folder), texts)).toEqual([]);
    });
  });
}

/** Files of a folder that are not among the names; a folder that is not there holds none. */
function leftOverFiles(folder: string, texts: Pick<GoldenTexts, "has">): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !texts.has(name)) : [];
}

function readGolden(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8");
  throw new Error(`there is no ${relative(process.cwd(), path)}: UPDATE_GOLDEN=1 writes it`);
}
