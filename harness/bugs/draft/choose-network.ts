/** Networks of the lab in which a cause may show as a log does. */
import { positionIn } from "../../model/positions";
import type { Symptom } from "../../model/symptom";
import type { Family, Topology } from "../../model/topology";
import { parseAddress } from "../../net/address";
import type { Catalog } from "../../plan/planned-cells";
import type { Candidate } from "../match/candidates";

export type ChosenNetwork = {
  readonly topology: Topology;
  /** What the server in it is told to name in 227 in place of the file's; `null` for no change. */
  readonly announces: string | null;
};

/** A network in which nothing but the address in 227 stands in the way. */
const reachable = "server-nat-range";

/**
 * Those that are known to show the same, the smallest first; one in which the server names the log's own address, where that is the fault;
 * and then all others.
 */
export function networksFor(
  { cause, cells }: Pick<Candidate, "cause" | "cells">,
  symptom: Symptom,
  { topologies }: Catalog,
): readonly ChosenNetwork[] {
  const sizeOf = (id: string): number => topologies.get(id)?.nodes.length ?? 0;
  const bySize = (ids: readonly string[]): string[] => ids.toSorted((one, other) => sizeOf(one) - sizeOf(other));
  const known = bySize([...new Set(cells.map(({ cell }) => cell.topology))]);
  const rest = bySize(topologies.files().map(({ id }) => id)).filter(
    (id) => !known.includes(id) && positionIn(id) === null,
  );
  const named = (ids: readonly string[]): ChosenNetwork[] =>
    ids.flatMap((id) => networkNamed(id, { topologies }) ?? []);
  const wrong =
    cause === "passive-address-unroutable" ? named([reachable]).flatMap((network) => announcing(symptom, network)) : [];
  const family = familyOf(symptom);
  return [...named(known), ...wrong, ...named(rest)].filter(
    ({ topology }) => family === null || topology.family === family,
  );
}

/** IPv4 or IPv6, as far as an address of the log tells. */
function familyOf({ announced, dialled }: Symptom): Family | null {
  const addresses = [dialled, announced?.address ?? null].flatMap((text) => parseAddress(text ?? "") ?? []);
  return addresses[0]?.family ?? null;
}

export function networkNamed(id: string, { topologies }: Pick<Catalog, "topologies">): ChosenNetwork | null {
  const topology = topologies.get(id);
  return topology === undefined ? null : { topology, announces: null };
}

function announcing({ data, announced, dialled }: Symptom, { topology }: ChosenNetwork): ChosenNetwork[] {
  const address = announced?.address ?? null;
  if (data !== "pasv" || address === null || address === dialled) return [];
  if (parseAddress(address)?.family !== "ipv4") return [];
  const nodes = topology.nodes.map((node) => (node.kind === "server" ? { ...node, masqueradeAddress: address } : node));
  return [{ topology: { ...topology, nodes }, announces: address }];
}
