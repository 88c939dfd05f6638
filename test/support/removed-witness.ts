/** Evidence of which one node's witnesses are taken out, and what else might have been true at that node. */
import {
  helperLines,
  type Filter,
  type RouterNode,
  type Topology,
  type TopologyNode,
} from "../../harness/model/topology";
import type { CellEvidence, Gap } from "../../harness/model/evidence";
import type { ServerProfile } from "../../harness/model/server-profile";
import { attachmentsOf, serverOf } from "../../harness/model/network";
import { gap } from "./evidence";
import { profileNamed, profiles } from "./inputs";
import { port, range } from "./networks";
import { withRouter, withServer } from "./variations";

/** The evidence without a word of a node's, and with the gaps that say so. */
export function withoutWitness(evidence: CellEvidence, topology: Topology, node: TopologyNode): CellEvidence {
  const left = withoutWitnessAt(evidence, node);
  // Where servers share the connections, a simulated session is the first one's.
  const isOtherServer = node.kind === "server" && node.id !== serverOf(topology).id;
  return isOtherServer ? { ...left, server: evidence.server } : left;
}

/** The same where one server had the session. */
export function withoutWitnessAt(evidence: CellEvidence, node: Pick<TopologyNode, "id" | "kind">): CellEvidence {
  const { id, kind } = node;
  return {
    ...evidence,
    attempt: kind === "client" ? silent(evidence.attempt) : evidence.attempt,
    server: kind === "server" ? null : evidence.server,
    routers: evidence.routers.filter(({ router }) => router !== id),
    captures: evidence.captures.filter((capture) => capture.node !== id),
    missing: [...evidence.missing, ...gapsOf(node)],
  };
}

/** The name by which proofs call a node. */
export function witnessOf({ kind, id }: TopologyNode): string {
  return kind === "router" ? id : kind;
}

/** What is left where the client's words are lost: that the session failed, and at which stage. */
function silent(attempt: CellEvidence["attempt"]): CellEvidence["attempt"] {
  return { ...attempt, message: null, replyCode: null, stages: [], transcript: [], output: [] };
}

function gapsOf({ kind, id }: Pick<TopologyNode, "id" | "kind">): readonly Gap[] {
  const packets = gap("packets", id);
  switch (kind) {
    case "client":
      return [gap("client", id), packets];
    case "router":
      return [gap("router", id), packets];
    case "server":
      return [gap("server-log", id), packets];
    case "translator":
      return [packets];
  }
}

/** A setting in which one node is not what it was. */
export type World = { readonly topology: Topology; readonly server: ServerProfile; readonly client: string };

/** What a node might be besides what it is: whatever the core matrix knows of its kind that changes how a session ends. */
export function worldsOf(topology: Topology, node: TopologyNode): readonly World[] {
  const own: World = { topology, server: profileNamed("tls-optional"), client: "basic-ftp" };
  switch (node.kind) {
    case "router":
      return routersLike(topology, node).map((change) => ({ ...own, topology: withRouter(topology, node.id, change) }));
    case "server":
      return [
        ...serverAddresses(topology).map((masqueradeAddress) => ({
          ...own,
          topology: withServer(topology, { masqueradeAddress }),
        })),
        ...profiles.map((server) => ({ ...own, server })),
      ];
    case "client":
      return ["", "+no-resume", "+trust-227", "+ignore-227"].map((option) => ({
        ...own,
        client: `basic-ftp${option}`,
      }));
    case "translator":
      return [own];
  }
}

/** Helpers of several kinds and none, filters that pass everything, one direction or nothing new, and other translations. */
function routersLike(topology: Topology, router: RouterNode): readonly Partial<RouterNode>[] {
  const { filter, portForwards, masquerade, make } = router;
  const links = attachmentsOf(topology, router.id).map(({ link }) => link.id);
  const ways = links.flatMap((from) => links.flatMap((to) => (from === to ? [] : [{ from, to }])));
  const controlPorts = [port(21), port(990)];
  const control = ways.map((way) => ({ ...way, ports: controlPorts }));
  const filters: readonly Filter[] = [
    filter,
    { ...filter, related: !filter.related },
    { ...filter, input: "accept", forward: "accept", allow: [] },
    { ...filter, forward: "drop", related: true, allow: control },
    { ...filter, forward: "drop", related: false, allow: control },
    { ...filter, forward: "reject", related: true, allow: control },
    ...ways.map((way): Filter => ({ ...filter, forward: "drop", allow: [...control, { ...way, ports: null }] })),
  ];
  const helpers: readonly Partial<RouterNode>[] = [
    { helperPorts: [] },
    { helperPorts: [21], make: { ...make, helperKnows: helperLines } },
    { helperPorts: [21, 990], make: { ...make, helperKnows: helperLines } },
    { helperPorts: [21], make: { ...make, helperKnows: ["227", "PORT"] } },
  ];
  const forwards = [
    ...(portForwards.length === 0 ? [] : [[range(1, 65_535)], controlPorts]).map((ports) =>
      portForwards.slice(0, 1).map((forward) => ({ ...forward, ports })),
    ),
    portForwards,
  ];
  return filters.flatMap((changed) =>
    helpers.flatMap((helper) =>
      forwards.flatMap((forward) =>
        [masquerade, [], links].map((masqueraded) => ({
          ...helper,
          filter: changed,
          portForwards: forward,
          masquerade: masqueraded,
        })),
      ),
    ),
  );
}

function serverAddresses({ family, links }: Topology): readonly (string | null)[] {
  const all = links.flatMap(({ ends }) => ends.map(({ addresses }) => addresses.first));
  return family === "ipv6" ? [null] : [null, ...all.filter((address) => !address.includes(":"))];
}
