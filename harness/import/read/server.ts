/** A server's own configuration → what the network needs of it, with the lines that say so. */
import { UsageError } from "../../model/errors";
import type { PortRange } from "../../model/topology";
import { patchedName, whoPatched } from "../../catalog/servers/vsftpd-names";
import { parseAddress } from "../../net/address";
import type { ServerFiles } from "../host";
import { findLine, originAt, type Piece } from "../pieces/piece";
import { checkSections } from "./check-lines";
import {
  addLeftOut,
  assume,
  placeText,
  readFrom,
  type Inference,
  type Known,
  type LeftOut,
  type Origin,
} from "../place";

/** What ProFTPD's EPSV and vsftpd take where nothing is set (mod_core.c, core_epsv; privops.c, vsf_privop_pasv_listen). */
const anyPort: PortRange = { first: 1024, last: 65_535 };
/** What Linux gives where nothing is set (`net.ipv4.ip_local_port_range`). */
const kernelPort: PortRange = { first: 32_768, last: 60_999 };

export type ServerReading = {
  readonly server: ServerFiles;
  readonly leftOut: readonly LeftOut[];
  readonly inferences: readonly Inference[];
};

/** @throws UsageError where there are files of two softwares, two of one that has one file, or one was cut off */
export function readServer(pieces: readonly Piece[]): ServerReading | null {
  const softwares = (["proftpd", "vsftpd", "pure-ftpd"] as const).filter((kind) =>
    pieces.some((piece) => piece.kind === kind || (kind === "pure-ftpd" && piece.kind === "pure-ftpd-option")),
  );
  const [software, ...others] = softwares;
  if (software === undefined) return null;
  if (others.length > 0) {
    const hint = "Give the files of only one, or say which machine each belongs to: NAME=FILE.";
    throw new UsageError(`One machine has configurations of ${softwares.join(" and ")}.`, {
      code: "import-two-machines",
      hint,
    });
  }
  const own = pieces.filter(
    ({ kind }) => kind === software || (software === "pure-ftpd" && kind === "pure-ftpd-option"),
  );
  switch (software) {
    case "proftpd":
      return proftpdWithout(own);
    case "vsftpd":
      return { server: vsftpd(own), ...patchedSettings(own, pieces) };
    case "pure-ftpd":
      return pureFtpd(own);
  }
}

/** Words of TLSOptions that ProFTPD had up to 1.3.5, and without which newer ones do the same: they ask for no certificate. */
const retiredOption = /\s+NoCertRequest(?=\s|$)/i;

/** The files as ProFTPD 1.3.8 takes them. */
function proftpdWithout(pieces: readonly Piece[]): ServerReading {
  for (const piece of pieces) checkSections(piece);
  const leftOut: LeftOut[] = [];
  const taken = pieces.map((piece) => ({
    ...piece,
    lines: piece.lines.map((line, index) => {
      if (!/^\s*TLSOptions\s/i.test(line) || !retiredOption.test(line)) return line;
      const from = originAt(piece, index);
      addLeftOut(leftOut, { what: "NoCertRequest", why: "ProFTPD 1.3.8 no longer has the word", from, decides: false });
      const rest = line.replace(retiredOption, "");
      return /^\s*TLSOptions\s*$/i.test(rest) ? `# ${line.trim()}` : rest;
    }),
  }));
  return { server: proftpd(taken), leftOut, inferences: [] };
}

function proftpd(pieces: readonly Piece[]): ServerFiles {
  // The main file is the one that includes others, or the one that is called so.
  const isMain = ({ from, path, lines }: Piece): boolean =>
    (path ?? from.file).endsWith("proftpd.conf") || lines.some((line) => /^\s*(ServerName|ServerType)\b/i.test(line));
  const ordered = [...pieces.filter(isMain), ...pieces.filter((piece) => !isMain(piece))];
  const outside = ordered.map(withoutVirtualHosts);
  const port = firstOf(outside, /^\s*Port\s+(\d+)/i);
  const range = firstOf(ordered, /^\s*PassivePorts\s+(\d+)\s+(\d+)/i);
  const address = firstOf(ordered, /^\s*MasqueradeAddress\s+"?([^\s"]+)/i);
  return {
    software: "proftpd",
    files: ordered.map(fileOf),
    controlPort: portOf(port, "proftpd has no Port line"),
    passivePorts: rangeOf(
      range?.groups[1],
      range?.groups[2],
      range?.from ?? null,
      "proftpd has no PassivePorts line, so it takes any port",
    ),
    announces: addressOf(address, "proftpd has no MasqueradeAddress line"),
    profile: null,
  };
}

