/** Lines that belong in several places, each under a line that says where. */

import type { FirstBreak } from "../../model/first-break";

/** Where lines are to be pasted, and the lines. */
export type Part = { readonly place: string; readonly lines: readonly string[] };

export const inServerConfiguration = "in the server's configuration";
export const onServerHost = "on the server's host";
export const onClientHost = "on the client's host";

/** The place of a router's lines; a recording may come from anybody, and the line is to be pasted. */
export function onRouter(id: string): string {
  return /^[\w-]+$/.test(id) ? `on ${id}` : "on the router";
}

/** The node at whose hand a session broke, in a sentence. */
export function nodeOf(found: FirstBreak | null): string {
  return found !== null && "node" in found.hand ? found.hand.node : "the router";
}

/** The parts one after another; a place is named where there are several, or `isNamed`. */
export function linesOf(parts: readonly Part[], isNamed = false): readonly string[] {
  const filled = parts.filter(({ lines }) => lines.length > 0);
  if (filled.length === 0) return [];
  const named = isNamed || filled.length > 1;
  return filled.flatMap(({ place, lines }) => (named ? [`# ${place}`, ...lines] : lines));
}
