/** Questions about what is missing from evidence. The types of the gaps answer them, never their words. */
import type { Gap, GapCollector } from "./evidence";

/**
 * Whether something of a collector is missing, or may be: at one node, or at any where `node` is `null`. A gap that names no node is
 * about all of them.
 */
export function isMissing(missing: readonly Gap[], collector: GapCollector, node: string | null = null): boolean {
  return missing.some(
    (gap) => covers(gap.collector, collector) && (node === null || gap.node === null || gap.node === node),
  );
}

function covers(whole: GapCollector, part: GapCollector): boolean {
  if (whole === part || whole === "recording") return true;
  return whole === "router" && (part === "router-rules" || part === "router-trace" || part === "router-events");
}