/** A virtual host has a port of its own. */
function withoutVirtualHosts(piece: Piece): Piece {
  let inside = false;
  const lines = piece.lines.map((line) => {
    if (/^\s*<VirtualHost\b/i.test(line)) inside = true;
    const kept = inside ? "" : line;
    if (/^\s*<\/VirtualHost>/i.test(line)) inside = false;
    return kept;
  });
  return { ...piece, lines };
}

function vsftpd(pieces: readonly Piece[]): ServerFiles {
  const [first, second] = pieces;
  if (second !== undefined && first !== undefined) {
    const hint = "vsftpd reads one file. Give only that one.";
    throw new UsageError(`${first.from.file} and ${second.from.file} are both a vsftpd.conf.`, {
      code: "import-two-machines",
      hint,
    });
  }
  const [least, most] = [lastOf(pieces, /^pasv_min_port\s*=\s*(\d+)/), lastOf(pieces, /^pasv_max_port\s*=\s*(\d+)/)];
  return {
    software: "vsftpd",
    files: pieces.map(fileOf),
    controlPort: portOf(lastOf(pieces, /^listen_port\s*=\s*(\d+)/), "vsftpd has no listen_port line"),
    passivePorts: rangeOf(
      least?.groups[1],
      most?.groups[1],
      least?.from ?? null,
      "vsftpd has no pasv_min_port and pasv_max_port, so it takes any port",
    ),
    announces: addressOf(lastOf(pieces, /^pasv_address\s*=\s*(\S+)/), "vsftpd has no pasv_address line"),
    profile: null,
  };
}

const redHats =
  /\b(?:Red Hat|RHEL|CentOS|AlmaLinux|Rocky|Oracle Linux|Amazon Linux|Fedora|openSUSE|SUSE|SLES)\b|\.(?:el|fc|amzn)\d+|\/etc\/pki\/|\/etc\/vsftpd\//;
const debians = /\b(?:Debian|Ubuntu|Raspbian|Linux Mint)\b|ssl-cert-snakeoil/;

/** Settings that only a patched vsftpd knows, which the lab's gets under Debian's name or not at all; `all` shows the system. */
function patchedSettings(own: readonly Piece[], all: readonly Piece[]): Omit<ServerReading, "server"> {
  const leftOut: LeftOut[] = [];
  const inferences: Inference[] = [];
  const shown = (pattern: RegExp): Origin | null =>
    all.flatMap((piece) => {
      const ofPath = piece.path !== null && pattern.test(piece.path) ? piece.from : null;
      return findLine(piece, pattern)?.from ?? ofPath ?? [];
    })[0] ?? null;
  const debian = shown(debians);
  const isRedHat = shown(redHats) !== null || all.some(({ kind }) => kind === "firewalld");
  for (const piece of own) {
    for (const [index, line] of piece.lines.entries()) {
      const name = /^\s*([a-z0-9_]+)=/.exec(line)?.[1] ?? "";
      const patched = patchedName(name);
      const from = originAt(piece, index);
      if (patched === null) continue;
      if (patched.kind === "added") {
        const why = `the vsftpd of ${whoPatched(patched)} knows it, the lab's does not, and no connection depends on it`;
        addLeftOut(leftOut, { what: name, why, from, decides: false });
        continue;
      }
      const what = `${name} is ${patched.to} in the lab, where vsftpd has that name for it`;
      const why =
        debian === null
          ? `only the vsftpd of ${whoPatched(patched)} has the name, and no file shows the system`
          : `${placeText(debian)} shows Debian or Ubuntu, whose vsftpd does not start with ${placeText(from)}; the lab takes the line for what it means`;
      inferences.push(isRedHat ? { kind: "read", what, from } : { kind: "assumed", what, why });
    }
  }
  return { leftOut, inferences };
}

