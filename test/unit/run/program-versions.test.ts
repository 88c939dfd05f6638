import { clients } from "../../../harness/catalog/clients/registry";
import type { ProgramRequest } from "../../../harness/model/agent-protocol";
import type { ProgramOutcome } from "../../../harness/model/program";
import { programVersions } from "../../../harness/run/program-versions";
import { topologyNamed } from "../../support/inputs";

const topology = topologyNamed("direct");
const packaged = clients.filter(({ program }) => program !== null);

/** A lab whose programs print these lines. */
function labThatPrints(texts: (request: ProgramRequest) => readonly string[]) {
  const requests: ProgramRequest[] = [];
  const runProgram = (request: ProgramRequest): Promise<ProgramOutcome> => {
    requests.push(request);
    const output = texts(request).map((text) => ({ atMs: 0, stream: "stdout" as const, text }));
    return Promise.resolve({ startedAt: 0, durationMs: 1, exitCode: 0, timedOut: false, output, files: [] });
  };
  return { topology, requests, runProgram };
}

describe("versions of packaged clients", () => {
  it("are asked once for each, of a user that no other program has meanwhile", async () => {
    const lab = labThatPrints(() => []);
    await programVersions(lab, packaged);
    expect(lab.requests.map(({ command }) => command.argv)).toEqual(
      packaged.map(({ program }) => program?.version.argv),
    );
    expect(new Set(lab.requests.map(({ uid }) => uid)).size).toBe(packaged.length);
  });

  it("are what the program's own pattern finds, in whichever line", async () => {
    const lab = labThatPrints(({ id }) => (id === "version-curl" ? ["warning", "curl 8.14.1 (x86_64)"] : ["nonsense"]));
    const versions = await programVersions(lab, packaged);
    expect(versions).toMatchObject({ curl: "8.14.1", lftp: "unknown" });
    expect(Object.keys(versions)).toEqual(expect.arrayContaining(packaged.map(({ id }) => id)));
  });

  it("are not asked of what the agent itself drives", async () => {
    const lab = labThatPrints(() => []);
    const agents = clients.filter(({ program }) => program === null);
    expect(await programVersions(lab, agents)).toEqual({});
    expect(lab.requests).toEqual([]);
  });
});
