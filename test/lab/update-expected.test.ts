import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matrix } from "../support/command";

jest.setTimeout(60_000);

test("--update-expected makes what surprised what is expected, and the next run agrees", async () => {
  const folder = await mkdtemp(join(tmpdir(), "update-expected-"));
  const file = join(folder, "one.yaml");
  const text = [
    "name: One cell # that works",
    "description: Expects the wrong thing on purpose.",
    "include:",
    "  - { topology: direct, mode: ftp, data: [epsv, pasv], operation: list }",
    "expect:",
    '  - cells: "**/epsv/list" # wrong',
    "    result: failed",
    "    stage: login",
    "    reason: Wrong on purpose.",
    "",
  ].join("\n");
  await writeFile(file, text);
  try {
    const run = ["--output", join(folder, "out"), "--reporter", "json", "--update-expected"];
    const first = await matrix([file, ...run]).ended;
    expect(first.exitCode).toBe(1);
    expect(first.stderr).toContain("1 cell now expected as seen");
    const changed = await readFile(file, "utf8");
    expect(changed.startsWith(text)).toBe(true);
    expect(changed).toContain("- cells: direct/tls-optional/basic-ftp/ftp/epsv/list\n    result: worked\n");
    const second = await matrix([file, ...run]).ended;
    expect(second.exitCode).toBe(0);
    expect(await readFile(file, "utf8")).toBe(changed);
  } finally {
    await rm(folder, { recursive: true });
  }
});
