import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPasted } from "../../../harness/cli/read-pasted";

describe("a pasted file", () => {
  const folder = mkdtempSync(join(tmpdir(), "pasted-"));
  const file = join(folder, "a.log");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read as UTF-8, or as UTF-16 where it says so", () => {
    writeFileSync(file, "Réponse : 220 a");
    expect(readPasted(file)).toBe("Réponse : 220 a");
    writeFileSync(file, Buffer.from("\ufeff220 a", "utf16le"));
    expect(readPasted(file)).toBe("220 a");
  });

  it("of more than 64 MB is refused before it is read", () => {
    writeFileSync(file, "");
    truncateSync(file, 64 * 1024 * 1024 + 1);
    expect(() => readPasted(file)).toThrow("is longer than 64 MB");
  });

  it("that is not there is named", () => {
    expect(() => readPasted(join(folder, "none.log"))).toThrow("none.log cannot be read");
  });
});
