/** A user's own `proftpd.conf` in the lab: which lines the lab takes over, what stands around it, and what it comes to. */
import { tlsRequiredValues, type ServerProfile, type ServerTls, type TakenOver } from "../../model/server-profile";
import { parseAddress } from "../../net/address";
import { traitsOf } from "../../model/axes";
import type { Cell } from "../../model/cell";
import type { Topology } from "../../model/topology";
import { accountDirectives, certificateDirectives, daemonDirectives, moduleDirectives } from "./proftpd-conf";
import { addressOf } from "../../model/network";
import { announcedAddress } from "./announced-address";
import { clashOf, listeningAt } from "./configured-network";
import type { ConfiguredPorts, UserConfigSupport, ServerSetup } from "./definition";
import { lintProftpd } from "./lint/proftpd";
import { portRange } from "./port-range";
import { directivesIn, hostsIn, implicitHostIn, valuesOf, type Directive } from "./proftpd-directives";
import { absentLines } from "./proftpd-modules";
import { proftpdPaths } from "./proftpd-paths";

/**
 * What the lab has to own: where it listens, who may log in, where files and logs are, the certificate, name look-ups that nobody
 * answers, and other files, which do not come along. In lower case.
 */
const taken =
  /^(include|loadmodule|defaultaddress|defaultserver|socketbindtight|servertype|useipv6|user|group|pidfile|scoreboardfile|systemlog|sysloglevel|serverlog|transferlog|extendedlog|wtmplog|usereversedns|identlookups|serverident|maxinstances|auth[a-z]*|persistentpasswd|requirevalidshell|defaultroot|defaultchdir|controls[a-z]*|display[a-z]*|tlslog|tls(ec|rsa|dsa)?certificate[a-z]*|tls(dsa|ec|rsa)[a-z]*|tlscacertificate[a-z]*|tlscertificatechainfile|tlsdhparamfile|tlspkcs12file|tlssessioncache|timeoutstalled|timeoutlinger)$/;

function tlsIn(directives: readonly Directive[]): ServerTls | null {
  if (!/^(on|yes|true|1)$/i.test(valuesOf(directives, "tlsengine")?.[0] ?? "")) return null;
  const required = valuesOf(directives, "tlsrequired")?.[0]?.toLowerCase();
  return {
    protocol: valuesOf(directives, "tlsprotocol")?.join(" ") ?? "ALL",
    options: valuesOf(directives, "tlsoptions") ?? [],
    verifyClient: "off",
    required: tlsRequiredValues.find((value) => value === required) ?? "off",
  };
}

/** Ports on which a passive connection may listen where PassivePorts is not set; EPSV takes any of them, and PASV those that Linux gives (mod_core.c, core_epsv). */
const anyPassivePort = { first: 1024, last: 65_535 };

/** The set-up that the file comes to, as far as the prediction asks. */
function effective(
  premises: { readonly topology: Topology; readonly server: ServerProfile },
  isImplicit = false,
): { readonly topology: Topology; readonly server: ServerProfile } {
  const { server: profile } = premises;
  const text = profile.userConfig?.text ?? "";
  const topology = listeningAt(premises.topology, proftpdPorts(text));
  const all = directivesIn(text);
  const directives = (isImplicit ? implicitHostIn(all) : null) ?? all;
  const passivePorts = portRange(...pair(valuesOf(directives, "passiveports"))) ?? anyPassivePort;
  const announced = announcedBy(
    valuesOf(directives, "masqueradeaddress") ?? [],
    topology.dial,
    profile.userConfig?.isOfNetwork,
  );
  const masqueradeAddress = announced !== null && parseAddress(announced) !== null ? announced : null;
  const nodes = topology.nodes.map((node) =>
    node.kind === "server" ? { ...node, passivePorts, masqueradeAddress } : node,
  );
  const foreign = foreignAddressIn(directives);
  const server = { ...profile, tls: tlsIn(directives), ...(foreign === null ? {} : { foreignAddress: foreign }) };
  return { topology: { ...topology, nodes }, server };
}

/** The address of `MasqueradeAddress` in the lab; `null` if it has not one value, which ProFTPD refuses. */
function announcedBy(values: readonly string[], dial: string, isOfNetwork?: true): string | null {
  const [own, ...others] = values;
  return own === undefined || others.length > 0 ? null : announcedAddress(own, dial, true, isOfNetwork);
}

/** The certificate's directives, as far as the file names one: without one AUTH TLS gets 431. Lost files may name one. */
function lacksCertificate(text: string): boolean {
  const directives = directivesIn(text);
  const named = directives.some(({ name }) => /^(tls((rsa|dsa|ec)certificatefile|pkcs12file)|include)$/.test(name));
  return tlsIn(directives) !== null && !named;
}

/** What of a file decides, and the prediction does not know; `null` for nothing. */
export function proftpdUndecided({ userConfig }: ServerProfile, { mode }: Cell): string | null {
  return traitsOf(mode).tls !== "none" && lacksCertificate(userConfig?.text ?? "")
    ? "its configuration asks for TLS and names no certificate"
    : null;
}

/** A class or the name of one is neither on nor off, and lets some in. */
function foreignAddressIn(directives: readonly Directive[]): "on" | "off" | null {
  const value = valuesOf(directives, "allowforeignaddress")?.[0]?.toLowerCase() ?? "";
  if (/^(on|yes|true|1)$/.test(value)) return "on";
  return /^(off|no|false|0)$/.test(value) ? "off" : null;
}

