/** The network that the files come to, before it is written. */
import type { PortRange } from "../model/topology";
import type { Host } from "./host";
import type { Inference } from "./place";

export type NodeDraft = {
  readonly id: string;
  readonly role: "client" | "router" | "server";
  readonly gateway: string | null;
  /** Of a client, where there are several. */
  readonly position?: string;
  /** The user's own machine; `null` for one that is made up. */
  readonly host: Host | null;
  /** For what is made up: what it is for, and its rules. */
  readonly made: MadeUp | null;
  /** Interfaces and addresses that its rules name and that, by its files, no machine has. */
  readonly absent?: readonly string[];
};

export type MadeUp = {
  readonly why: string;
  readonly masquerade?: readonly string[];
  readonly forwards?: readonly { readonly on: string; readonly ports: string; readonly to: string }[];
  /** iptables rules of its own, where the keys cannot say it. */
  readonly rules?: string;
};

export type LinkDraft = {
  readonly id: string;
  readonly subnet: string;
  /** By node: an address, or a range. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly interfaces: ReadonlyMap<string, string>;
};

export type ServerDraft = {
  readonly passivePorts: PortRange;
  readonly controlPort: number;
  readonly masqueradeAddress: string | null;
};

/** Where clients stand, in the order of the file; none where there is one client. */
export function positionsIn({ nodes }: Pick<NetworkDraft, "nodes">): readonly string[] {
  return nodes.flatMap(({ position }) => position ?? []);
}

/** All that `network.yaml` says. */
export type NetworkDraft = {
  readonly id: string;
  readonly title: string;
  readonly dial: string;
  readonly nodes: readonly NodeDraft[];
  readonly links: readonly LinkDraft[];
  readonly server: ServerDraft;
  readonly inferences: readonly Inference[];
  readonly notes: readonly string[];
};
