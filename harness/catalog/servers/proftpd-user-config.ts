/** A user's own `proftpd.conf` in the lab: which lines the lab takes over, what stands around it, and what it comes to. */
import { tlsRequiredValues, type ServerProfile, type ServerTls } from "../../model/server-profile";
import type { Topology } from "../../model/topology";
import { accountDirectives, certificateDirectives, daemonDirectives, moduleDirectives } from "./proftpd-conf";
import { addressOf } from "../../model/network";
import { announcedAddress } from "./announced-address";
import type { UserConfigSupport, ServerSetup } from "./definition";
import { portRange } from "./port-range";
import { directivesIn, valuesOf, type Directive } from "./proftpd-directives";
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

/** Ports on which a passive connection may listen where PassivePorts is not set: those that Linux gives away. */
const anyPassivePort = { first: 32768, last: 60999 };

/** The set-up that the file comes to, as far as the prediction asks. */
function effective({ topology, server: profile }: { readonly topology: Topology; readonly server: ServerProfile }) {
  const directives = directivesIn(profile.userConfig?.text ?? "");
  const passivePorts = portRange(...pair(valuesOf(directives, "passiveports"))) ?? anyPassivePort;
  const announced = valuesOf(directives, "masqueradeaddress")?.[0];
  const masqueradeAddress = announced === undefined ? null : announcedAddress(announced, topology.dial);
  const nodes = topology.nodes.map((node) =>
    node.kind === "server" ? { ...node, passivePorts, masqueradeAddress } : node,
  );
  const foreign = foreignAddressIn(directives);
  const server = { ...profile, tls: tlsIn(directives), ...(foreign === null ? {} : { foreignAddress: foreign }) };
  return { topology: { ...topology, nodes }, server };
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

/** Whether a virtual host of the file has implicit TLS on port 990. */
export function hasImplicitHost(text: string): boolean {
  const hosts = directivesIn(text).filter(({ context }) => context === "host");
  const has = (name: string, value: string): boolean =>
    hosts.some((directive) => directive.name === name && directive.values.includes(value));
  return has("port", "990") && has("tlsoptions", "UseImplicitSSL");
}

/** The file as ProFTPD gets it: the lab's modules, the user's lines in their places, and what the lab has to own. */
function compose({ topology, server, profile }: ServerSetup): ReturnType<UserConfigSupport["compose"]> {
  const own = profile.userConfig?.text ?? "";
  const address = addressOf(topology, server.id);
  const changed: { line: number; text: string }[] = [];
  let isJoined = false;
  const lines = own.split("\n").map((line, index) => {
    const [, blank = "", name = "", rest = ""] = /^(\s*)(\S+)(.*)$/.exec(line) ?? [];
    const wasJoined = isJoined;
    const isTaken = taken.test(name.toLowerCase()) && !name.startsWith("<");
    isJoined = line.endsWith("\\") && (isTaken || wasJoined);
    const note = (text: string): string => {
      changed.push({ line: index + 1, text: line.trim() });
      return text;
    };
    if (isTaken || wasJoined) return note(`# taken over by the lab: ${line.replace(/\\$/, "")}`);
    if (/^<virtualhost$/i.test(name)) return note(`${blank}<VirtualHost ${address}>`);
    if (/^masqueradeaddress$/i.test(name)) {
      const announced = announcedAddress(rest.trim(), topology.dial);
      if (rest.trim() !== announced) return note(`${blank}${name} ${announced}`);
    }
    return line;
  });
  const before = ["# The lab's modules; then the user's lines.", ...moduleDirectives(true)];
  const certificate = tlsIn(directivesIn(own)) === null ? [] : certificateDirectives;
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
  lacks: (text) => {
    const port = valuesOf(directivesIn(text), "port")?.[0] ?? "21";
    return port === "21" ? null : `it sets Port ${port}, but the lab's clients dial port 21`;
  },
  check: [`proftpd -t -c ${proftpdPaths.config}`],
  complaint: (output, linesBefore) => {
    // It ends with 0 after some errors, and goes on with the next line after others.
    const line = output.split("\n").find((text) => text.includes(" fatal: ") && !text.includes("Did you mean"));
    if (line === undefined) return null;
    const [, message = line, number] = / fatal: (.*?)(?: on line (\d+) of '[^']*')?$/.exec(line) ?? [];
    return { message, line: number === undefined ? null : Number(number) - linesBefore };
  },
};