function pair(values: readonly string[] | null): [string | undefined, string | undefined] {
  return [values?.[0], values?.[1]];
}

/** Where the main server and the virtual hosts listen: the first that asks for TLS itself, and the first that begins with it. */
export function proftpdPorts(text: string): ConfiguredPorts {
  const directives = directivesIn(text);
  const isImplicit = (values: readonly string[] | null): boolean => values?.includes("UseImplicitSSL") === true;
  const global = directives.filter(({ context }) => typeof context === "number");
  const main = {
    port: portIn(valuesOf(directives, "port")),
    implicit: isImplicit(valuesOf(directives, "tlsoptions")),
    isSftp: speaksSftp(directives),
  };
  const hosts = hostsIn(directives).map((host) => ({
    port: portIn(valuesOf(host, "port")),
    implicit: isImplicit(valuesOf(host, "tlsoptions") ?? valuesOf(global, "tlsoptions")),
    isSftp: speaksSftp([...host, ...global]),
  }));
  // Port 0 makes a server that is reached by no port (mod_core.c).
  const listening = [main, ...hosts].filter(({ port, isSftp }) => port !== 0 && !isSftp);
  return {
    control: listening.find(({ implicit }) => !implicit)?.port ?? null,
    implicit: listening.find(({ implicit }) => implicit)?.port ?? null,
    passive: portRange(...pair(valuesOf(directives, "passiveports"))),
  };
}

/** mod_sftp makes the server, or the virtual host, in which it is switched on one of SSH. */
function speaksSftp(directives: readonly Directive[]): boolean {
  return /^(on|yes|true|1)$/i.test(valuesOf(directives, "sftpengine")?.[0] ?? "");
}

function portIn(values: readonly string[] | null): number {
  const [port = "21"] = values ?? [];
  return /^\d{1,5}$/.test(port) ? Number(port) : 21;
}

/** The file as ProFTPD gets it: the lab's modules, the user's lines in their places, and what the lab has to own. */
function compose({ topology, server, profile }: ServerSetup): ReturnType<UserConfigSupport["compose"]> {
  const own = profile.userConfig?.text ?? "";
  const address = addressOf(topology, server.id);
  const changed: TakenOver[] = [];
  const absent = new Map(absentLines(own).map(({ index, module }) => [index, module]));
  let isJoined = false;
  const lines = own.split("\n").map((line, index) => {
    const [, blank = "", name = ""] = /^(\s*)(\S+)/.exec(line) ?? [];
    const wasJoined = isJoined;
    const module = absent.get(index);
    if (module !== undefined) {
      changed.push({ line: index + 1, text: line.trim(), kind: "unknown" });
      return `# the lab has no ${module.id}: ${line.replace(/\\$/, "")}`;
    }
    const isTaken = taken.test(name.toLowerCase()) && !name.startsWith("<");
    isJoined = line.endsWith("\\") && (isTaken || wasJoined);
    const note = (text: string): string => {
      const kind = /^include$/i.test(name) ? "lost" : "replaced";
      changed.push({ line: index + 1, text: line.trim(), kind });
      return text;
    };
    if (isTaken || wasJoined) return note(`# taken over by the lab: ${line.replace(/\\$/, "")}`);
    if (/^<virtualhost$/i.test(name)) return note(`${blank}<VirtualHost ${address}>`);
    if (!/^masqueradeaddress$/i.test(name)) return line;
    const values = directivesIn(line)[0]?.values ?? [];
    const announced = announcedBy(values, topology.dial, profile.userConfig?.isOfNetwork);
    return announced === null || announced === values[0] ? line : note(`${blank}${name} ${announced}`);
  });
  const before = ["# The lab's modules; then the user's lines.", ...moduleDirectives(true)];
  const hasTls = tlsIn(directivesIn(own)) !== null && !lacksCertificate(own);
  const certificate = hasTls ? certificateDirectives : [];
  const after = [
    ...["", "# What the lab has to own.", ...daemonDirectives(address)],
    ...["<Global>", ...accountDirectives, ...certificate, "</Global>", ""],
  ];
  return { text: [...before, ...lines, ...after].join("\n"), linesBefore: before.length, changed };
}

export const proftpdUserConfig: UserConfigSupport = {
  compose,
  effective,
  hint: "Name the files that it includes too, each with --server-config; the modules are mod_ls, mod_xfer and mod_tls.",
  lint: lintProftpd,
  ports: proftpdPorts,
  lacks: (text) =>
    speaksSftp(directivesIn(text))
      ? "SFTPEngine on makes its main server one of SFTP (SSH), which is no FTP"
      : clashOf(proftpdPorts(text)),
  check: [`proftpd -t -c ${proftpdPaths.config}`],
  complaint: (output, linesBefore) => {
    // It ends with 0 after some errors, and goes on with the next line after others.
    const line = output.split("\n").find((text) => text.includes(" fatal: ") && !text.includes("Did you mean"));
    if (line === undefined) return null;
    const [, message = line, number] = / fatal: (.*?)(?: on line (\d+) of '[^']*')?$/.exec(line) ?? [];
    // The lab's own lines stand before the user's, and may be what a user's line further on does not go with.
    const own = Number(number) - linesBefore;
    return { message, line: number === undefined || own < 1 ? null : own };
  },
};
