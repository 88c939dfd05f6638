import type { TimelineEntry } from "../../model/timeline";

/** A person reads no more, and a recording may hold anything. */
const mostEntries = 400;

/** The entries up to the bound, in their order, and how many are left out: first what tells least, the latest of it first. */
export function bounded(entries: readonly TimelineEntry[]): {
  readonly entries: readonly TimelineEntry[];
  readonly left: number;
} {
  const left = entries.length - mostEntries;
  if (left <= 0) return { entries, left: 0 };
  const order = entries.map((entry, index) => ({ index, weight: weightOf(entry) }));
  order.sort((one, other) => one.weight - other.weight || other.index - one.index);
  const dropped = new Set(order.slice(0, left).map(({ index }) => index));
  return { entries: entries.filter((_, index) => !dropped.has(index)), left };
}

/** A packet that arrived unchanged says less than one that did not; how a session went on says less than where it ended. */
function weightOf(entry: TimelineEntry): number {
  switch (entry.kind) {
    case "packet":
      if (entry.lostAt !== null || entry.icmp !== null || /SYN|RST/.test(entry.flags)) return 3;
      return entry.length > 0 && entry.retransmissions === 0 ? 0 : 1;
    case "line":
      return entry.sent === null || entry.received === null ? 1 : 2;
    case "remark":
      return 1;
    case "decision":
    case "expectation":
      return 3;
    case "stage":
      return 4;
  }
}
