import {
  describeError,
  formatProblem,
  type HarnessError,
  isInterruption,
  LabError,
  NoCellError,
  ScenarioError,
  UsageError,
} from "../../../harness/model/errors";

const problem = { place: { file: "scenarios/x.yaml", line: 3, column: 7 }, message: "unknown mode `ftsp`" };

describe("an error that is thrown on purpose", () => {
  it.each<readonly [number, string, HarnessError]>([
    [2, "UsageError", new UsageError("m", { code: "unknown-name" })],
    [2, "ScenarioError", new ScenarioError([problem])],
    [3, "LabError", new LabError("rules", "m", { code: "node-command" })],
    [4, "NoCellError", new NoCellError("m", { code: "no-cell" })],
  ])("ends the process with %i: %s", (exitCode, name, error) => {
    expect({ exitCode: error.exitCode, name: error.name }).toEqual({ exitCode, name });
  });

  it("has a code for machines, a hint for people and its cause", () => {
    const cause = new Error("ENOENT");
    const error = new LabError("engine", "no engine", { code: "engine-unreachable", hint: "Start Docker.", cause });
    expect(error).toMatchObject({ phase: "engine", code: "engine-unreachable", hint: "Start Docker.", cause });
    expect(new LabError("engine", "no engine", { code: "engine-unreachable" }).hint).toBeNull();
  });

  it("names every place in an input file that is wrong, as editors make it clickable", () => {
    const second = { place: { file: "scenarios/x.yaml", line: 9, column: 1 }, message: "unknown key" };
    const error = new ScenarioError([problem, second]);
    expect(error.message).toBe("scenarios/x.yaml:3:7: unknown mode `ftsp`\nscenarios/x.yaml:9:1: unknown key");
    expect(error.problems).toEqual([problem, second]);
    expect(error.code).toBe("invalid-input");
    expect(formatProblem(problem)).toBe("scenarios/x.yaml:3:7: unknown mode `ftsp`");
  });
});

describe("anything thrown", () => {
  it("is an interruption where an aborted signal gave it, and nothing else is", () => {
    expect(isInterruption(AbortSignal.abort().reason)).toBe(true);
    expect(isInterruption(new Error("socket hang up"))).toBe(false);
  });

  it("is described by its message, and by its hint where it has one", () => {
    expect(describeError(new UsageError("m", { code: "unknown-name", hint: "h" }))).toEqual({
      message: "m",
      hint: "h",
    });
    expect(describeError(new TypeError("bug"))).toEqual({ message: "bug", hint: null });
    expect(describeError("text")).toEqual({ message: "text", hint: null });
  });
});
