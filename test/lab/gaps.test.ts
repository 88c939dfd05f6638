import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../../harness/diagnose/diagnose";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { Lab } from "../../harness/lab/lab";
import { routersOf } from "../../harness/model/network";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(60_000);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gaps-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("a router that cannot be asked any more is a gap in the recording, and nothing is shown by its rules", async () => {
  const id = "double-nat-helper/tls-optional/basic-ftp/ftps/pasv/list";
  let lab: Lab | undefined;
  const { cells } = await runCells(choose([id]), {
    folder,
    beforeCells: (ready) => {
      lab = ready;
      return Promise.resolve();
    },
    onEvent: (event) => {
      const router = lab === undefined ? undefined : routersOf(lab.topology).find((one) => one.id === "server-router");
      // The witnesses are asked once the sessions are over.
      if (event.kind === "session-finished" && router !== undefined) lab?.routerShell(router).close();
    },
  });
  expect(cells).toMatchObject([{ id, outcome: "expected", stage: "data-command" }]);
  const { evidence, problems } = readRecording(join(folder, "cells", ...id.split("/")));
  expect(problems).toEqual([]);
  expect(evidence?.routers.map(({ router }) => router)).toEqual(["client-router"]);
  expect(evidence?.missing).toEqual([
    { collector: "router", node: "server-router", reason: expect.stringMatching(/shell ended/) as string },
  ]);
  const findings = evidence === null ? [] : diagnose(evidence).findings;
  expect(findings.map(({ cause, confidence }) => `${cause} (${confidence})`)).toEqual([
    "helper-blind-to-tls (shown)",
    "passive-address-unroutable (likely)",
  ]);
});
