import {
  isLogWhole,
  testimonyOf,
  wholeHost,
  wholeRouter,
} from "../../../harness/diagnose/contradictions/reliable-witnesses";
import { observe } from "../../../harness/diagnose/observe/observe";
import { parseRecording } from "../../../harness/evidence/recording/parse-recording";
import { renderRecording } from "../../../harness/evidence/recording/recording";
import { gapCollectors, type CellEvidence, type Gap } from "../../../harness/model/evidence";
import { isMissing } from "../../../harness/model/gaps";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../../harness/model/network";
import type { Topology, TopologyNode } from "../../../harness/model/topology";
import { topologies, topologyNamed } from "../../support/inputs";
import { withoutWitness } from "../../support/removed-witness";
import { simulate } from "../../support/simulated-evidence";

/** Names of nodes that stand for something else in a sentence about evidence. */
const names = [
  "server-router",
  "server",
  "router",
  "the server",
  "the packets",
  "packets",
  "cell",
  "missing",
  "attempt",
];

/** The topology with one of its nodes called otherwise. */
function renamed(topology: Topology, from: string, to: string): Topology {
  const name = (id: string): string => (id === from ? to : id === to ? `${id}-itself` : id);
  return {
    ...topology,
    nodes: topology.nodes.map((node) => ({ ...node, id: name(node.id) })),
    links: topology.links.map((link) => ({
      ...link,
      ends: link.ends.map((end) => ({ ...end, node: name(end.node) })),
    })),
  };
}

const twoRouters = topologyNamed("double-nat-helper");
const strange = names.flatMap((name) => twoRouters.nodes.map(({ id }) => renamed(twoRouters, id, name)));

/** Every node of every network. */
const nodes = [...topologies, ...strange].flatMap((topology) =>
  topology.nodes.map(
    (node) => [`${node.id} of ${topology.nodes.map(({ id }) => id).join(", ")}`, topology, node] as const,
  ),
);

/** A session that worked, with the packets of each node, of which only the handshake of the control connection is here. */
function session(topology: Topology): CellEvidence {
  const evidence = simulate({ topology: topology.id, data: "epsv" }, { topology });
  const order = [
    clientOf(topology),
    ...topology.nodes.filter(({ kind }) => kind === "translator"),
    ...routersOf(topology),
  ];
  const captured = [...order, serverOf(topology)].flatMap(({ id }) =>
    attachmentsOf(topology, id).map(({ link }) => ({ node: id, link: link.id, packets: [], cut: null })),
  );
  return { ...evidence, captures: captured };
}

/** Which collectors are told to be missing, at which nodes of a network. */
function toldMissing(missing: readonly Gap[], topology: Topology): readonly string[] {
  return topology.nodes.flatMap(({ id }) =>
    gapCollectors.filter((collector) => isMissing(missing, collector, id)).map((collector) => `${collector} of ${id}`),
  );
}

const ofRouter = ["router", "router-rules", "router-trace", "router-events"];

function lostBy({ kind, id }: TopologyNode): readonly string[] {
  const own = { client: ["client"], router: ofRouter, server: ["server-log"], translator: [] }[kind];
  return [...own, "packets"].map((collector) => `${collector} of ${id}`);
}

it.each(nodes)("what is missing without %s is noticed, and nothing else", (_, topology, node) => {
  const whole = session(topology);
  const left = withoutWitness(whole, topology, node);
  expect(toldMissing(whole.missing, topology)).toEqual([]);
  expect([...toldMissing(left.missing, topology)].sort()).toEqual([...lostBy(node)].sort());

  const seen = observe(left);
  expect(seen.routersMissing).toBe(node.kind === "router");
  expect(seen.server.seen).toBe(left.server !== null);
  expect(seen.sentNothing).toBe(false);
  expect(isLogWhole(whole)).toBe(true);
  expect(isLogWhole(left)).toBe(node.kind !== "server");

  expect(reliedOn(whole, topology)).toEqual(
    topology.nodes.flatMap(({ id, kind }) => (kind === "translator" ? [] : [id])),
  );
  expect(reliedOn(left, topology)).not.toContain(node.id);
});

/** The nodes whose packets may be held against what others say. */
function reliedOn(evidence: CellEvidence, topology: Topology): readonly string[] {
  const testimony = testimonyOf(evidence);
  if (testimony === null) return [];
  const isWhole = ({ kind, id }: TopologyNode): boolean => {
    if (kind === "translator") return false;
    return (kind === "router" ? wholeRouter(testimony, id) : wholeHost(testimony, kind)) !== null;
  };
  return topology.nodes.filter(isWhole).map(({ id }) => id);
}

/** As version 1.1 of the recordings said it. */
function sentenceOf({ collector, node, reason }: Gap): string {
  if (collector === "router") return `${String(node)}: ${reason}`;
  return collector === "server-log" ? `the server's logs: ${reason}` : `the packets: ${reason}`;
}

const recordable = nodes.filter(([, topology]) => topology.nodes.every(({ id }) => /^[\w.+-]+$/.test(id)));

it.each(recordable)("a recording without %s still says what is missing", (_, topology, node) => {
  const left = withoutWitness(session(topology), topology, node);
  const [json] = renderRecording(left);
  expect(parseRecording(json?.text ?? "")).toEqual({ evidence: left, problems: [] });
});

it.each(recordable.filter(([, , { kind }]) => kind === "router" || kind === "server"))(
  "a recording of version 1.1 without %s is read as it was meant, or more cautiously",
  (_, topology, node) => {
    const left = withoutWitness(session(topology), topology, node);
    const missing = left.missing.map(sentenceOf);
    const { evidence, problems } = parseRecording(JSON.stringify({ ...left, schemaVersion: "1.1", missing }));
    expect(problems).toEqual([]);
    expect(toldMissing(evidence?.missing ?? [], topology)).toEqual(
      expect.arrayContaining(toldMissing(left.missing, topology) as string[]),
    );
    // The names of a recording's parts may mean them; every other name means the router.
    const isClear = node.kind === "server" || !["server", "cell", "missing", "attempt"].includes(node.id);
    expect(evidence !== null && isMissing(evidence.missing, "client")).toBe(!isClear);
  },
);
