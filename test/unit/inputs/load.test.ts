import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScenarioError, UsageError } from "../../../harness/model/errors";
import { loadScenario, loadServerProfiles } from "../../../harness/inputs/load";
import { known } from "../../support/known-names";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scenario-load-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return null;
}

describe("loading input files", () => {
  it("reads the YAML files of a folder by id and leaves other files alone", () => {
    for (const id of ["b", "a-b", "a"]) {
      writeFileSync(join(folder, `${id}.yaml`), "title: t\ndescription: d\ntls: none\n");
    }
    writeFileSync(join(folder, "README.md"), "# Not YAML");
    mkdirSync(join(folder, "servers"));
    expect(loadServerProfiles(folder).map(({ id }) => id)).toEqual(["a", "a-b", "b"]);
  });

  it("tells the problems of all files at once, each with its path", () => {
    writeFileSync(join(folder, "one.yaml"), "title: t\n");
    writeFileSync(join(folder, "two.yaml"), "- a\n");
    const error = thrownBy(() => loadServerProfiles(folder));
    expect(error).toBeInstanceOf(ScenarioError);
    expect((error as ScenarioError).problems.map(({ place }) => place.file)).toEqual([
      join(folder, "one.yaml"),
      join(folder, "one.yaml"),
      join(folder, "two.yaml"),
    ]);
  });

  it.each([
    ["a folder that is not there", () => loadServerProfiles(join(folder, "none")), /does not exist/],
    ["a scenario that is not there", () => loadScenario(join(folder, "none.yaml"), known), /does not exist/],
    ["a folder in place of a scenario", () => loadScenario(folder, known), /it is a folder/],
  ])("says of %s what is wrong, with a hint", (_, load, message) => {
    const error = thrownBy(load);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
    expect((error as UsageError).hint).not.toBeNull();
  });
});
