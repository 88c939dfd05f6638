import type { Gap } from "../model/evidence";

/** British: no comma before "and". */
const list = new Intl.ListFormat("en-GB");

/** `the server's logs: no such file`. The reason may hold foreign text, which is not escaped. */
export function gapText(gap: Gap): string {
  const name = nameOf(gap);
  return name === null ? gap.reason : `${name}: ${gap.reason}`;
}

/** A sentence each, but one alone for gaps with the same reason: `the routers and the packets: evidence is off`. */
export function gapTexts(missing: readonly Gap[]): readonly string[] {
  const byReason = new Map<string, Gap[]>();
  for (const gap of missing) byReason.set(gap.reason, [...(byReason.get(gap.reason) ?? []), gap]);
  return [...byReason].flatMap(([reason, gaps]) => {
    const names = gaps.map(nameOf).filter((name) => name !== null);
    const whole = names.length < gaps.length ? [reason] : [];
    return [...whole, ...(names.length === 0 ? [] : [`${list.format(new Set(names))}: ${reason}`])];
  });
}

/** `null` for a recording as a whole, whose reason says what is wrong with it. */
function nameOf({ collector, node }: Gap): string | null {
  switch (collector) {
    case "client":
      return "the client";
    case "server-log":
      return node === null ? "the server's logs" : `the logs of ${node}`;
    case "router":
    case "router-rules":
    case "router-trace":
    case "router-events":
      return node ?? "the routers";
    case "packets":
      return node === null ? "the packets" : `the packets of ${node}`;
    case "recording":
      return null;
  }
}
