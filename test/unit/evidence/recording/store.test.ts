import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceStore } from "../../../../harness/evidence/recording/store";
import { renderRecording } from "../../../../harness/evidence/recording/recording";
import type { Attempt, CellResult } from "../../../../harness/model/cell";
import type { SessionEvidence } from "../../../../harness/evidence/recording/assemble";
import type { RouterEvidence } from "../../../../harness/model/evidence";
import { judge } from "../../../../harness/run/judge";
import { makeAttempt, makeFailure, makePlanned } from "../../../support/attempts";
import { makeDiagnosis, makeEvidence } from "../../../support/evidence";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A cell's verdict and what was seen of it. */
function cellAfter(attempts: readonly Attempt[], repeat = 1): { result: CellResult; evidence: SessionEvidence } {
  const evidence = makeEvidence({ attempt: attempts.at(-1) ?? makeAttempt(), routers: [router] });
  const result = judge(
    makePlanned(),
    { attempts, evidence, diagnosis: makeDiagnosis(), contradictions: [], overload: null },
    repeat,
  );
  return { result, evidence: { evidence, packets: [] } };
}

const router: RouterEvidence = {
  router: "router",
  packets: [],
  dropped: [],
  connections: [],
  expectations: [],
  rules: "*filter",
};
const worked = cellAfter([makeAttempt()]);
const flaky = cellAfter([makeFailure("login"), makeAttempt()]);
const failed = cellAfter([makeFailure("login")]);

const cellFolder = "cells/direct/tls-optional/basic-ftp/ftp/pasv/list";

describe("a cell's evidence", () => {
  it("is the files of its recording, under the cell's id", async () => {
    const { result, evidence } = flaky;
    const paths = await new EvidenceStore(folder, "on").keep(result, evidence, "");
    const files = renderRecording(evidence.evidence);
    expect(files.length).toBeGreaterThan(1);
    expect(paths).toEqual(files.map(({ path }) => `${cellFolder}/${path}`));
    const texts = paths.map((path) => readFileSync(join(folder, path), "utf8"));
    expect(texts).toEqual(files.map(({ text }) => text));
    expect(readdirSync(join(folder, cellFolder)).sort()).toEqual(files.map(({ path }) => path).sort());
  });

  it("of a repeat lies in a folder of its own beside that of the first run", async () => {
    const store = new EvidenceStore(folder, "on");
    const again = cellAfter([makeFailure("login")], 2);
    await store.keep(worked.result, worked.evidence, "");
    const paths = await store.keep(again.result, again.evidence, "");
    const files = renderRecording(again.evidence.evidence);
    expect(paths).toEqual(files.map(({ path }) => `${cellFolder}/repeat-2/${path}`));
    expect(paths.map((path) => readFileSync(join(folder, path), "utf8"))).toEqual(files.map(({ text }) => text));
    const first = renderRecording(worked.evidence.evidence).map(({ path, text }) => [path, text]);
    for (const [path = "", text] of first) expect(readFileSync(join(folder, cellFolder, path), "utf8")).toBe(text);
  });
});

describe("what is kept", () => {
  it.each([
    ["on", [true, true, true, true]],
    ["retain-on-unexpected", [false, true, true, true]],
    ["off", [false, false, false, false]],
  ] as const)(
    "with the policy %s is, of expected, flaky, unexpected and wanted cells, that of %j",
    (policy, expected) => {
      const store = new EvidenceStore(folder, policy);
      const kept = [worked, flaky, failed].map(({ result }) => store.wants(result, { keepsEvidence: undefined }));
      expect([...kept, store.wants(worked.result, { keepsEvidence: true })]).toEqual(expected);
    },
  );
});
