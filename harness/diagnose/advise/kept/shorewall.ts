/** Shorewall's files (shorewall-rules(5), shorewall-snat(5)). */
import type { Done } from "./done";
import { escapePattern } from "../../../text/patterns";
import { isForwarded, loadModule, type Machine, type Tool } from "./tool";

export const shorewall: Tool = {
  name: "Shorewall",
  wrote: (rules) => /^:shorewall - /m.test(rules),
  words: (done, machine) => wordsFor(done, machine),
  loads: ["shorewall check && shorewall reload"],
  place: "in /etc/shorewall/start",
};

const inRules = "   # in /etc/shorewall/rules, below ?SECTION NEW and before other rules";

function wordsFor(done: Done, machine: Machine): readonly string[] | null {
  const { rules, arrivals, towards } = machine;
  const zoneOf = (link: string | null): string | null => (link === null ? null : zoneIn(rules, link));
  switch (done.kind) {
    case "take": {
      const zones = [...new Set(arrivals.map(zoneOf))].filter((zone) => zone !== null);
      return zones.length === 0 ? null : zones.map((zone) => `ACCEPT ${zone} $FW tcp ${done.ports}${inRules}`);
    }
    case "pass": {
      if (isForwarded(done, machine, wordsFor)) return [];
      const [from, to] = [zoneOf(done.from), zoneOf(done.out)];
      // Within a zone it takes `routeback` too.
      if (from === null || to === null || from === to) return null;
      const host = (zone: string, address: string | null): string => (address === null ? zone : `${zone}:${address}`);
      return [`ACCEPT ${host(from, done.source)} ${host(to, done.destination)} tcp ${done.ports}${inRules}`];
    }
    case "forward": {
      const [from, to] = [zoneOf(done.on), zoneOf(towards(done.to))];
      // Inside, the router's address outside and its own source would have to be told too.
      if (from === null || to === null || from === to) return null;
      const target = done.toPort === null ? done.to : `${done.to}:${done.toPort}`;
      return [`DNAT ${from} ${to}:${target} tcp ${done.ports}${inRules}`];
    }
    case "module":
      return loadModule(done.name);
    case "frame":
      return [];
    case "hide":
    case "helper":
      return null;
  }
}

/** The zone of an interface, by the chain for what comes from there: through the firewall, or to itself. */
function zoneIn(rules: string, link: string): string | null {
  const own = escapePattern(link);
  const [, through, to] =
    new RegExp(`^-A FORWARD -i ${own} -[jg] (\\w+)_frwd$|^-A INPUT -i ${own} -[jg] ([A-Za-z]\\w*)-\\w+$`, "m").exec(
      rules,
    ) ?? [];
  return through ?? to ?? null;
}
