import type { Passage, WalkEnd } from "./packet-walk";

/** Why a connection attempt ended where it did, as a clause: `router drops it (FORWARD)`. */
export function describeEnd(end: WalkEnd): string {
  switch (end.kind) {
    case "delivered":
      return `it reaches ${end.node}, where nothing listens`;
    case "untold":
      return end.why;
    case "blocked": {
      const verb = end.silent ? "drops" : "rejects";
      if (end.later === true) return `it arrives, but ${end.node} drops what comes after it`;
      if (end.where === "host") return `the own firewall of ${end.node} ${verb} it (INPUT)`;
      return end.where === "input"
        ? `${end.node} treats it as addressed to itself and ${verb} it (INPUT)`
        : `${end.node} ${verb} it (FORWARD)`;
    }
    case "closed":
      return `${end.node} treats it as addressed to itself, and nothing listens there`;
    case "unreachable":
      return `${end.node} has no route to ${end.destination}`;
    case "no-way-back":
      return end.astray === true
        ? `it arrives, but ${end.node} answers ${end.source} by another route, on which nothing reverses the translation`
        : `it arrives, but ${end.node} has no route back to ${end.source}`;
  }
}

/** What opened the way through each router, as a clause. */
export function describeOpening(passages: readonly Passage[]): string {
  if (passages.length === 0) return "no router is in the way";
  return passages.map(({ router, by }) => `${router.id} ${openings[by]}`).join(", ");
}

const openings: Readonly<Record<Passage["by"], string>> = {
  expectation: "expects it, since its FTP helper read the control connection",
  rule: "allows it by a rule",
  policy: "lets everything through",
};
