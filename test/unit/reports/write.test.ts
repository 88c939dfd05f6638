import { mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../harness/model/errors";
import { json, reportJson } from "../../../reports/forms/json";
import { markdown, markdownReport } from "../../../reports/forms/markdown";
import { createRunFolder, writeReport, writeReportSomewhere } from "../../../reports/write";
import { allExpected, withTroubles } from "../../support/make-report";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "reports-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function errorOf(action: Promise<unknown>): Promise<UsageError> {
  const error: unknown = await action.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error(`not a UsageError: ${String(error)}`);
  return error;
}

describe("writeReport", () => {
  it("writes the files that were asked for and names them", async () => {
    const report = withTroubles();
    const written = await writeReport(report, root, [json, markdown]);
    expect(written).toEqual([join(root, "report.json"), join(root, "report.md")]);
    expect(await readFile(join(root, "report.json"), "utf8")).toBe(reportJson(report));
    expect(await readFile(join(root, "report.md"), "utf8")).toBe(markdownReport(report));
  });

  it("replaces what was there, and leaves no temporary file", async () => {
    await writeFile(join(root, "report.json"), "old");
    await writeReport(allExpected(), root, [json]);
    expect(await readFile(join(root, "report.json"), "utf8")).toBe(reportJson(allExpected()));
    expect(await readdir(root)).toEqual(["report.json"]);
  });

  it("says what it could not write, keeps what was there and leaves no temporary file", async () => {
    await mkdir(join(root, "report.md", "in the way"), { recursive: true });
    const error = await errorOf(writeReport(allExpected(), root, [markdown]));
    expect(error.code).toBe("output-not-writable");
    expect(error.message).toContain(join(root, "report.md"));
    expect(error.hint).toContain("--output");
    expect(await readdir(root)).toEqual(["report.md"]);
  });
});

describe("writeReportSomewhere", () => {
  it("puts what it could not write elsewhere, and says where", async () => {
    await mkdir(join(root, "report.md", "in the way"), { recursive: true });
    const report = allExpected();
    const elsewhere = join(root, "elsewhere");
    const error = await errorOf(writeReportSomewhere(report, root, [markdown], elsewhere));
    const place = join(elsewhere, `ftp-nat-matrix-${report.run.id}`);
    expect(error.message).toContain(join(root, "report.md"));
    expect(error.hint).toContain(place);
    expect(await readFile(join(place, "report.md"), "utf8")).toBe(markdownReport(report));
  });

  it("uses no other place where the folder takes the report", async () => {
    await writeReportSomewhere(allExpected(), root, [json], join(root, "elsewhere"));
    expect(await readdir(root)).toEqual(["report.json"]);
  });
});

describe("createRunFolder", () => {
  it("makes a folder for the run, with latest leading to the newest", async () => {
    const out = join(root, "reports", "out");
    expect(await createRunFolder(out, "run-1")).toBe(join(out, "run-1"));
    expect(await createRunFolder(out, "run-2")).toBe(join(out, "run-2"));
    expect(await readlink(join(out, "latest"))).toBe("run-2");
    expect((await readdir(out)).sort()).toEqual(["latest", "run-1", "run-2"]);
    expect(await readdir(join(out, "run-2"))).toEqual([]);
  });

  it("replaces a latest that leads nowhere", async () => {
    await symlink("gone", join(root, "latest"));
    await createRunFolder(root, "run-1");
    expect(await readlink(join(root, "latest"))).toBe("run-1");
  });

  it("writes latest.txt where a link cannot be made, and takes it away once one can", async () => {
    await mkdir(join(root, "latest", "in the way"), { recursive: true });
    await createRunFolder(root, "run-1");
    expect(await readFile(join(root, "latest.txt"), "utf8")).toBe("run-1\n");
    expect((await readdir(root)).sort()).toEqual(["latest", "latest.txt", "run-1"]);
    await rm(join(root, "latest"), { recursive: true });
    await createRunFolder(root, "run-2");
    expect((await readdir(root)).sort()).toEqual(["latest", "run-1", "run-2"]);
  });

  it("uses an explicit folder as it is and keeps what is in it", async () => {
    const output = join(root, "mine", "deep");
    await mkdir(output, { recursive: true });
    await writeFile(join(output, "note.txt"), "");
    expect(await createRunFolder(join(root, "out"), "run-1", output)).toBe(output);
    expect(await readdir(output)).toEqual(["note.txt"]);
    expect(await readdir(root)).toEqual(["mine"]);
  });

  it("refuses an output that is a file, or lies below one", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    for (const output of [file, join(file, "below")])
      expect((await errorOf(createRunFolder(root, "run-1", output))).code).toBe("output-not-writable");
  });
});
