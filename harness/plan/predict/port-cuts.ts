import { perNetwork } from "../../model/per-network";
import type { PortRange, Topology } from "../../model/topology";
import { rulesFilesOf } from "../user-rules";

/** Every port at which some node's rules may begin or cease to hold, in their order. */
export const portCuts = perNetwork((topology): readonly number[] => {
  const cuts = new Set<number>([...cutsOfTexts(topology)]);
  for (const node of topology.nodes) {
    const ranges: readonly PortRange[] =
      node.kind === "router"
        ? [
            ...node.portForwards.flatMap(({ ports }) => ports),
            ...node.filter.allow.flatMap(({ ports }) => ports ?? []),
            ...(node.sourceNats ?? []).flatMap(({ ports }) => ports ?? []),
          ]
        : node.kind === "translator"
          ? []
          : (node.firewall?.accepts ?? []);
    for (const { first, last } of ranges) cuts.add(first).add(last + 1);
  }
  return [...cuts].sort((one, other) => one - other);
});

/** The same of users' own rules alone: every number that may be a port, and the one after it. */
export const cutsOfTexts = perNetwork((topology: Topology): readonly number[] => {
  const texts = topology.nodes.flatMap((node) =>
    node.kind === "translator" || node.userRules === undefined
      ? []
      : [...rulesFilesOf(node.userRules).map((file) => file.text), ...(node.userRules.pasted ?? [])],
  );
  const cuts = new Set<number>();
  for (const text of texts) {
    for (const [number] of text.replace(counters, "").matchAll(numbers)) {
      if (Number(number) <= 65535) cuts.add(Number(number)).add(Number(number) + 1);
    }
  }
  return [...cuts].sort((one, other) => one - other);
});

/** Counters are no ports. */
const counters = /\[\d+:\d+\]|packets \d+ bytes \d+/g;
const numbers = /(?<![\d.])\d{2,5}(?![\d.])/g;
