/** The only part of the reports that touches files. */
import { appendFile, mkdir, open, rename, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError, messageOf } from "../harness/model/errors";
import type { MatrixReport } from "../harness/model/report";
import type { ReportForm } from "./forms/definition";

/**
 * Writes a report's files of these forms into a folder, each whole or not at all, and answers with their paths.
 * @throws UsageError `output-not-writable`
 */
export async function writeReport(
  report: MatrixReport,
  folder: string,
  forms: readonly ReportForm[],
): Promise<string[]> {
  const written: string[] = [];
  for (const { file, render } of forms) {
    const path = join(folder, file);
    await writeWhole(path, await render(report));
    written.push(path);
  }
  return written;
}

/**
 * As `writeReport`; where the folder takes nothing, the report goes to a folder of the run's own below `elsewhere`.
 * @throws UsageError `output-not-writable`, whose hint says where the report is
 */
export async function writeReportSomewhere(
  report: MatrixReport,
  folder: string,
  forms: readonly ReportForm[],
  elsewhere: string,
): Promise<void> {
  try {
    await writeReport(report, folder, forms);
  } catch (error) {
    const place = join(elsewhere, `ftp-nat-matrix-${report.run.id}`);
    const isSaved = await mkdir(place, { recursive: true })
      .then(() => writeReport(report, place, forms))
      .then(
        () => true,
        () => false,
      );
    if (!isSaved) throw error;
    throw new UsageError(messageOf(error), {
      code: "output-not-writable",
      hint: `It is in ${place} instead. Recordings of cells may be missing.`,
      cause: error,
    });
  }
}

/**
 * Makes the folder for a run's files. `explicitOutput` is used as it is; else it is `<outRoot>/<runId>`, and
 * `<outRoot>/latest` then leads there: a relative link or, where the file system has none, the name in `latest.txt`.
 * @throws UsageError `output-not-writable`
 */
export async function createRunFolder(outRoot: string, runId: string, explicitOutput?: string): Promise<string> {
  const folder = explicitOutput === undefined ? join(outRoot, runId) : resolve(explicitOutput);
  await orNotWritable(folder, async () => {
    await mkdir(folder, { recursive: true });
    await probe(folder);
  });
  if (explicitOutput === undefined) await pointLatest(outRoot, runId);
  return folder;
}

/** Now rather than after a run of minutes. Permission bits do not tell it all (read-only mounts, quotas): try. */
async function probe(folder: string): Promise<void> {
  const path = join(folder, temporaryName("probe"));
  await (await open(path, "wx")).close();
  await rm(path);
}

async function pointLatest(outRoot: string, runId: string): Promise<void> {
  const temporary = join(outRoot, temporaryName("latest"));
  try {
    await symlink(runId, temporary, "dir");
    await rename(temporary, join(outRoot, "latest"));
    await rm(join(outRoot, "latest.txt"), { force: true });
  } catch {
    // No links here (Windows without the privilege, some network file systems), or `latest` is a folder of somebody's own.
    await rm(temporary, { force: true });
    await writeWhole(join(outRoot, "latest.txt"), `${runId}\n`);
  }
}

/** A reader sees the old file or the new one and never half of it, also when the disk is full or the machine stops. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(path, "..", temporaryName("write"));
  await orNotWritable(path, async () => {
    try {
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(text, "utf8");
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

/** Adds to a file that others write as well. @throws UsageError `output-not-writable` */
export async function appendText(path: string, text: string): Promise<void> {
  await orNotWritable(path, () => appendFile(path, text, "utf8"));
}

let temporaryCount = 0;

/** No other process and no other write of this one has the same name. */
function temporaryName(purpose: string): string {
  temporaryCount += 1;
  return `.${purpose}-${process.pid}-${temporaryCount}.tmp`;
}

async function orNotWritable(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`cannot write ${path}: ${why}`, {
      code: "output-not-writable",
      hint: "Free space there or allow writing, or name another folder with --output DIR.",
      cause,
    });
  }
}
