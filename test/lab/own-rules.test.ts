import { expectedFrom } from "../../harness/plan/expected";
import { withUserRules } from "../../harness/plan/user-rules";
import type { PlannedCell } from "../../harness/model/cell";
import type { Topology } from "../../harness/model/topology";
import { makeCell } from "../support/cells";
import { catalog, runCells } from "../support/lab-run";
import { ownRuleSets, type OwnRuleSet } from "../support/own-rule-sets";

jest.setTimeout(300_000);

/** Own chains, states, negations, nftables, a host: the others say nothing that these do not. */
const inLab = ["fw3", "fw4", "Docker", "ufw on the server, control"];

function placed({ topology: id, node, rules }: OwnRuleSet, index: number): Topology {
  const topology = catalog.topologies.get(id);
  const own = topology === undefined ? "" : withUserRules(topology, [{ node, rules: { ...rules, file: "own.rules" } }]);
  if (typeof own === "string") throw new Error(own);
  return { ...own, id: `own-rules-${index}` };
}

describe("what is predicted of a user's own rules", () => {
  it("is what the kernel does", async () => {
    const sets = ownRuleSets.filter(({ name }) => inLab.some((words) => name.includes(words)));
    expect(sets).toHaveLength(inLab.length);
    const topologies = sets.map(placed);
    const server = catalog.profiles.get("tls-optional");
    if (server === undefined) throw new Error("no profile");
    const planned = topologies.flatMap((topology) =>
      (["ftp", "ftps"] as const).map((mode): PlannedCell => {
        const cell = makeCell({ topology: topology.id, mode, data: "epsv" });
        return { cell, expected: expectedFrom(cell, { topology, server }) };
      }),
    );
    const { cells } = await runCells(planned, { topologies: new Map(topologies.map((own) => [own.id, own])) });
    const told = cells.map(({ id, outcome, result, stage, cause, expected }) => ({
      id,
      outcome,
      result,
      stage,
      cause,
      expected,
    }));
    expect(told.filter(({ outcome }) => outcome !== "expected")).toEqual([]);
    expect(cells.map(({ result, stage }) => stage ?? result)).toEqual(
      sets.flatMap(({ expected }) => [expected.ftp, expected.ftps]),
    );
  });
});
