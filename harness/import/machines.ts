/** Which pieces belong to one machine. */
import { UsageError } from "../model/errors";
import { interfacesIn } from "./read/interfaces";
import { kindWords } from "./pieces/kind-words";
import type { Piece, PieceKind } from "./pieces/piece";
import { hasOneLine, takesFtp } from "./server-place";

/** A machine's name is `""` if nothing tells it. */
export type Machine = { readonly name: string; readonly pieces: readonly Piece[] };

/** A command with what it was asked for: `docker logs ftp1.txt`, `lsmod grep ftp.txt`. */
const commandWords =
  /^(sudo )?((docker|podman) (compose |container )?(logs|inspect|ps|run|exec|network|port|info|config)|cat|tail|head|less|grep|lsmod|ps|dmesg|journalctl|systemctl|logread|tcpdump)\b/;

/** A server's files, which may lie beside those of the router in front. */
const serverKinds: ReadonlySet<PieceKind> = new Set(["proftpd", "vsftpd", "pure-ftpd", "pure-ftpd-option"]);
const addressKinds: ReadonlySet<PieceKind> = new Set(["ip-addr", "ifconfig", "ifupdown"]);
const ruleKinds: ReadonlySet<PieceKind> = new Set([
  "iptables-save",
  "iptables-rules",
  "iptables-listing",
  "iptables-script",
  "nft",
  "ufw-status",
  "firewalld",
  "uci-show",
  "uci-config",
  "compose",
]);

/**
 * Groups pieces by what their files say, then by names of files, then by what fits. @throws UsageError if nothing distinguishes two
 * machines
 */
export function machinesOf(pieces: readonly Piece[]): readonly Machine[] {
  const roots = commonFolder(pieces.map(({ from }) => from.file));
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const key = piece.host ?? hostInName(piece.from.file.slice(roots.length));
    groups.set(key, [...(groups.get(key) ?? []), piece]);
  }
  const machines = withFragments(byFirstName([...groups].map(([name, own]) => ({ name, pieces: own }))));
  return withServerDescribed(
    withServerApart(withServerJoined(withStrays(withNameFound(machines).flatMap(withAddressesApart)))),
  );
}

/** `kvm1-net.txt` is of the machine that `kvm1-iptables-save` names. */
function byFirstName(machines: readonly Machine[]): readonly Machine[] {
  const roots = machines.map(({ name }) => name).filter((name) => name !== "");
  const rootOf = (name: string): string =>
    roots.filter((root) => name.startsWith(`${root}-`)).toSorted((one, other) => one.length - other.length)[0] ?? name;
  return [...new Set(machines.map(({ name }) => rootOf(name)))].map((name) => ({
    name,
    pieces: machines.filter((machine) => rootOf(machine.name) === name).flatMap(({ pieces }) => pieces),
  }));
}

/** What tells a machine's name and its addresses, or a summary, and no rule, configuration or other machine. */
const describingKinds: ReadonlySet<PieceKind> = new Set([
  ...(["ip-addr", "ifconfig", "ifupdown", "ip-route", "ip-rule", "sysctl", "modules", "listening"] as const),
  ...(["ufw-status", "ufw-defaults", "firewalld", "uci-show"] as const),
]);

/**
 * A prompt in one file names the machine of the files that name none: most of its interfaces are theirs, or there can be no other machine.
 */
function withNameFound(machines: readonly Machine[]): readonly Machine[] {
  const nameless = machines.find(({ name }) => name === "");
  const named = machines.filter(({ name }) => name !== "");
  const ruling = nameless?.pieces.filter(({ kind }) => dumpKinds.has(kind) || kind === "uci-config") ?? [];
  if (nameless === undefined || ruling.length === 0) return machines;
  if (nameless.pieces.some(({ kind }) => addressKinds.has(kind))) return machines;
  const text = ruling.flatMap(({ lines }) => lines).join("\n");
  const [best, second] = named
    .map((host) => ({ host, shared: interfacesNamed(host, text) }))
    .toSorted((one, other) => other.shared - one.shared);
  if (best === undefined || best.shared === second?.shared) return machines;
  const { host, shared } = best;
  const isAlone = !nameless.pieces.some(translates);
  const isDescription = host.pieces.every(({ kind }) => describingKinds.has(kind));
  const isServer = host.pieces.every(({ kind }) => describingKinds.has(kind) || serverKinds.has(kind));
  const isOne = isDescription || (isServer && isAlone && !nameless.pieces.some(({ kind }) => serverKinds.has(kind)));
  if (!isOne || (shared === 0 && !(isAlone && named.length === 1))) return machines;
  // A server to which the rules lead is another machine.
  const server = nameless.pieces.filter(isServersFile);
  const rest = nameless.pieces.filter((piece) => !isServersFile(piece));
  const isApart = server.length > 0 && leadElsewhere(rest);
  const joined = { name: host.name, pieces: [...(isApart ? rest : nameless.pieces), ...host.pieces] };
  const others = named.filter((machine) => machine !== host);
  return [joined, ...(isApart ? [{ name: "", pieces: server }] : []), ...others];
}

