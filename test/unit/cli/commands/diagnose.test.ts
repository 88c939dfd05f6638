import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDiagnose } from "../../../../harness/cli/commands/diagnose";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { renderRecording } from "../../../../harness/evidence/recording/recording";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { ftpPasv, ftpsEpsv, ftpsPasv } from "../../../fixtures/recordings/cells";

// What is compared is text, whatever the terminal of the tests can do.
beforeAll(() => {
  delete process.env["FORCE_COLOR"];
  process.env["NO_COLOR"] = "1";
});

let folder: string;
let printed: { stdout: string; stderr: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "diagnose-"));
  printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    jest.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const asText = { json: false, all: false };

/** Records cells as a run does. */
function record(...cells: readonly CellEvidence[]): void {
  for (const evidence of cells) {
    const path = join(folder, "cells", ...evidence.cell.id.split("/"));
    mkdirSync(path, { recursive: true });
    for (const file of renderRecording(evidence)) writeFileSync(join(path, file.path), file.text);
  }
}

function damage(name: string, text: string): void {
  mkdirSync(join(folder, "cells", name), { recursive: true });
  writeFileSync(join(folder, "cells", name, "evidence.json"), text);
}

describe("diagnose", () => {
  it("explains the one recording that there is", async () => {
    record(ftpsPasv);
    expect(await runDiagnose(folder, asText)).toBe(0);
    const cause = diagnose(ftpsPasv).findings[0]?.cause ?? "";
    expect(printed.stdout.replace(/\s+/g, " ")).toContain(`${ftpsPasv.cell.id} failed at data-command: ${cause} (`);
    expect(printed.stdout).toContain("client  ");
    expect(printed.stderr).toBe("");
  });

  it("says why a cell worked", async () => {
    record(ftpPasv);
    await runDiagnose(folder, asText);
    expect(printed.stdout).toContain(`${ftpPasv.cell.id} worked\n\nWhy `);
  });

  it("tells several in a line each, with a summary", async () => {
    record(ftpsPasv, ftpsEpsv, ftpPasv);
    expect(await runDiagnose(folder, asText)).toBe(0);
    const lines = printed.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    for (const { cell } of [ftpsPasv, ftpsEpsv, ftpPasv]) {
      expect(lines.filter((line) => line.startsWith(`${cell.id} `))).toHaveLength(1);
    }
    expect(lines.at(-1)).toMatch(/^3 recordings: 1 worked, 2 failed \(.+\)$/);
  });

  it("tells what cannot be used of a recording, with its path, and diagnoses the others", async () => {
    record(ftpsPasv, ftpPasv);
    damage("cut\x1b[2J", "{");
    expect(await runDiagnose(folder, asText)).toBe(0);
    expect(printed.stderr).toContain(join(folder, "cells", "cut\\x1b[2J", "evidence.json: the file: it is cut short"));
    expect(printed.stdout).toMatch(/3 recordings: 1 worked, 1 failed \(.+\), 1 unusable\n$/);
  });

  it("gives machines each recording's diagnosis and problems", async () => {
    record(ftpsPasv, ftpPasv);
    await runDiagnose(folder, { json: true, all: false });
    const { recordings } = JSON.parse(printed.stdout) as { recordings: readonly Record<string, unknown>[] };
    expect(recordings).toEqual([
      expect.objectContaining({ cell: ftpPasv.cell, result: "worked", stage: null, problems: [] }),
      expect.objectContaining({
        path: join(folder, "cells", ftpsPasv.cell.id, "evidence.json"),
        result: "failed",
        stage: "data-command",
        diagnosis: JSON.parse(JSON.stringify(diagnose(ftpsPasv))) as unknown,
      }),
    ]);
  });

  it.each([
    ["no-recording", () => undefined],
    [
      "no-such-path",
      () => {
        folder = join(folder, "nowhere");
      },
    ],
    [
      "no-usable-recording",
      () => {
        damage("a", "[]");
      },
    ],
  ])("refuses with `%s` and exit code 2", async (code, prepare) => {
    prepare();
    await expect(runDiagnose(folder, asText)).rejects.toThrow(expect.objectContaining({ code, exitCode: 2 }) as Error);
    expect(printed.stdout).toBe("");
  });
});
