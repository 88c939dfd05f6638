/** A machine of the user's network, as its files tell it. */
import type { PortRange } from "../model/topology";
import type { SoftwareId } from "../model/ids";
import type { Inference, Known, LeftOut, Origin } from "./place";
import type { Piece } from "./pieces/piece";

/** An IPv4 address of an interface. */
export type InterfaceAddress = {
  readonly address: string;
  readonly prefix: number;
  /** The other end of a point-to-point line. */
  readonly peer: string | null;
  readonly from: Origin;
};

export type Interface = {
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly from: Origin;
};

/** `to` is `default` or a CIDR block. */
export type Route = {
  readonly to: string;
  readonly via: string | null;
  readonly device: string | null;
  /** The address that the kernel takes for what it sends itself. */
  readonly source: string | null;
  readonly from: Origin;
};

/** Rules as the lab loads them. */
export type RulesText = { readonly format: "iptables" | "nftables"; readonly text: string; readonly piece: Piece };

/** DNAT of new TCP connections. */
export type Forward = {
  readonly inside: string;
  readonly ports: readonly PortRange[] | null;
  readonly toPorts: PortRange | null;
  readonly on: string | null;
  readonly dialled: string | null;
  readonly from: Origin;
};

/** MASQUERADE or SNAT. */
export type Hiding = {
  readonly out: string | null;
  readonly to: string | null;
  readonly source: string | null;
  readonly from: Origin;
};

/** A server's configuration, unchanged, with what of it the network needs. */
export type ServerFiles = {
  readonly software: SoftwareId;
  readonly files: readonly { readonly name: string; readonly text: string; readonly from: Origin }[];
  readonly controlPort: Known<number>;
  readonly passivePorts: Known<PortRange>;
  /** `null`: none. */
  readonly announces: Known<string | null>;
  /** Keys of a profile in place of files, where the lab takes none of this software. */
  readonly profile: { readonly tls: string | null; readonly directives: readonly string[] } | null;
};

/** A container with published ports. */
export type Container = {
  readonly name: string;
  readonly address: string | null;
  readonly published: readonly { readonly outside: PortRange; readonly inside: PortRange }[];
  readonly from: Origin;
};

export type Host = {
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
  readonly rules: readonly RulesText[];
  readonly forwards: readonly Forward[];
  readonly hidings: readonly Hiding[];
  /** Interfaces that its rules name, each with the first place. */
  readonly named: ReadonlyMap<string, Origin>;
  readonly server: ServerFiles | null;
  readonly containers: readonly Container[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  /** What is assumed of it, beside names and addresses. */
  readonly assumed: readonly Inference[];
};
