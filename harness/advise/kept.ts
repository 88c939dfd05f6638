/** The tool that writes a machine's rules, and how to make it keep pasted lines: a tool rewrites its rules when it starts. */
import type { Kept } from "../model/advice";

/** What a pasted line does. */
type Done =
  | { readonly kind: "forward"; readonly on: string; readonly ports: string; readonly to: string }
  | { readonly kind: "take"; readonly ports: string }
  | { readonly kind: "pass"; readonly from: string; readonly ports: string }
  | { readonly kind: "hide"; readonly out: string }
  | { readonly kind: "helper" }
  | { readonly kind: "load" };

type Tool = {
  readonly name: string;
  readonly wrote: (rules: string) => boolean;
  /** Its own words for a line; `[]` where another line's bring it along, `null` if it has none. */
  readonly words: (done: Done, all: readonly Done[], rules: string) => readonly string[] | null;
  /** What makes it load them. */
  readonly loads: readonly string[];
  /** Where lines stand for which it has no words. */
  readonly place: string;
};

/** `50000:50100` as others write it. */
function dashed(ports: string): string {
  return ports.replace(":", "-");
}

function openWrtZone(rules: string, link: string): string | null {
  const name = link.replace(/[.+]/g, "\\$&");
  const [, fw4, fw3] =
    new RegExp(
      `iifname (?:"${name}"|\\{[^}]*"${name}"[^}]*\\}) (?:counter \\S+ \\d+ \\S+ \\d+ )?jump (?:dstnat|input)_(\\w+)|-i ${name} .*-j zone_(\\w+)_(?:prerouting|input)`,
    ).exec(rules) ?? [];
  return fw4 ?? fw3 ?? null;
}

function firewalldZone(rules: string, link: string): string | null {
  const name = link.replace(/[.+]/g, "\\$&");
  const pattern = new RegExp(
    `(?:iifname "${name}" (?:goto|jump)|-i ${name} -[gj]) (?:\\w+_)?(?:PRE|IN|FWDI)_([A-Za-z]\\w*)`,
  );
  return pattern.exec(rules)?.[1] ?? null;
}

const isForwarded = (ports: string, all: readonly Done[]): boolean =>
  all.some((one) => one.kind === "forward" && one.ports === ports);

const tools: readonly Tool[] = [
  {
    name: "OpenWrt",
    wrote: (rules) => /^table inet fw4\b|!fw3\b|^:zone_\w+_prerouting\b/m.test(rules),
    words: (done, all, rules) => {
      if (done.kind === "pass") {
        const zone = openWrtZone(rules, done.from);
        if (isForwarded(done.ports, all)) return [];
        return zone === null
          ? null
          : openWrt("rule", { src: zone, dest: "*", dest_port: dashed(done.ports), proto: "tcp", target: "ACCEPT" });
      }
      const wan = all.find((one) => one.kind === "forward" && openWrtZone(rules, one.on) !== "lan");
      // The redirect is reflected into the zone of its target.
      if (done.kind === "hide") return wan === undefined ? null : [];
      if (done.kind !== "forward") return null;
      const zone = openWrtZone(rules, done.on);
      if (zone === "lan") return wan === undefined ? null : [];
      const [address, port] = done.to.split(":");
      if (zone === null || address === undefined) return null;
      return openWrt("redirect", {
        ...{ src: zone, src_dport: dashed(done.ports), dest: "lan", dest_ip: address },
        ...(port === undefined ? {} : { dest_port: port }),
        ...{ proto: "tcp", target: "DNAT" },
      });
    },
    loads: ["uci commit firewall", "service firewall restart"],
    place: "in a script that /etc/config/firewall includes",
  },
  {
    name: "firewalld",
    wrote: (rules) => /^table inet firewalld\b|\b(?:IN|PRE)_public\b|INPUT_ZONES\b/m.test(rules),
    words: (done, all, rules) => {
      const zone =
        done.kind === "forward" ? firewalldZone(rules, done.on) : /goto filter_IN_([A-Za-z]\w*)$/m.exec(rules)?.[1];
      const say = (word: string): readonly string[] => [
        `firewall-cmd --permanent${zone === undefined || zone === null ? "" : ` --zone=${zone}`} ${word}`,
      ];
      if (done.kind === "pass") return isForwarded(done.ports, all) ? [] : null;
      if (done.kind === "take") return say(`--add-port=${dashed(done.ports)}/tcp`);
      if (done.kind === "helper") return say("--add-service=ftp");
      if (done.kind === "load") return [];
      if (done.kind !== "forward") return null;
      const [address, port] = done.to.split(":");
      const to = port === undefined ? "" : `:toport=${port}`;
      return say(`--add-forward-port=port=${dashed(done.ports)}:proto=tcp${to}:toaddr=${address ?? ""}`);
    },
    loads: ["firewall-cmd --reload"],
    place: "in a script that runs after firewalld",
  },
  {
    name: "ufw",
    wrote: (rules) => /^:ufw-|ufw-user-input/m.test(rules),
    words: (done) => (done.kind === "take" ? [`ufw insert 1 allow ${done.ports}/tcp`] : null),
    loads: [],
    place: "in /etc/ufw/before.rules",
  },
  {
    name: "Docker",
    wrote: (rules) => /^:DOCKER\b|chain DOCKER\b/m.test(rules),
    words: (done, all) => {
      if (done.kind === "pass") return isForwarded(done.ports, all) ? [] : null;
      if (done.kind !== "forward") return null;
      const inside = done.to.split(":")[1] ?? done.ports;
      return [
        `- "${dashed(done.ports)}:${dashed(inside)}"   # of the FTP service, under \`ports\` in docker-compose.yml`,
      ];
    },
    loads: [],
    place: "in a script that runs after Docker",
  },
];

