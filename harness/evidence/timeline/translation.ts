import type { FlowTuple, RouterEvidence } from "../../model/evidence";
import { flowKey, reversed } from "./flow";

/** What a router made of flows: as they arrive → as it sends them on, for both directions of each connection. */
export type Translations = ReadonlyMap<string, FlowTuple>;

/** Reads a router's connection table: the reply tuple is what the answer to the translated packet looks like. */
export function translationsOf({ connections }: RouterEvidence): Translations {
  const translations = new Map<string, FlowTuple>();
  for (const { original, reply } of connections) {
    translations.set(flowKey(original), reversed(reply));
    translations.set(flowKey(reply), reversed(original));
  }
  return translations;
}
