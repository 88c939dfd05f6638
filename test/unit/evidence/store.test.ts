import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceStore } from "../../../harness/evidence/store";
import { renderTranscript } from "../../../harness/evidence/transcript-text";
import type { Attempt, CellResult } from "../../../harness/model/cell";
import { judge } from "../../../harness/run/judge";
import { makeAttempt, makeFailure, makePlanned } from "../../support/attempts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const worked = [makeAttempt()];
const flaky = [makeFailure("login"), makeAttempt()];
const failed = [makeFailure("login")];

function verdict(attempts: readonly Attempt[], repeat = 1): CellResult {
  return judge(makePlanned(), attempts, repeat, []);
}

const cellFolder = "cells/direct/tls-optional/basic-ftp/ftp/pasv/list";

describe("a cell's evidence", () => {
  it("is every attempt, as JSON and as text, under the cell's id", async () => {
    const paths = await new EvidenceStore(folder, "on").keep(verdict(flaky), flaky);
    expect(paths).toEqual([`${cellFolder}/attempts.json`, `${cellFolder}/client.txt`]);
    const [json, text] = paths.map((path) => readFileSync(join(folder, path), "utf8"));
    expect(JSON.parse(json ?? "")).toEqual(flaky);
    expect(text).toBe(flaky.map(renderTranscript).join("\n"));
  });

  it("of a repeat lies beside that of the first run", async () => {
    const store = new EvidenceStore(folder, "on");
    await store.keep(verdict(worked), worked);
    await store.keep(verdict(worked, 2), worked);
    expect(readdirSync(join(folder, cellFolder)).sort()).toEqual([
      "attempts-repeat-2.json",
      "attempts.json",
      "client-repeat-2.txt",
      "client.txt",
    ]);
  });
});

describe("what is kept", () => {
  it.each([
    ["on", [2, 2, 2]],
    ["retain-on-unexpected", [0, 2, 2]],
    ["off", [0, 0, 0]],
  ] as const)(
    "with the policy %s, of expected, flaky and unexpected cells, is so many files: %j",
    async (policy, counts) => {
      const store = new EvidenceStore(folder, policy);
      const kept: number[] = [];
      for (const attempts of [worked, flaky, failed]) kept.push((await store.keep(verdict(attempts), attempts)).length);
      expect(kept).toEqual(counts);
      expect(readdirSync(folder)).toEqual(policy === "off" ? [] : ["cells"]);
    },
  );
});