/** Options that the lab's own profile sets, or that become keys of it. */
const ownedByLab =
  /^(Bind|Daemonize|PIDFile|TLS|CertFile|CertFileAndKey|PassivePortRange|ForcePassiveIP|UnixAuthentication|PAMAuthentication|PureDB|ExtAuth|LDAPConfigFile|MySQLConfigFile|PGSQLConfigFile|NoAnonymous|AnonymousOnly|MinUID|ChrootEveryone|Umask|DontResolve|LogPID|VerboseLog|AltLog|SyslogFacility|IPV4Only|IPV6Only|MaxClientsNumber|MaxClientsPerIP|FSCharset|FileSystemCharset|FortunesFile|TrustedGID|CallUploadScript|MaxLoad|MaxDiskUsage|PerUserLimits|Quota|TrustedIP|CustomerProof|AnonymousBandwidth|UserBandwidth|AnonymousRatio|UserRatio)$/i;

/** Options that the lab's Pure-FTPd 1.0.50 takes beside those, with the form of their values (src/simpleconf_ftpd.h). */
const taken =
  /^((AllowAnonymousFXP|AllowDotFiles|AllowUserFXP|AnonymousCanCreateDirs|AnonymousCantUpload|AntiWarez|AutoRename|BrokenClientsCompatibility|CreateHomeDir|DisplayDotFiles|KeepAllFiles|NATmode|NoChmod|NoRename|NoTruncate|ProhibitDotFilesRead|ProhibitDotFilesWrite) (yes|no|on|off|true|false|0|1)|MaxIdleTime \d+|LimitRecursion \d+ \d+|TLSCipherSuite \S+)$/i;

/** The options of the command line that concern the network (pure-ftpd(8)), by the names of the file. */
const shortOptions: Readonly<Record<string, string>> = {
  p: "PassivePortRange",
  P: "ForcePassiveIP",
  S: "Bind",
  Y: "TLS",
  N: "NATmode",
  w: "AllowUserFXP",
  b: "BrokenClientsCompatibility",
};
const longOptions: Readonly<Record<string, string>> = {
  passiveportrange: "PassivePortRange",
  forcepassiveip: "ForcePassiveIP",
  bind: "Bind",
  tls: "TLS",
  natmode: "NATmode",
  allowuserfxp: "AllowUserFXP",
  brokenclientscompatibility: "BrokenClientsCompatibility",
};

type Setting = { readonly name: string; readonly value: string; readonly from: Piece["from"] };

/** The lab takes no file of Pure-FTPd's, so that its options become a profile. */
function pureFtpd(pieces: readonly Piece[]): ServerReading {
  const settings = pieces.flatMap(pureFtpdSettings);
  const leftOut: LeftOut[] = [];
  const of = (name: string): Setting | undefined =>
    settings.findLast((one) => one.name.toLowerCase() === name.toLowerCase());
  const directives = settings.flatMap(({ name, value, from }) => {
    const line = `${name} ${value.replace(/\s+/g, " ")}`;
    if (!ownedByLab.test(name)) {
      if (taken.test(line)) return [line];
      addLeftOut(leftOut, { what: name, why: "Pure-FTPd 1.0.50 does not take this line", from, decides: false });
      return [];
    }
    if (!/^(Bind|TLS|PassivePortRange|ForcePassiveIP)$/i.test(name)) {
      addLeftOut(leftOut, {
        what: "settings of accounts, logs and limits",
        why: "the lab sets them",
        from,
        decides: false,
      });
    }
    return [];
  });
  const [first, last] = (of("PassivePortRange")?.value ?? "").split(/[\s:]+/);
  const port = /(?:^|,)(\d+)$/.exec(of("Bind")?.value ?? "")?.[1];
  const bind = of("Bind");
  const forced = of("ForcePassiveIP");
  const tls = { "0": "none", "1": "off", "2": "auth", "3": "on" }[of("TLS")?.value ?? "0"] ?? "off";
  const server: ServerFiles = {
    software: "pure-ftpd",
    files: pieces.filter(({ kind }) => kind === "pure-ftpd").map(fileOf),
    controlPort:
      port === undefined || bind === undefined
        ? assume(21, "pure-ftpd has no Bind line")
        : readFrom(Number(port), bind.from),
    passivePorts: rangeOf(
      first === "" ? undefined : first,
      last,
      of("PassivePortRange")?.from ?? null,
      "pure-ftpd has no PassivePortRange, so the kernel gives any port",
      kernelPort,
    ),
    announces:
      forced === undefined ? assume(null, "pure-ftpd has no ForcePassiveIP") : readFrom(forced.value, forced.from),
    profile: { tls: tls === "none" ? null : tls, directives },
  };
  return { server, leftOut, inferences: [] };
}

