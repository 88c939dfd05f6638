/** The same questions for every client: whether a new one is complete. */
import { dataCommandsOf, modes, operations } from "../../../../harness/model/axes";
import { clientImageOf, clients, resolveClient } from "../../../../harness/catalog/clients/registry";
import type { ClientProgram, ProgramOutcome, ProgramSession } from "../../../../harness/model/program";
import { missingFiles, rowless, unnamed } from "../../../support/missing-files";
import { programSession } from "../../../support/program-output";

/** What a program that never got anywhere left behind. */
const silence: ProgramOutcome = { startedAt: 0, durationMs: 1, exitCode: 1, timedOut: false, output: [], files: [] };

/** Every session that a cell may ask for, without options. */
const sessions: readonly ProgramSession[] = ([4, 6] as const).flatMap((family) =>
  modes.flatMap((mode) =>
    dataCommandsOf(family === 4 ? "ipv4" : "ipv6").flatMap((data) =>
      operations.map((operation) => programSession({ family, mode, data, operation })),
    ),
  ),
);

describe.each(clients)("$id", ({ id, title, options, defaults, program }) => {
  it("has all files that belong to a client", () => {
    expect([
      ...missingFiles({
        [`harness/catalog/clients/${id.replaceAll(".", "-")}.ts`]:
          "a client's id is its file's name, with a dash for each dot",
        [`harness/lab/images/${clientImageOf(id)}/Dockerfile`]: `the image that ${id} lives in`,
      }),
      ...unnamed([id], "scenarios", `a scenario or a report has to run ${id}`),
      ...unnamed([id], "test/unit/catalog/clients", `a test has to show what is read of ${id}'s output`),
      ...rowless("Clients at a glance", [id], "scenarios/README.md"),
    ]).toEqual([]);
  });

  it("says in a line what it is, and of each option what it does", () => {
    expect(title).toMatch(/^\S[^\n]*\S$/);
    for (const [word, { description }] of Object.entries(options)) {
      expect(word).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      expect(description).toMatch(/^\S[^\n]*[^.\s]$/);
    }
  });

  it("takes each of its options in its id", () => {
    expect(resolveClient(id)).toMatchObject({ options: defaults, words: [] });
    for (const [word, { set }] of Object.entries(options)) {
      expect(resolveClient(`${id}+${word}`)).toMatchObject({ options: { ...defaults, ...set }, words: [word] });
    }
  });

  if (program !== null) {
    it("is run in every session that it does not lack, and proves what it lacks", () => {
      const lacking = sessions.filter((session) => program.lacks(session) !== null);
      expect(lacking.length).toBeLessThan(sessions.length);
      for (const session of sessions) expectRunOrLack(program, session);
    });

    it("is not believed to have done anything where it printed nothing", () => {
      for (const session of sessions.filter((one) => program.lacks(one) === null)) {
        expect(program.read(silence, session)).toMatchObject({ succeeded: false, transcript: [], lack: null });
      }
    });

    it("tells its version by a command whose output has it", () => {
      expect(program.version.argv.length).toBeGreaterThan(0);
      // One group, which holds the version.
      expect(new RegExp(`${program.version.pattern.source}|`).exec("")).toHaveLength(2);
    });
  }
});

function expectRunOrLack(program: ClientProgram, session: ProgramSession): void {
  const lack = program.lacks(session);
  if (lack === null) {
    expect(program.command(session).argv[0]).toMatch(/\S/);
    return;
  }
  expect(lack.what).toMatch(/^[^\n]+\.$/);
  // A proof must not hold where the program could not even be asked.
  if (lack.proof.kind === "command") expect(lack.proof.pattern.test("")).toBe(lack.proof.expect === "absent");
}
