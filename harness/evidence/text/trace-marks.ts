/** Chains that mark a packet's way through a node from end to end, and what they tell. */
import type { TraceEnd } from "../../model/evidence";
import { linesOf } from "./lines";

/** The tables in which they are (`plan/trace-marks.ts`): one of the node's family, and one of netdev. */
export const marksTable = "ftp_nat_matrix_marks";

/** netfilter's hooks, in the order in which a packet may come to them. */
const markedHooks = ["prerouting", "input", "forward", "output", "postrouting"] as const;
type MarkedHook = (typeof markedHooks)[number];

/** On the way into a hook, before all rules there, or out of it, behind them. */
export type MarkedHookPlace = `${"enter" | "leave"} ${MarkedHook}`;

/** Where a packet was seen; `left`: going out by a link. */
export type MarkedPlace = MarkedHookPlace | "left";

const places: ReadonlySet<string> = new Set([
  ...markedHooks.flatMap((hook) => [`enter ${hook}`, `leave ${hook}`]),
  "left",
]);

export function isMarkedPlace(text: string): text is MarkedPlace {
  return places.has(text);
}

/** Links at which a chain behind everything else, connection tracking included, sees what goes out (netdev's egress). */
export function sendsOff(ruleset: string): ReadonlySet<string> {
  const links = new Set<string>();
  let table = "";
  for (const line of linesOf(ruleset)) {
    table = /^table (netdev \S+) \{/.exec(line)?.[1] ?? (line.startsWith("table ") ? "" : table);
    const [, link] = /^\t\ttype filter hook egress device "?([^"\s]+)"? /.exec(line) ?? [];
    if (link !== undefined && table === `netdev ${marksTable}`) links.add(link);
  }
  return links;
}

/** The place that a chain of the marks stands for; `null` for one that is none of them. */
export function markedPlace(chain: string, outLink: string, isSentOff: ReadonlySet<string>): MarkedPlace | null {
  if (chain.startsWith("send_")) return "left";
  const place = chain.replace("_", " ");
  if (!isMarkedPlace(place)) return null;
  // Where no chain sees it go out, the last hook is the last that can be told.
  return place === "leave postrouting" && !isSentOff.has(outLink) ? "left" : place;
}

/** Where a packet's way ended that was seen last at this place. */
export function endAt(last: MarkedPlace): TraceEnd {
  switch (last) {
    case "enter prerouting":
    case "enter input":
    case "enter forward":
    case "enter output":
    case "enter postrouting":
      return hookOf(last);
    case "leave prerouting":
    case "leave forward":
    case "leave output":
      return "routing";
    case "leave input":
      return "delivered";
    case "leave postrouting":
      return "postrouting";
    case "left":
      return "left";
  }
}

function hookOf(place: `enter ${MarkedHook}`): MarkedHook {
  return place.slice("enter ".length) as MarkedHook;
}