function openWrt(type: string, options: Readonly<Record<string, string>>): readonly string[] {
  const own = Object.entries({ name: `FTP ${options["src_dport"] ?? options["dest_port"] ?? ""}`, ...options });
  return [`uci add firewall ${type}`, ...own.map(([key, value]) => `uci set firewall.@${type}[-1].${key}='${value}'`)];
}

/** The forms in which lines are pasted (`router-lines.ts`). */
function doneBy(line: string): Done | null {
  const of = (pattern: RegExp): string | undefined => pattern.exec(line)?.[1];
  const ports = of(/(?:--dport|tcp dport) ([\d:-]+)/)?.replace("-", ":");
  const on = of(/ -i (\S+)/) ?? of(/iifname "([^"]+)"/);
  const out = of(/ -o (\S+)/) ?? of(/oifname "([^"]+)"/);
  const to = of(/--to-destination (\S+)/) ?? of(/dnat (?:ip6? )?to ([^\s']+)/);
  if (line.startsWith("modprobe") || /add (?:table|chain|ct helper)/.test(line)) return { kind: "load" };
  if (/--helper ftp|ct helper set/.test(line)) return { kind: "helper" };
  if (to !== undefined && on !== undefined && ports !== undefined) return { kind: "forward", on, ports, to };
  if (/MASQUERADE|masquerade/.test(line) && out !== undefined) return { kind: "hide", out };
  if (ports === undefined || !/ACCEPT|accept/.test(line)) return null;
  if (/-I INPUT\b/.test(line) || (on === undefined && out === undefined)) return { kind: "take", ports };
  return on === undefined ? null : { kind: "pass", from: on, ports };
}

/** How lines that were pasted beside a machine's own rules are kept; `null` if no tool is known to write them. */
export function keptBy(rules: string, pasted: readonly string[]): Kept | null {
  const writers = tools.filter(({ wrote }) => wrote(rules));
  const done = pasted.map(doneBy);
  const all = done.flatMap((one) => one ?? []);
  const told = done.map((one) => {
    for (const tool of one === null ? [] : writers) {
      const lines = one === null ? null : tool.words(one, all, rules);
      if (lines !== null) return { tool, lines };
    }
    return null;
  });
  const [first] = writers;
  if (first === undefined) return null;
  const used = writers.filter((tool) => told.some((one) => one?.tool === tool));
  const lines = used.flatMap((tool) => {
    const own = told.flatMap((one) => (one?.tool === tool ? one.lines : []));
    return own.length === 0 ? [] : [...own, ...tool.loads];
  });
  const writer = used[0] ?? first;
  return {
    by: (used.length === 0 ? [first] : used).map(({ name }) => name).join(" and "),
    lines: withoutRepeats(lines),
    rest: pasted.filter((_, at) => told[at] === null),
    place: writer.place,
  };
}

/** `uci add` opens a section each time; other commands are said once. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  return lines.filter((line, at) => line.startsWith("uci") || lines.indexOf(line) === at);
}