const isServersFile = ({ kind, path }: Piece): boolean => serverKinds.has(kind) && path === null;

/** Whether rules forward to another machine, and no server of this one is what they let in. */
function leadElsewhere(pieces: readonly Piece[]): boolean {
  return pieces.some(({ lines }) => lines.some(forwardsOut)) && !pieces.some(runsFtp) && !holdsServer(pieces);
}

/** How many of a machine's interfaces the rules of a dump name. */
function interfacesNamed({ pieces }: Machine, dump: string): number {
  const names = pieces.flatMap((piece) => (addressKinds.has(piece.kind) ? interfacesIn(piece) : []));
  return names.filter(
    ({ name }) =>
      name !== "lo" &&
      new RegExp(
        `(?:-[io] |iif(?:name)? "?|oif(?:name)? "?|(?:option|list) (?:device|ifname|name|ports) ')${name.replaceAll(".", "\\.")}(?![\\w.])`,
      ).test(dump),
  ).length;
}

/** Forms that a machine has beside the dump of its rules, and that say no more than it does. */
const fragmentKinds: ReadonlySet<PieceKind> = new Set([
  ...(["iptables-script", "iptables-rules", "compose", "ufw-status", "firewalld", "uci-show", "uci-config"] as const),
]);
const dumpKinds: ReadonlySet<PieceKind> = new Set(["iptables-save", "nft"]);

/** A script, a `docker-compose.yml` or the like that names no machine is of the one whose dump speaks of the same things. */
function withFragments(machines: readonly Machine[]): readonly Machine[] {
  const dumps = machines.filter(({ pieces }) => pieces.some(({ kind }) => dumpKinds.has(kind)));
  return machines.reduce<readonly Machine[]>((all, machine) => {
    const rules = machine.pieces.filter(({ kind }) => ruleKinds.has(kind));
    const isFragment = rules.length > 0 && rules.every(({ kind, host }) => fragmentKinds.has(kind) && host === null);
    const fitting = dumps
      .filter((dump) => dump !== machine)
      .map((dump) => ({ name: dump.name, fit: rules.reduce((sum, piece) => sum + wordsShared(piece, dump), 0) }))
      .toSorted((one, other) => other.fit - one.fit);
    const [best, second] = fitting;
    if (!isFragment || best === undefined || best.fit === 0 || best.fit === second?.fit) return all;
    return all.flatMap((one) => {
      if (one.name === best.name) return [{ ...one, pieces: [...one.pieces, ...rules] }];
      if (one.name !== machine.name) return [one];
      const left = one.pieces.filter((piece) => !rules.includes(piece));
      return left.length === 0 ? [] : [{ ...one, pieces: left }];
    });
  }, machines);
}

/** How many chains, interfaces and addresses of a piece a machine's dump has too. */
function wordsShared(piece: Piece, { pieces }: Machine): number {
  const dump = pieces.filter(({ kind }) => dumpKinds.has(kind)).flatMap(({ lines }) => lines);
  if (piece.kind === "compose") return dump.some((line) => /^:DOCKER |chain DOCKER\b/.test(line)) ? 1 : 0;
  const words = new Set(piece.lines.flatMap((line) => [...line.matchAll(named)].flatMap(([, word]) => word ?? [])));
  const known = new Set(dump.flatMap((line) => line.split(/[^\w.+-]+/)));
  return [...words].filter((word) => known.has(word)).length;
}

