import type { ServerFiles } from "../../host";
import { originAt, type Piece } from "../../pieces/piece";
import { addLeftOut, assume, readFrom, type LeftOut } from "../../place";
import { fileOf, kernelPort, rangeOf, type ServerReading } from "./settings";

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
export function readPureFtpd(pieces: readonly Piece[]): ServerReading {
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
