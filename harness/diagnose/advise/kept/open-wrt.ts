/**
 * OpenWrt's configuration by `uci`: firewall4 (root/usr/share/ucode/fw4.uc: parse_rule, parse_redirect, parse_nat) and, with the same
 * options, firewall3.
 */
import { dashed, type Done, type Forward, type Hide } from "./done";
import { isMadeBy, madeZoneOf } from "./made-by";
import { escapePattern } from "../../../text/patterns";
import { isForwarded, type Machine, type Tool } from "./tool";

const name = "OpenWrt";

export const openWrt: Tool = {
  name,
  wrote: (rules) => /^table inet fw4\b|!fw3\b|^:zone_\w+_prerouting\b/m.test(rules) || isMadeBy(name, rules),
  words: (done, machine) => wordsFor(done, machine),
  loads: ["uci commit firewall", "service firewall restart"],
  place: "in a script that /etc/config/firewall includes (config include, option path)",
};

function wordsFor(done: Done, machine: Machine): readonly string[] | null {
  const { rules, arrivals } = machine;
  const zoneOf = (link: string): string | null => zoneIn(rules, link);
  switch (done.kind) {
    case "pass": {
      if (isForwarded(done, machine, wordsFor)) return [];
      const { from, out, source, destination, ports } = done;
      const zone = zoneOf(from);
      if (zone === null) return null;
      const to = out === null ? null : zoneOf(out);
      const places = { src: zone, src_ip: source, dest: to ?? "*", dest_ip: destination };
      return section("rule", ports, { ...places, dest_port: dashed(ports), proto: "tcp", target: "ACCEPT" });
    }
    case "take": {
      const zones = arrivals.map(zoneOf);
      const known = zones.every((zone) => zone !== null) ? [...new Set(zones)] : [];
      return (known.length === 0 ? ["*"] : known).flatMap((src) =>
        section("rule", done.ports, { src, dest_port: dashed(done.ports), proto: "tcp", target: "ACCEPT" }),
      );
    }
    case "forward":
      return forwardWords(done, machine);
    case "hide":
      return hideWords(done, machine);
    case "helper": {
      const zones = [...new Set(arrivals.map(zoneOf))].filter((zone) => zone !== null);
      if (zones.length === 0) return null;
      return zones.flatMap((src) =>
        section("rule", done.port, {
          ...{ src, dest_port: done.port, proto: "tcp", target: "HELPER", set_helper: "ftp" },
        }),
      );
    }
    // It holds nf_conntrack_ftp and nf_nat_ftp, and loads both (package/kernel/linux/modules/netfilter.mk).
    case "module":
      return ["opkg install kmod-nf-nathelper"];
    case "frame":
      return [];
  }
}

/** Connections from a zone that is hidden are reflected into the zone of their target (`option reflection`, on by default). */
function reflects({ ports, to, on }: Forward, machine: Machine): boolean {
  const own = zoneIn(machine.rules, on);
  return machine.all.some((one) => {
    if (one.kind !== "forward" || one.ports !== ports || one.to !== to) return false;
    const zone = zoneIn(machine.rules, one.on);
    return zone !== null && zone !== own && isHidden(machine.rules, one.on, zone);
  });
}

function forwardWords(done: Forward, machine: Machine): readonly string[] | null {
  const { rules, towards } = machine;
  const { on, dialled, ports, to, toPort } = done;
  const zone = zoneIn(rules, on);
  if (zone === null) return null;
  if (!isHidden(rules, on, zone)) {
    if (reflects(done, machine)) return [];
    // Without it, whatever leads out of this zone by these ports would be turned round.
    if (dialled === null) return null;
  }
  const out = towards(to);
  return section("redirect", ports, {
    ...{ src: zone, src_dip: isHidden(rules, on, zone) ? null : dialled, src_dport: dashed(ports) },
    ...{ dest: out === null ? null : zoneIn(rules, out), dest_ip: to, dest_port: toPort, proto: "tcp", target: "DNAT" },
  });
}

function hideWords({ out, source, destination, behind }: Hide, machine: Machine): readonly string[] | null {
  const { all, rules } = machine;
  const to = all.filter((one) => one.kind === "forward" && one.to === destination);
  // What is reflected is hidden too.
  if (behind === null && to.some((one) => one.kind === "forward" && reflects(one, machine))) return [];
  const zone = zoneIn(rules, out);
  if (zone === null) return null;
  const target = behind === null ? { target: "MASQUERADE" } : { target: "SNAT", snat_ip: behind };
  return section("nat", destination ?? "", {
    ...{ src: zone, src_ip: source, dest_ip: destination, proto: "tcp", ...target },
  });
}

/** Sections are named for what they are about; `src` of a `nat` is the zone that packets leave by. */
function section(type: string, about: string, options: Readonly<Record<string, string | null>>): readonly string[] {
  return [
    `uci add firewall ${type}`,
    ...Object.entries<string | null>({ name: `FTP ${dashed(about)}`.trim(), ...options }).flatMap(([key, value]) =>
      value === null ? [] : [`uci set firewall.@${type}[-1].${key}='${value}'`],
    ),
  ];
}

/** By fw4's jumps, by fw3's, or by what `import` remarks. */
function zoneIn(rules: string, link: string): string | null {
  const own = escapePattern(link);
  const [, fw4, fw3] =
    new RegExp(
      `iifname (?:"${own}"|\\{[^}]*"${own}"[^}]*\\}) (?:counter \\S+ \\d+ \\S+ \\d+ )?jump (?:dstnat|input)_([\\w.-]+)|-i ${own} .*-j zone_([\\w.-]+?)_(?:prerouting|input)\\b`,
    ).exec(rules) ?? [];
  return fw4 ?? fw3 ?? madeZoneOf(rules, link);
}

/** Whether whatever leaves by a zone is hidden. */
function isHidden(rules: string, link: string, zone: string): boolean {
  const own = escapePattern(zone);
  return (
    new RegExp(`-A zone_${own}_postrouting .*-j MASQUERADE`).test(rules) ||
    new RegExp(`chain srcnat_${own} \\{[^]*?\\n\\t\\}`).exec(rules)?.[0].includes("masquerade") === true ||
    new RegExp(
      `-A POSTROUTING -o ${escapePattern(link)} .*-j MASQUERADE|-A POSTROUTING -o ${escapePattern(link)} -j MASQUERADE`,
    ).test(rules)
  );
}