/** A chain, an interface or an address that a rule of a script or of OpenWrt's configuration names, or an interface of a list. */
const named =
  /(?:(?:-[AIiosd]|--(?:in|out)-interface|--to(?:-destination)?|interfaces?:) (?:! )?|(?:(?:option|list) |\.)(?:(?:src|dest)_d?ip|device|ifname|ipaddr)[ =]'?)([\w.+-]+)/g;

/** A server's files that name no machine, and the addresses beside them, are of the only one whose rules neither forward nor hide, or that runs its container. */
function withServerJoined(machines: readonly Machine[]): readonly Machine[] {
  const servers = machines.filter(({ pieces }) => pieces.some(({ kind }) => serverKinds.has(kind)));
  const [server] = servers;
  if (servers.length !== 1 || server?.name !== "") return machines;
  const isBare = server.pieces.every(
    ({ kind, host }) => host === null && (serverKinds.has(kind) || describingKinds.has(kind)),
  );
  if (!isBare) return machines;
  const hasAddresses = ({ pieces }: Machine): boolean => pieces.some(({ kind }) => addressKinds.has(kind));
  const described = machines.filter((one) => one !== server && isDescribed(one));
  if (described.length === 1 && !hasAddresses(server))
    return machines.flatMap((one) =>
      one === server ? [] : [one === described[0] ? { ...one, pieces: [...one.pieces, ...server.pieces] } : one],
    );
  const others = machines.filter((one) => one !== server && one.pieces.some(({ kind }) => ruleKinds.has(kind)));
  const running = others.filter(({ pieces }) => pieces.some(runsFtp));
  const hosts =
    running.length > 0 ? running : others.filter(({ pieces }) => !pieces.some(translates) || holdsServer(pieces));
  const [host] = hosts;
  if (hosts.length !== 1 || host === undefined || (hasAddresses(host) && hasAddresses(server))) return machines;
  if (hasAddresses(server) && host.pieces.some(({ lines }) => lines.some((line) => passing.test(line))))
    return machines;
  return machines.flatMap((machine) => {
    if (machine === server) return [];
    return [machine === host ? { ...machine, pieces: [...machine.pieces, ...server.pieces] } : machine];
  });
}

/** Whether rules that translate are of the machine on which the server runs: they forward no FTP, and take it, or lead nowhere else. */
function holdsServer(pieces: readonly Piece[]): boolean {
  return !pieces.some(({ lines }) => lines.some(forwardsFtp)) && (takesFtp(pieces) !== null || hasOneLine(pieces));
}

/** A rule for what passes between two networks: a firewall without translation has them. */
const passing = /^(?:\[\d+:\d+\] )?-A FORWARD .*-[iosd] /;

/** Whether Docker runs the FTP server. */
function runsFtp({ kind, lines }: Piece): boolean {
  return kind === "compose" && lines.some((line) => /\bimage"?:.*ftp|\brun .*ftp|^\s+\S+\/\S*ftp/i.test(line));
}

/** Rules that an engine of containers or of virtual machines writes for what runs on the machine itself. */
const ownGuests =
  /-A (?:DOCKER|LIBVIRT_PRT)\b|-A POSTROUTING -s (\S+) (?:! -d|-d !) \1 |ip saddr (\S+) ip daddr != \2 |-A POSTROUTING -s \S+ ! -o (?:docker|br-|virbr|lxc|lxd|podman|cni)|iifname != "(?:docker|br-)/;

function translates(piece: Piece): boolean {
  if (piece.kind === "compose") return runsFtp(piece);
  return piece.lines.some((line) => translation.test(line) && !/^\s*#/.test(line) && !ownGuests.test(line));
}

const translation =
  /-j (?:MASQUERADE|[DS]NAT)\b|\b(?:masquerade(?: ?$|[^:])|[ds]nat (?:ip6? )?to)|masquerade: yes|option masq '?1|\.masq='?1|config redirect|=redirect$/;

/** Without a name, addresses beside a server's files may be those of the machine that other files name. */
function withAddressesApart(machine: Machine, _: number, all: readonly Machine[]): readonly Machine[] {
  const { name, pieces } = machine;
  const isServerAlone =
    pieces.some(({ kind }) => serverKinds.has(kind)) && !pieces.some(({ kind }) => ruleKinds.has(kind));
  const addresses = pieces.filter(({ kind }) => addressKinds.has(kind));
  if (name !== "" || !isServerAlone || addresses.length === 0) return [machine];
  const stray = { name: "", pieces: pieces.filter(({ kind }) => !serverKinds.has(kind)) };
  const server = { name: "server", pieces: pieces.filter(({ kind }) => serverKinds.has(kind)) };
  const isOfOther = all.some(
    (other) =>
      other !== machine &&
      other.pieces.some(({ kind }) => ruleKinds.has(kind)) &&
      !other.pieces.some(({ kind }) => addressKinds.has(kind)) &&
      fitOf(other, stray) > fitOf(server, stray),
  );
  return isOfOther ? [server, stray] : [machine];
}

function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => file.slice(0, file.lastIndexOf("/") + 1));
  const [first = ""] = folders;
  let common = first;
  while (common !== "" && !folders.every((folder) => folder.startsWith(common))) {
    common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
  }
  return common;
}

/** `router/iptables.txt`, `openwrt-nft.txt` and `gw.iptables-save` name a machine; `iptables-save.txt` does not. */
function hostInName(file: string): string {
  const steps = file.toLowerCase().split("/");
  const base = steps.pop() ?? "";
  // Folders of /etc are no machines.
  const folder = steps.find(
    (step) => !/^(etc|ufw|config|conf\.d|conf|proftpd|vsftpd|pure-ftpd|iptables|sysconfig|network|rules)$/.test(step),
  );
  if (folder !== undefined && folder !== "" && folder !== ".") return folder;
  const all = base.split(/[^a-z0-9]+/).filter((word) => word !== "");
  if (commandWords.test(all.join(" "))) return "";
  const isFlag = (word: string, at: number): boolean => /^\d+$/.test(word) || (at > 0 && word.length === 1);
  const words = all.filter((word, at) => !kindWords.test(word) && !isFlag(word, at));
  return /^[A-Z][A-Za-z]+$/.test(file.split("/").pop() ?? "") ? "" : words.join("-");
}

/** What belongs to no machine by name joins the one that it fits. */
function withStrays(machines: readonly Machine[]): readonly Machine[] {
  const isWhole = ({ pieces }: Machine): boolean =>
    pieces.some(({ kind, host }) => ruleKinds.has(kind) || serverKinds.has(kind) || host !== null);
  const whole = machines.filter(isWhole);
  const strays = machines.filter((machine) => !isWhole(machine));
  if (whole.length === 0) return merge(machines);
  return strays.reduce<readonly Machine[]>((all, stray) => {
    const able = all.filter(
      ({ pieces }) =>
        !pieces.some(({ kind, from }) => stray.pieces.some((own) => own.kind === kind && own.from.file !== from.file)),
    );
    const fitting = able
      .map((machine) => ({ machine, fit: fitOf(machine, stray) }))
      .toSorted((one, other) => other.fit - one.fit);
    const [first, second] = fitting;
    const ruling = fitting.filter(({ machine }) => machine.pieces.some(({ kind }) => ruleKinds.has(kind)));
    const isOfKernel = stray.pieces.every(({ kind }) => kind === "sysctl" || kind === "modules");
    // The kernel's settings and modules matter where rules are.
    const best = first?.fit !== second?.fit ? first : isOfKernel && ruling.length === 1 ? ruling[0] : undefined;
    if (best === undefined) {
      const file = stray.pieces[0]?.from.file ?? "";
      const hint = "Say which machine each file belongs to: NAME=FILE, for example router=addresses.txt.";
      throw new UsageError(`Nothing says which machine ${file} belongs to.`, { code: "import-two-machines", hint });
    }
    return all.map((machine) =>
      machine === best.machine
        ? { name: machine.name || stray.name, pieces: [...machine.pieces, ...stray.pieces] }
        : machine,
    );
  }, whole);
}

/** How many interfaces of the stray's the machine's own text names. */
function fitOf({ pieces }: Machine, stray: Machine): number {
  const text = pieces.map(({ lines }) => lines.join("\n")).join("\n");
  const names = stray.pieces.flatMap((piece) => (addressKinds.has(piece.kind) ? interfacesIn(piece) : []));
  // Who forwards to an address does not have it.
  const own = names.flatMap((one) => one.addresses.map(({ address }) => address));
  // A router may forward other ports to itself.
  const isOther = interfacesNamed(stray, text) > 1;
  const forwards = text
    .split("\n")
    .filter((line) => /dport.*(--to-destination|\bdnat (ip )?to) /.test(line) && (!isOther || forwardsFtp(line)));
  const isTarget = (address: string): boolean =>
    forwards.some((line) =>
      new RegExp(`\\s${address.replaceAll(".", "\\.")}(?![\\d.])`).test(line.replace(/^.*dport/, "")),
    );
  if (own.some(isTarget)) return -1;
  const addresses = names.flatMap((one) => one.addresses.map(({ address }) => address.replace(/\.\d+$/, ".")));
  const words = [
    ...names.map(({ name }) => name).filter((name) => name !== "lo"),
    ...addresses.filter((prefix) => !prefix.startsWith("127.")),
  ];
  return words.filter((word) => text.includes(word)).length;
}

function merge(machines: readonly Machine[]): readonly Machine[] {
  const pieces = machines.flatMap((machine) => machine.pieces);
  return pieces.length === 0
    ? []
    : [{ name: machines.map(({ name }) => name).find((name) => name !== "") ?? "", pieces }];
}

const isForward = /\bDNAT\b|\bdnat (ip )?to\b|^\s*config redirect|=redirect$/;

/** Whether a line forwards to another machine; what Docker publishes beside FTP does not. */
function forwardsOut(line: string): boolean {
  return isForward.test(line) && (!ownGuests.test(line) || forwardsFtp(line));
}

/** Whether a line forwards FTP, or does not say which ports. */
function forwardsFtp(line: string): boolean {
  if (!isForward.test(line) || /^\s*config redirect|=redirect$/.test(line)) return isForward.test(line);
  if (/-p udp\b|\budp dport\b/.test(line)) return false;
  const ports = /--dports? (\S+)/.exec(line)?.[1] ?? /\bdport (\{[^}]*\}|\S+)/.exec(line)?.[1] ?? "21";
  return (
    /(^|[,: {-])(20|21|990|2121|ftp)\b/.test(ports) || /--to-destination \S+:21\b|\bdnat (?:ip )?to \S+:21\b/.test(line)
  );
}

/** The name of a server's files that were told apart from a router's. */
const apart = "server";

/** Files without a name: a server's configuration beside a router's rules is of another machine. */
function withServerApart(machines: readonly Machine[]): readonly Machine[] {
  return machines.flatMap((machine): readonly Machine[] => {
    const server = machine.pieces.filter(isServersFile);
    const rest = machine.pieces.filter((piece) => !isServersFile(piece));
    const hasServerMachine = machines.some(
      (other) => other !== machine && other.pieces.some(({ kind }) => serverKinds.has(kind)),
    );
    return machine.name === "" && server.length > 0 && leadElsewhere(rest) && !hasServerMachine
      ? [
          { name: "", pieces: rest },
          { name: apart, pieces: server },
        ]
      : [machine];
  });
}

/** A server's files that were told apart from a router's are of the machine that tells no more than its addresses, to which the router forwards. */
function withServerDescribed(machines: readonly Machine[]): readonly Machine[] {
  const server = machines.find(({ pieces }) =>
    pieces.every(({ kind, host }) => serverKinds.has(kind) && host === null),
  );
  const lines = machines.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.lines));
  const described = machines.find(
    (one) =>
      isDescribed(one) &&
      one.pieces
        .flatMap((piece) => (addressKinds.has(piece.kind) ? interfacesIn(piece) : []))
        .some(({ addresses }) => addresses.some(({ address }) => lines.some((line) => forwardsTo(line, address)))),
  );
  if (server?.name !== apart || described === undefined) return machines;
  return machines
    .filter((one) => one !== server)
    .map((one) => (one === described ? { ...one, pieces: [...one.pieces, ...server.pieces] } : one));
}

function forwardsTo(line: string, address: string): boolean {
  const target = /(?:--to-destination |\bdnat (?:ip )?to |dest_ip[ =]'?)([\d.]+)/.exec(line)?.[1];
  return target === address;
}

/** Whether it tells its addresses and nothing else. */
function isDescribed({ pieces }: Machine): boolean {
  return pieces.some(({ kind }) => addressKinds.has(kind)) && pieces.every(({ kind }) => describingKinds.has(kind));
}
