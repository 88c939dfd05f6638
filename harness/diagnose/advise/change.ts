import type { AdvisedLines, AdvisedParty, Need } from "../../model/advice";
import type { ServerProfile } from "../../model/server-profile";
import type { RouterNode, ServerNode, Topology, TopologyNode } from "../../model/topology";
import { softwareNamed } from "../../catalog/servers/registry";
import { keptBy } from "./kept/kept";
import { machineIn } from "./kept/machine";
import type { State } from "./state";

/** Lines of shell for a router or a host. */
export type NodeLines = { readonly node: string; readonly lines: readonly string[] };

/** One thing that one party can change. */
export type Change = {
  readonly id: string;
  readonly party: AdvisedParty;
  /** One sentence. */
  readonly what: string;
  readonly exposes?: true;
  readonly pasted?: NodeLines;
  /** The same in keys, for a router that holds no text. */
  readonly keys?: (router: RouterNode) => Partial<RouterNode>;
  readonly server?: ServerChange;
  /** The need that is served in another way, and how. */
  readonly use?: { readonly index: number; readonly as: Partial<Need> };
};

export type ServerChange = {
  /** In the server's own language. */
  readonly directives: readonly string[];
  readonly node?: Partial<ServerNode>;
  readonly profile?: (profile: ServerProfile) => ServerProfile;
};

/** The state with a change made. */
export function applied(state: State, { pasted, keys, server, use }: Change): State {
  const views = pasted === undefined ? state.views : state.views.map((view) => withPasted(view, pasted, keys));
  const uses =
    use === undefined
      ? state.uses
      : state.uses.map((need, index) => (index === use.index ? { ...need, ...use.as } : need));
  const next = { ...state, views, uses };
  return server === undefined ? next : withServer(next, server);
}

function withPasted(topology: Topology, { node: id, lines }: NodeLines, keys: Change["keys"]): Topology {
  const change = (node: TopologyNode): TopologyNode => {
    if (node.id !== id || node.kind === "translator") return node;
    const { userRules } = node;
    if (userRules === undefined) return node.kind === "router" ? { ...node, ...keys?.(node) } : node;
    const known = userRules.pasted ?? [];
    return {
      ...node,
      userRules: { ...userRules, pasted: [...known, ...lines.filter((line) => !known.includes(line))] },
    };
  };
  return { ...topology, nodes: topology.nodes.map(change) };
}

/** A user's own configuration is changed as a person would; what is rendered, by the keys that it is rendered from. */
function withServer(state: State, { directives, node = {}, profile }: ServerChange): State {
  const { userConfig, software } = state.server;
  if (userConfig !== undefined) {
    const text = softwareNamed(software).amend(userConfig.text, directives);
    return { ...state, server: { ...state.server, userConfig: { ...userConfig, text } } };
  }
  const views = state.views.map((view) => ({
    ...view,
    nodes: view.nodes.map((one) => (one.kind === "server" ? { ...one, ...node } : one)),
  }));
  return { ...state, views, server: profile?.(state.server) ?? state.server };
}

/** The state with several changes made, in their order. */
export function withAll(state: State, changes: readonly Change[]): State {
  return changes.reduce(applied, state);
}

/** Lines by the place where they belong. */
export function linesOf(state: State, changes: readonly Change[]): readonly AdvisedLines[] {
  const { views, server } = state;
  const nodes = new Map(views.flatMap((view) => view.nodes.map((node) => [node.id, node])));
  const pasted = [...nodes.values()].flatMap((node): readonly AdvisedLines[] => {
    if (node.kind === "translator") return [];
    const lines =
      node.userRules === undefined
        ? changes.flatMap((change) => (change.pasted?.node === node.id ? change.pasted.lines : []))
        : (node.userRules.pasted ?? []);
    const place = node.kind === "router" ? "router" : "host";
    const kept = keptBy(lines, machineIn(views, node));
    return lines.length === 0 ? [] : [{ place, name: node.id, lines, ...(kept === null ? {} : { kept }) }];
  });
  const directives = changes.flatMap((change) => change.server?.directives ?? []);
  if (directives.length === 0) return pasted;
  const name = server.userConfig?.file ?? softwareNamed(server.software).paths.configuration;
  return [...pasted, { place: "configuration", name, lines: [...new Set(directives)] }];
}
