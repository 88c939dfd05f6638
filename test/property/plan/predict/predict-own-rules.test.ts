import fc from "fast-check";
import { dataCommandsOf, modes, operations } from "../../../../harness/model/axes";
import { expectedFrom } from "../../../../harness/plan/expected";
import { makeCell } from "../../../support/cells";
import { profileNamed, topologies } from "../../../support/inputs";
import { asText } from "../../../support/own-rules";
import { network } from "../../../support/random-networks";
import type { ExpectedResult } from "../../../../harness/model/cell";
import type { Topology } from "../../../../harness/model/topology";

/** What is predicted of every cell of a network. */
function predictions(topology: Topology): ReadonlyMap<string, ExpectedResult> {
  const server = profileNamed("tls-optional");
  const axes = dataCommandsOf(topology.family).flatMap((data) =>
    modes.flatMap((mode) => operations.map((operation) => ({ data, mode, operation }))),
  );
  return new Map(
    axes.map((one) => {
      const cell = makeCell({ ...one, topology: topology.id });
      const expected = expectedFrom(cell, { topology, server });
      return [cell.id, expected.unpredicted === true ? expected : { ...expected, reason: "" }];
    }),
  );
}

/** `-m statistic` shares connections out, or loses packets: what such rules do cannot be told of one connection. */
function hangsOnChance(topology: Topology): boolean {
  return topology.nodes.some(
    (node) =>
      node.kind === "router" &&
      (node.make.losesOneIn !== null || node.portForwards.some(({ balance }) => balance !== undefined)),
  );
}

describe("a network whose rules are a user's own file", () => {
  it.each(
    topologies.filter((topology) => !hangsOnChance(topology)).map((topology) => [topology.id, topology] as const),
  )("is predicted as by its keys: %s", (_, topology) => {
    expect(predictions(asText(topology))).toEqual(predictions(topology));
  });

  it("is predicted as by its keys, whatever network it is, unless it depends on the port", () => {
    fc.assert(
      fc.property(network, (topology) => {
        fc.pre(!hangsOnChance(topology));
        const byText = predictions(asText(topology));
        // Keys that let some ports pass count as letting none pass.
        const told = [...byText].filter(([, { unpredicted }]) => unpredicted !== true);
        const byKeys = predictions(topology);
        expect(told).toEqual(told.map(([id]) => [id, byKeys.get(id)]));
        for (const [, { reason }] of [...byText].filter(([, { unpredicted }]) => unpredicted === true)) {
          expect(reason).toMatch(/it depends on the port/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
