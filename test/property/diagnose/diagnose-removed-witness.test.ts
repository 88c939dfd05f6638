/**
 * What is told as shown with one node's witnesses removed.
 *
 * Evidence proves a cause when every network that would have left the same evidence has that cause. So for each failing cell of the
 * core matrix (every topology, mode and data command, with `list`) and each node, the node's witnesses are removed, and in their
 * place everything is put that the node might have been (`worldsOf`): a router with other helpers, filters and translations, a
 * server with other settings, a client that treats 227 otherwise. Where one of these worlds has another cause, and what is left of
 * its evidence is the same to the last byte, nothing may be told as shown that is not so in that world.
 */
import { diagnose } from "../../../harness/diagnose/diagnose";
import { dataCommandsOf, modes, type DataCommand, type Mode } from "../../../harness/model/axes";
import type { Finding } from "../../../harness/model/diagnosis";
import type { CellEvidence } from "../../../harness/model/evidence";
import type { Topology, TopologyNode } from "../../../harness/model/topology";
import { predictFor } from "../../support/cells";
import { topologies, topologyNamed } from "../../support/inputs";
import { makeLink, makeRouter, makeTopology, port } from "../../support/networks";
import { withoutWitness, withoutWitnessAt, witnessOf, worldsOf, type World } from "../../support/removed-witness";
import { simulate } from "../../support/simulated-evidence";
import { faultRecording, faultRecordings } from "../../support/fault-recordings";
import { recordedSession, recordedSessions } from "../../support/recorded-sessions";
import { lanesOf } from "../../../harness/evidence/timeline/vantage";

type Axes = { readonly mode: Mode; readonly data: DataCommand };

const controlPorts = [port(21), port(990)];

/** What the second router sees is not what the client dialled. */
const twoForwards = makeTopology(
  [
    makeRouter("front", {
      portForwards: [{ on: "internet", ports: controlPorts, to: "10.0.0.2" }],
      filter: { allow: [{ from: "internet", to: "middle", ports: controlPorts }] },
    }),
    makeRouter("back", {
      gateway: "10.0.0.1",
      helperPorts: [21],
      portForwards: [{ on: "middle", ports: controlPorts, to: "192.168.10.10" }],
      filter: { allow: [{ from: "middle", to: "lan", ports: controlPorts }] },
    }),
  ],
  [
    makeLink("internet", ["client", "203.0.113.10"], ["front", "203.0.113.1"]),
    makeLink("middle", ["front", "10.0.0.1"], ["back", "10.0.0.2"]),
    makeLink("lan", ["back", "192.168.10.1"], ["server", "192.168.10.10"]),
  ],
  "203.0.113.1",
);

const networks = [...topologies, twoForwards];

/** The failing cells of a network, each with its evidence. */
const failures = new Map(
  networks.map((topology) => {
    const cells = modes.flatMap((mode) => dataCommandsOf(topology.family).map((data) => ({ mode, data })));
    const recorded = cells.map((axes) => ({
      axes,
      evidence: simulate({ topology: topology.id, ...axes }, { topology }),
    }));
    return [topology, recorded.filter(({ evidence }) => evidence.attempt.result === "failed")] as const;
  }),
);

/** Everything that a diagnosis knows. */
function keyOf({ cell: { mode, data }, ...rest }: CellEvidence): string {
  return JSON.stringify({ ...rest, mode, data });
}

/** The evidence of the worlds with another cause that look the same without the node's witnesses. */
function* doubles(
  { axes, evidence }: { readonly axes: Axes; readonly evidence: CellEvidence },
  node: TopologyNode,
  {
    topology,
    worlds,
    cause,
  }: { readonly topology: Topology; readonly worlds: readonly World[]; readonly cause: string },
): Generator<{ readonly world: World; readonly evidence: CellEvidence; readonly cause: string | null }> {
  const left = keyOf(withoutWitness(evidence, topology, node));
  for (const world of worlds) {
    const predicted = predictFor(world.topology, { ...axes, client: world.client }, world.server);
    if (predicted.cause === cause || predicted.stage !== evidence.attempt.stage) continue;
    const other = simulate({ topology: topology.id, ...axes, client: world.client }, world);
    if (keyOf(withoutWitness(other, topology, node)) === left) {
      yield { world, evidence: other, cause: predicted.cause };
    }
  }
}

describe.each(networks.map((topology) => [topology.id, topology] as const))("in %s", (_, topology) => {
  const cells = failures.get(topology) ?? [];

  it.each(topology.nodes.map((node) => [node.id, node] as const))("without the witnesses of %s", (_id, node) => {
    const worlds = worldsOf(topology, node);
    for (const { axes, evidence } of cells) {
      const left = withoutWitness(evidence, topology, node);
      const { findings } = diagnose(left);
      const certain = findings.filter(({ confidence }) => confidence === "shown");
      if (certain.length === 0) continue;
      const cause = findings[0]?.cause ?? "unknown";
      const name = `${axes.mode} ${axes.data}: ${cause}`;
      if (node.kind !== "server" || left.server === null) {
        const witnesses = certain.flatMap(({ proofs }) => proofs.map(({ witness }) => witness));
        expect({ name, witnesses }).toEqual({ name, witnesses: witnesses.filter((one) => one !== witnessOf(node)) });
      }
      const wrongIn = (whole: CellEvidence, truth: string | null): readonly string[] => {
        const told = diagnose(whole).findings.map((finding) => finding.cause);
        const isWrong = (finding: Finding): boolean =>
          (finding === findings[0] && finding.cause !== truth) || !told.includes(finding.cause);
        return certain.filter(isWrong).map((finding) => finding.cause);
      };
      const truth = predictFor(topology, axes).cause;
      expect({ name, truth, wrong: wrongIn(evidence, truth) }).toEqual({ name, truth, wrong: [] });
      for (const double of doubles({ axes, evidence }, node, { topology, worlds, cause })) {
        const wrong = wrongIn(double.evidence, double.cause);
        expect({ name, truth: double.cause, wrong }).toEqual({ name, truth: double.cause, wrong: [] });
      }
    }
  });
});

it("has worlds that look the same and have another cause", () => {
  const topology = topologyNamed("server-nat-helper");
  const node = topology.nodes.find(({ kind }) => kind === "router");
  const cell = failures.get(topology)?.find(({ axes }) => axes.mode === "ftps" && axes.data === "epsv");
  if (node === undefined || cell === undefined) throw new Error("no such cell");
  const setting = { topology, worlds: worldsOf(topology, node), cause: "helper-blind-to-tls" };
  const causes = new Set([...doubles(cell, node, setting)].map(({ cause }) => cause));
  expect([...causes].sort()).toEqual(["passive-port-not-forwarded"]);
});

/** Sessions of real labs have packets, which the simulated ones lack. */
const recordings = [
  ...recordedSessions.map((name) => [name, recordedSession(name)] as const),
  ...faultRecordings.map((name) => [name, faultRecording(name)] as const),
].filter(([, evidence]) => evidence.attempt.result === "failed");

describe.each(recordings)("in the recorded session %s", (_, evidence) => {
  const [cause] = diagnose(evidence).findings;

  it.each(lanesOf(evidence).map(({ node, kind }) => [node, kind] as const))(
    "without the witnesses of %s",
    (id, kind) => {
      const [root] = diagnose(withoutWitnessAt(evidence, { id, kind })).findings;
      if (root?.confidence === "shown") expect(root.cause).toBe(cause?.cause);
    },
  );
});
