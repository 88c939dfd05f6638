import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../../harness/lab/project";
import { copyProject } from "../../../support/copy-project";

jest.setTimeout(120_000);

function generate(root: string, ...args: readonly string[]) {
  const program = "harness/tools/generate/generate.mjs";
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run generate", () => {
  it("has written all files as they are", () => {
    expect(generate(projectRoot, "--check")).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("writes the lists first, so that a part may go which they still import", () => {
    const copy = copyProject();
    try {
      rmSync(join(copy, "harness/catalog/clients/ncftp.ts"));
      const stale = generate(copy, "--check");
      expect({ status: stale.status, stderr: stale.stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining("harness/catalog/clients/all.ts is stale") as string,
      });
      expect(generate(copy)).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(join(copy, "harness/catalog/clients/all.ts"), "utf8")).not.toContain("ncftp");
      expect(generate(copy, "--check")).toEqual({ status: 0, stdout: "", stderr: "" });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
