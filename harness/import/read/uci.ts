/** OpenWrt's `/etc/config/network` and `firewall`, or `uci show` of them → addresses, and the rules that fw3 and fw4 make of them. */
import { madeBy } from "../../diagnose/advise/kept/made-by";
import { parseAddress } from "../../net/address";
import type { Interface, InterfaceAddress } from "../host";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut, type Origin } from "../place";
import { RulesBuilder } from "./build-rules";
import { prefixOf } from "../../net/netmask";
import { subnetAround } from "../numbers";

export type Section = {
  readonly type: string;
  readonly name: string;
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly from: Origin;
};

/** Sections of both files, in their order. */
export function uciSections(piece: Piece): readonly Section[] {
  return piece.kind === "uci-show" ? shown(piece) : written(piece);
}

type Draft = {
  readonly type: string;
  readonly name: string;
  readonly options: Map<string, string[]>;
  readonly from: Origin;
};

function shown(piece: Piece): readonly Section[] {
  const sections = new Map<string, Draft>();
  for (const [index, line] of piece.lines.entries()) {
    const [, path, name = "", option, value = ""] =
      /^((?:firewall|network)\.([@\w]+(?:\[-?\d+\])?))(?:\.(\w+))?=(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (option === undefined)
      sections.set(path, { type: value.replaceAll("'", ""), name, options: new Map(), from: originAt(piece, index) });
    // `'80' '443'` is a list.
    else
      sections.get(path)?.options.set(
        option,
        [...value.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ""),
      );
  }
  return [...sections.values()];
}

function written(piece: Piece): readonly Section[] {
  const sections: Draft[] = [];
  for (const [index, line] of piece.lines.entries()) {
    const [, type, name = ""] = /^\s*config\s+'?(\w+)'?(?:\s+['"]?([\w-]+)['"]?)?/.exec(line) ?? [];
    if (type !== undefined) sections.push({ type, name, options: new Map(), from: originAt(piece, index) });
    const [, key, quoted, bare] = /^\s*(?:option|list)\s+'?(\w+)'?\s+(?:['"]([^'"]*)['"]|(\S+))/.exec(line) ?? [];
    const options = sections.at(-1)?.options;
    if (key !== undefined) options?.set(key, [...(options.get(key) ?? []), ...(quoted ?? bare ?? "").split(" ")]);
  }
  return sections;
}

function one({ options }: Section, name: string): string | null {
  return options.get(name)?.[0] ?? null;
}

function isOn(section: Section, name: string, byDefault: boolean): boolean {
  const value = one(section, name);
  return value === null ? byDefault : ["1", "on", "true", "yes", "enabled"].includes(value);
}

/** The device of each logical network: `wan` may be `eth1`, or `pppoe-wan`. */
export function uciDevices(sections: readonly Section[]): ReadonlyMap<string, string> {
  return new Map(
    sections
      .filter(({ type, name }) => type === "interface" && name !== "loopback")
      .map((section) => {
        const protocol = one(section, "proto") ?? "";
        const device = one(section, "device") ?? one(section, "ifname") ?? section.name;
        const own = /^ppp|^l2tp|^3g|^qmi/.test(protocol)
          ? `${protocol === "3g" ? "3g" : protocol}-${section.name}`
          : one(section, "type") === "bridge"
            ? `br-${section.name}`
            : device;
        return [section.name, own] as const;
      }),
  );
}

export function uciInterfaces(sections: readonly Section[]): readonly Interface[] {
  const devices = uciDevices(sections);
  return sections.flatMap((section): Interface[] => {
    const name = section.type === "interface" ? devices.get(section.name) : undefined;
    if (name === undefined) return [];
    const [address = "", bits] = (one(section, "ipaddr") ?? "").split("/");
    const prefix = bits === undefined ? prefixOf(one(section, "netmask") ?? "255.255.255.0") : Number(bits);
    const addresses = parseAddress(address) === null ? [] : [{ address, prefix, peer: null, from: section.from }];
    return [{ name, addresses, from: section.from }];
  });
}

type Zone = { readonly name: string; readonly devices: readonly string[]; readonly section: Section };

export type UciRules = { readonly piece: Piece; readonly leftOut: readonly LeftOut[] };

/**
 * The rules for IPv4, in the order of fw3 and fw4 (firewall3's zones.c and redirects.c, firewall4's ruleset.uc).
 * @param interfaces the machine's, as other files tell them too: forwards are reflected for the addresses of a zone
 */
export function uciRules(piece: Piece, sections: readonly Section[], interfaces: readonly Interface[]): UciRules {
  const rules = new RulesBuilder();
  const leftOut: LeftOut[] = [];
  const devices = uciDevices(sections);
  const ofType = (type: string): readonly Section[] =>
    sections.filter((section) => section.type === type && isOn(section, "enabled", true));
  const zones: readonly Zone[] = ofType("zone").map((section) => ({
    name: one(section, "name") ?? "",
    devices: [
      ...(section.options.get("device") ?? []),
      ...(section.options.get("network") ?? []).flatMap(
        (network) => devices.get(network) ?? (network.endsWith("6") ? [] : [network]),
      ),
    ].filter((device, at, all) => all.indexOf(device) === at && !device.startsWith("@")),
    section,
  }));
  const [defaults] = ofType("defaults");
  const from = defaults?.from ?? piece.from;
  const policyOf = (section: Section | undefined, name: string): string =>
    (section === undefined ? null : one(section, name))?.toUpperCase() ?? "DROP";
  const add = (table: string, chain: string, words: readonly string[], place: Origin): void => {
    rules.add(table, chain, words, place);
  };
  for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) {
    const policy = policyOf(defaults, chain.toLowerCase());
    rules.setPolicy("filter", chain, policy === "ACCEPT" ? "ACCEPT" : "DROP", from);
    add("filter", chain, "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split(" "), from);
  }
  add("filter", "INPUT", ["-i", "lo", "-j", "ACCEPT"], from);
  for (const rule of ofType("rule")) addRule(rules, rule, zones, leftOut);
  for (const redirect of ofType("redirect")) {
    addRedirect(rules, redirect, zones);
    addReflection(rules, redirect, zones, interfaces);
  }
  for (const forwarding of ofType("forwarding")) {
    const [source, target] = [zoneOf(zones, one(forwarding, "src")), zoneOf(zones, one(forwarding, "dest"))];
    for (const inside of source)
      for (const out of target) add("filter", "FORWARD", ["-i", inside, "-o", out, "-j", "ACCEPT"], forwarding.from);
  }
  for (const { devices: own, section } of zones) {
    for (const device of own) {
      if (policyOf(section, "forward") === "ACCEPT")
        for (const other of own) add("filter", "FORWARD", ["-i", device, "-o", other, "-j", "ACCEPT"], section.from);
      add("filter", "FORWARD", ["-i", device, "-m", "conntrack", "--ctstate", "DNAT", "-j", "ACCEPT"], section.from);
      add("filter", "INPUT", ["-i", device, ...verdictWords(policyOf(section, "input"))], section.from);
      add("filter", "OUTPUT", ["-o", device, ...verdictWords(policyOf(section, "output"))], section.from);
      if (isOn(section, "masq", false)) add("nat", "POSTROUTING", ["-o", device, "-j", "MASQUERADE"], section.from);
    }
  }
  if (policyOf(defaults, "forward") === "REJECT") add("filter", "FORWARD", ["-j", "REJECT"], from);
  if (policyOf(defaults, "input") === "REJECT") add("filter", "INPUT", ["-j", "REJECT"], from);
  for (const include of ofType("include")) {
    addLeftOut(leftOut, {
      what: `include ${one(include, "path") ?? ""}`.trim(),
      why: "the file that it names was not given",
      from: include.from,
      decides: false,
    });
  }
  const remark = madeBy("OpenWrt", new Map(zones.map((zone) => [zone.name, zone.devices])));
  return { piece: rules.toPiece(piece, remark), leftOut };
}

function verdictWords(verdict: string): readonly string[] {
  return verdict === "REJECT" ? ["-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"] : ["-j", verdict];
}

/** `*` is every zone. */
function zoneOf(zones: readonly Zone[], name: string | null): readonly string[] {
  return name === "*"
    ? zones.flatMap(({ devices }) => devices)
    : (zones.find((zone) => zone.name === name)?.devices ?? []);
}

/** Left out, fw3 and fw4 mean TCP and UDP. */
function meansTcp(section: Section): boolean {
  const words = section.options.get("proto") ?? ["tcp", "udp"];
  return words.some((word) => ["tcp", "tcpudp", "all", "any", "*"].includes(word.toLowerCase()));
}

function isIpv4(section: Section): boolean {
  return one(section, "family") !== "ipv6";
}

function matchWords(section: Section, ports: string): readonly (readonly string[])[] {
  const sources = section.options.get("src_ip") ?? [null];
  const words = portWords(section.options.get(ports));
  return sources.map((source) => [...(source === null ? [] : ["-s", source]), "-p", "tcp", ...words]);
}

function portWords(given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  return given.length === 1
    ? ["--dport", (given[0] ?? "").replace("-", ":")]
    : ["-m", "multiport", "--dports", given.map((port) => port.replace("-", ":")).join(",")];
}

function addRule(rules: RulesBuilder, section: Section, zones: readonly Zone[], leftOut: LeftOut[]): void {
  if (!meansTcp(section) || !isIpv4(section)) return;
  const target = (one(section, "target") ?? "DROP").toUpperCase();
  const from = section.from;
  if (target === "HELPER" || one(section, "set_helper") === "ftp") {
    for (const inside of zoneOf(zones, one(section, "src"))) {
      for (const words of matchWords(section, "dest_port"))
        rules.add("raw", "PREROUTING", ["-i", inside, ...words, "-j", "CT", "--helper", "ftp"], from);
    }
    return;
  }
  if (
    !["ACCEPT", "DROP", "REJECT"].includes(target) ||
    section.options.has("ipset") ||
    section.options.has("src_mac")
  ) {
    addLeftOut(leftOut, {
      what: `the rule "${one(section, "name") ?? section.name}"`,
      why: "import does not know this form of it",
      from,
      decides: true,
    });
    return;
  }
  const destination = one(section, "dest_ip");
  const to = destination === null ? [] : ["-d", destination];
  for (const inside of zoneOf(zones, one(section, "src"))) {
    for (const words of matchWords(section, "dest_port")) {
      if (one(section, "dest") === null)
        rules.add("filter", "INPUT", ["-i", inside, ...to, ...words, ...verdictOf(target)], from);
      for (const out of zoneOf(zones, one(section, "dest")))
        rules.add("filter", "FORWARD", ["-i", inside, "-o", out, ...to, ...words, ...verdictOf(target)], from);
    }
  }
}

function verdictOf(target: string): readonly string[] {
  return target === "REJECT" ? ["-j", "REJECT", "--reject-with", "tcp-reset"] : ["-j", target];
}

function addRedirect(rules: RulesBuilder, section: Section, zones: readonly Zone[]): void {
  if (!meansTcp(section) || !isIpv4(section)) return;
  const from = section.from;
  const address = one(section, "dest_ip");
  const port = one(section, "dest_port");
  const dialled = one(section, "src_dip");
  const target = (one(section, "target") ?? "DNAT").toUpperCase();
  for (const device of zoneOf(zones, one(section, target === "SNAT" ? "dest" : "src"))) {
    for (const words of matchWords(section, "src_dport")) {
      const to = dialled === null ? [] : ["-d", dialled];
      if (target === "SNAT") {
        if (dialled !== null)
          rules.add("nat", "POSTROUTING", ["-o", device, "-p", "tcp", "-j", "SNAT", "--to-source", dialled], from);
      } else if (address === null) {
        if (port !== null)
          rules.add("nat", "PREROUTING", ["-i", device, ...to, ...words, "-j", "REDIRECT", "--to-ports", port], from);
      } else {
        rules.add(
          "nat",
          "PREROUTING",
          [
            "-i",
            device,
            ...to,
            ...words,
            "-j",
            "DNAT",
            "--to-destination",
            port === null ? address : `${address}:${port}`,
          ],
          from,
        );
      }
    }
  }
}

/**
 * NAT loopback, on by default: who is in the target's zone and dials the router's address outside is forwarded too, and hidden
 * (firewall3, redirects.c: expand_redirect and print_reflection).
 */
function addReflection(
  rules: RulesBuilder,
  section: Section,
  zones: readonly Zone[],
  interfaces: readonly Interface[],
): void {
  const [source, target] = ["src", "dest"].map((key) => zones.find(({ name }) => name === one(section, key)));
  const [inside, port] = [one(section, "dest_ip"), one(section, "dest_port")];
  const isForward = (one(section, "target") ?? "DNAT").toUpperCase() === "DNAT" && meansTcp(section) && isIpv4(section);
  if (!isForward || !isOn(section, "reflection", true) || inside === null) return;
  if (source === undefined || target === undefined || !isOn(source.section, "masq", false)) return;
  const addressesOf = ({ devices }: Zone): readonly (InterfaceAddress & { readonly device: string })[] =>
    interfaces.flatMap(({ name, addresses }) =>
      devices.includes(name) ? addresses.map((address) => ({ ...address, device: name })) : [],
    );
  const dialled = one(section, "src_dip");
  const outside = dialled === null ? addressesOf(source).map(({ address }) => address) : [dialled];
  const to = port === null ? inside : `${inside}:${port}`;
  const hidden = one(section, "reflection_src") === "external";
  for (const address of outside) {
    for (const { address: own, prefix, device } of addressesOf(target)) {
      const from = ["-s", subnetAround(own, prefix)];
      rules.add(
        "nat",
        "PREROUTING",
        [
          "-i",
          device,
          ...from,
          "-d",
          address,
          "-p",
          "tcp",
          ...portWords(section.options.get("src_dport")),
          "-j",
          "DNAT",
          "--to-destination",
          to,
        ],
        section.from,
      );
      rules.add(
        "nat",
        "POSTROUTING",
        [
          "-o",
          device,
          ...from,
          "-d",
          inside,
          "-p",
          "tcp",
          ...portWords(section.options.get(port === null ? "src_dport" : "dest_port")),
          "-j",
          "SNAT",
          "--to-source",
          hidden ? address : own,
        ],
        section.from,
      );
    }
  }
}