function pureFtpdSettings(piece: Piece): readonly Setting[] {
  if (piece.kind === "pure-ftpd-option") {
    const name = (piece.path ?? piece.from.file).replace(/^.*\//, "");
    const at = piece.lines.findIndex((line) => line.trim() !== "");
    return [{ name, value: (piece.lines[at] ?? "").trim(), from: originAt(piece, Math.max(0, at)) }];
  }
  return piece.lines.flatMap((line, index): Setting[] => {
    const from = originAt(piece, index);
    if (/(^|\s)(\S*\/)?pure-ftpd(-\w+)?\s+-/.test(line)) return commandLine(line, from);
    const [, name, value] = /^\s*([A-Za-z0-9]+)\s+"?(.*?)"?\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value, from }];
  });
}

function commandLine(line: string, from: Piece["from"]): Setting[] {
  const words = line.trim().split(/\s+/);
  return words.flatMap((word, at): Setting[] => {
    const [, long, given] = /^--([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    const [, short, joined] = /^-([A-Za-z])(.*)$/.exec(long === undefined ? word : "") ?? [];
    const name = long === undefined ? shortOptions[short ?? ""] : longOptions[long];
    if (name === undefined) return [];
    const value = given ?? (joined === undefined || joined === "" ? (words[at + 1] ?? "") : joined);
    return [{ name, value: value.replace(/^["']|["']$/g, ""), from }];
  });
}

type Found = NonNullable<ReturnType<typeof findLine>>;

function firstOf(pieces: readonly Piece[], pattern: RegExp): Found | null {
  return pieces.flatMap((piece) => findLine(piece, pattern) ?? [])[0] ?? null;
}

/** Of several lines the last one counts. */
function lastOf(pieces: readonly Piece[], pattern: RegExp): Found | null {
  const reversed = pieces.map((piece) => {
    const at = piece.lines.findLastIndex((line) => pattern.test(line));
    const groups = pattern.exec(piece.lines[at] ?? "");
    return groups === null ? null : { groups, from: originAt(piece, at) };
  });
  return reversed.findLast((found) => found !== null) ?? null;
}

function portOf(found: Found | null, why: string): Known<number> {
  const port = Number(found?.groups[1] ?? 0);
  return found === null || port === 0 ? assume(21, why) : readFrom(port, found.from);
}

function rangeOf(
  first: string | undefined,
  last: string | undefined,
  from: Piece["from"] | null,
  why: string,
  otherwise = anyPort,
): Known<PortRange> {
  const range = { first: Number(first), last: Number(last) };
  const isRange = from !== null && range.first >= 1024 && range.first <= range.last && range.last <= 65_535;
  return isRange ? readFrom(range, from) : assume(otherwise, why);
}

function addressOf(found: Found | null, why: string): Known<string | null> {
  return found === null ? assume(null, why) : readFrom(found.groups[1] ?? null, found.from);
}

function fileOf(piece: Piece): ServerFiles["files"][number] {
  const name = (piece.path ?? piece.from.file).replace(/^\/etc\//, "").replace(/^.*\/(?=[^/]*$)/, "");
  return { name, text: `${piece.lines.join("\n").replace(/\n+$/, "")}\n`, from: piece.from };
}

/** Whether a text is an address, and no name that only the user's own name server knows. */
export function isAddress(text: string | null): text is string {
  return text !== null && parseAddress(text)?.family === "ipv4";
}
