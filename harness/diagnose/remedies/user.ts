/** What the user can do with the client at hand. */
import { isPassive, traitsOf, type DataCommand, type Mode } from "../../model/axes";
import type { Cell } from "../../model/cell";
import type { Family } from "../../model/topology";
import { isPrivateIPv4 } from "../../net/blocks";
import type { ForeignAddressPolicy } from "../../model/agent-protocol";
import { resolveClient } from "../../catalog/clients/registry";
import { softwareNamed } from "../../catalog/servers/registry";
import { coversPorts } from "../../evidence/text/rules";
import { expectationFrom } from "../../plan/expectation";
import { withCell, withTls } from "../../plan/setup";
import type { Observations, RouterView } from "../observations";
import { staticActivePath } from "../observe/static-path";
import { usageOf } from "./client-usage";
import { directivesOf, knowsCcc } from "./directives";
import { keepAliveSeconds } from "./keep-alive";
import { isOpenOn, rangeIsOpen } from "./open-range";
import { readsPayload } from "../../evidence/text/rule-words";
import { dialsFromInside, refusesItself } from "./control-port";
import { inServerConfiguration, linesOf, onClientHost } from "./places";
import { notInLab, type Remedy } from "./remedy";
import { userRemedy } from "./user-remedy";

const explicit: Mode = "ftps";

/** What a client sends by itself, or can be made to send: the first of these that it does not lack. */
function firstOf(
  commands: readonly DataCommand[],
): (cell: Cell, family: Family) => { readonly data: DataCommand } | null {
  return (cell, family) => {
    const client = resolveClient(cell.client);
    const number = family === "ipv6" ? 6 : 4;
    const data = commands
      .filter((command) => number === 4 || command === "epsv" || command === "eprt")
      .find(
        (command) =>
          (client?.definition.program?.lacks({ ...cell, data: command, family: number, options: client.words }) ??
            null) === null,
      );
    return data === undefined ? null : { data };
  };
}

/** EPSV, which names no address, for every client that can send it. */
const passive = firstOf(["epsv", "pasv"]);
const active = firstOf(["eprt", "port"]);

/** The first and the last port that Linux gives a client to listen on. */
const listeningPorts = [32_768, 60_999] as const;

/** The client opens the data connection; what stands before the server has to let it. */
export const passiveInstead = userRemedy({
  id: "passive-instead",
  what: "Use passive mode, in which the client opens the data connection.",
  change: (cell, family) => (isPassive(cell.data) ? null : passive(cell, family)),
  needsRange: true,
});

/** The server opens the data connection: of use only where nothing on the way hides the client or keeps the server from it. */
export const activeInstead = userRemedy({
  id: "active-instead",
  what: "Use active mode, in which the server opens the data connection; your own firewall has to let it in.",
  change: (cell, family) => (isPassive(cell.data) ? active(cell, family) : null),
  suits: ({ routers, routersMissing }) =>
    !routersMissing &&
    routers.length > 0 &&
    !routers.some(({ translatesClient }) => translatesClient) &&
    listeningPorts.every((port) => staticActivePath(routers, port).kind === "passed"),
});

/** PASV and its 227, which every helper knows. */
export const usePasv = userRemedy({
  id: "use-pasv",
  what: "Use PASV, whose 227 reply every helper knows, in place of EPSV, EPRT and PORT.",
  change: ({ data }, family) => (data === "pasv" || family === "ipv6" ? null : { data: "pasv" }),
});

/** 229 names no address (RFC 2428). */
export const useEpsv = userRemedy({
  id: "use-epsv",
  what: "Use EPSV. Its reply names no address, so the client dials the one that it already uses.",
  change: ({ data }) => (data === "pasv" ? { data: "epsv" } : null),
  suits: ({ staticallyOpen }) => staticallyOpen !== false,
});

const siblings: Readonly<Record<DataCommand, DataCommand>> = { epsv: "pasv", pasv: "epsv", eprt: "port", port: "eprt" };

/** The other command of the same direction (RFC 2428 and RFC 959). */
export const otherDataCommand = userRemedy({
  id: "other-data-command",
  what: "Let the client send the other command for the same direction: EPSV for PASV, EPRT for PORT, or the reverse.",
  change: ({ data }, family) => (family === "ipv6" ? null : { data: siblings[data] }),
});

/** Dials the address of the control connection, whatever 227 says. */
export const ignoreAddress = userRemedy({
  id: "ignore-227-address",
  what: "Let the client dial the address of the control connection, whatever the 227 reply says.",
  change: ({ client, data }) => (data === "pasv" ? withPolicy(client, ["replace-private", "ignore"]) : null),
  suits: (seen) => seen.staticallyOpen !== false && replacesAddress(seen),
});

/** Dials what 227 names. */
export const trustAddress = userRemedy({
  id: "trust-227-address",
  what: "Let the client dial the address in the 227 reply.",
  change: ({ client, data }) => (data === "pasv" ? withPolicy(client, ["trust"]) : null),
});

/** The client told by an option of its own, or without the option that makes it do otherwise, to treat 227 so. */
function withPolicy(id: string, wanted: readonly ForeignAddressPolicy[]): { readonly client: string } | null {
  const client = resolveClient(id);
  if (client === null || wanted.includes(client.options.foreignAddress)) return null;
  const { definition, words } = client;
  const { defaults, options } = definition;
  const others = words.filter((word) => options[word]?.set.foreignAddress === undefined);
  if (wanted.includes(defaults.foreignAddress)) return { client: [definition.id, ...others].join("+") };
  const word = wanted
    .map((policy) => Object.keys(options).find((name) => options[name]?.set.foreignAddress === policy))
    .find((name) => name !== undefined);
  return word === undefined ? null : { client: [definition.id, ...others, word].join("+") };
}

/** Some clients replace an address in 227 only where it is private and the one dialled is not. */
function replacesAddress({ cell, advertised, control }: Observations): boolean {
  const other = withPolicy(cell.client, ["replace-private", "ignore"]);
  const policy = other === null ? null : (resolveClient(other.client)?.options.foreignAddress ?? null);
  const named = advertised?.address ?? null;
  if (policy !== "replace-private" || named === null) return policy !== null;
  return isPrivateIPv4(named) && (control.peer === null || !isPrivateIPv4(control.peer));
}

/** CCC after login, and a command that says nothing before the data command. */
export const clearControl: Remedy = {
  id: "clear-control",
  party: "user",
  exposes: true,
  what: (seen) =>
    "Clear the control connection after login (CCC) and send a harmless command before the data command: commands and file names " +
    `become readable on the way, password and data do not${refusesCcc(seen) ? "; the server has to allow it" : ""}.`,
  lines: (seen) => {
    const { tls, ccc } = seen.traits;
    if (tls === "none" || ccc !== "none" || !readsAfterCcc(seen)) return [];
    const { grantCcc } = directivesOf(seen);
    const lines = usageOf(seen, { ...seen.cell, mode: "ftps-ccc" });
    if (lines.length === 0 || !refusesCcc(seen)) return lines;
    if (grantCcc === null) return [];
    return linesOf([
      { place: inServerConfiguration, lines: grantCcc },
      { place: onClientHost, lines },
    ]);
  },
  apply: (setup) => {
    const cleared = withCell(setup, { mode: "ftps-ccc" });
    if (expectationFrom(cleared.cell, cleared).result === "worked") return cleared;
    return softwareNamed(setup.server.software).directives.grantCcc === null
      ? null
      : withTls(cleared, () => ({ required: "auth+data" }));
  },
};

/** TLSRequired demands a protected control connection for good. */
function refusesCcc({ server }: Observations): boolean {
  return /^(on|both|ctrl|control)/.test(server.settings.tlsRequired ?? "");
}

/** Whether a server that knows CCC stands behind routers whose helpers will then read what it says. */
function readsAfterCcc(seen: Observations): boolean {
  const { routers, routersMissing, server, data } = seen;
  const { software, settings } = server;
  if (!knowsCcc(software)) return false;
  // The helper passes over a 227 that names another address than the server's own (loose = 0).
  if (data === "pasv" && settings.masqueradeAddress !== null && settings.masqueradeAddress !== server.address) {
    return false;
  }
  if (routersMissing) return true;
  // The server's connection comes from where nobody expects it.
  if (!seen.passive && routers.some(hasOtherAddress)) return false;
  const needed = routers.filter((router) => needsHelper(seen, router));
  return needed.length > 0 && needed.every(({ helperPorts }) => coversPorts(helperPorts, { first: 21, last: 21 }));
}

/** A router that puts another address in the server's place than the one that clients dial. */
function hasOtherAddress({ rules, control }: RouterView): boolean {
  const dialled = control?.original.destination ?? null;
  return (
    control?.reply.source !== dialled &&
    (rules?.sourceNats ?? []).some(({ kind, toAddress }) => kind === "SNAT" && toAddress !== dialled)
  );
}

/** A router through which the data connection comes only if its helper has read what is announced. */
function needsHelper(seen: Observations, router: RouterView): boolean {
  if (seen.passive) return (seen.data === "pasv" && router.translatesServer) || !isOpenOn(seen, router);
  return router.translatesClient || staticActivePath([router], listeningPorts[0]).kind !== "passed";
}

/** A line in clear that opens the helper's eyes for the next one. */
export const primeAfterCcc = userRemedy({
  id: "command-after-ccc",
  what: "Send one harmless command between CCC and the data command: NOOP, PWD or TYPE.",
  change: ({ mode }) => (mode === "ftps-ccc-unprimed" ? { mode: "ftps-ccc" } : null),
  suits: (seen) => readsAfterCcc(seen),
});

/** Ends TLS first after CCC, as most servers wait for. */
export const closeTlsFirst = userRemedy({
  id: "close-tls-first",
  what: "Let the client close TLS first after CCC: the server waits for that.",
  change: ({ client }) => {
    const found = resolveClient(client);
    const word = ["ccc-active", "ccc-first"].find((name) => name in (found?.definition.options ?? {}));
    const others = found?.words.filter((name) => !name.startsWith("ccc-")) ?? [];
    return found === null || word === undefined || found.words.includes(word)
      ? null
      : { client: [found.definition.id, ...others, word].join("+") };
  },
});

/** Explicit TLS to the end, with the range that it needs. */
export const withoutCcc = userRemedy({
  id: "without-ccc",
  what: "Do not use CCC, so that the whole session stays encrypted.",
  change: ({ mode }) => (traitsOf(mode).ccc === "none" ? null : { mode: explicit }),
  suits: ({ passive: isPassiveData, routers, routersMissing }) =>
    isPassiveData ||
    (!routersMissing && listeningPorts.every((port) => staticActivePath(routers, port).kind === "passed")),
  needsRange: true,
});

/** AUTH TLS and PROT P (RFC 4217). */
export const useExplicitTls = userRemedy({
  id: "use-explicit-tls",
  what: "Use explicit TLS (AUTH TLS, PROT P).",
  change: ({ mode }) => (mode === explicit ? null : { mode: explicit }),
  needsRange: true,
});

/** The same on the usual port, where the other port is closed: a server that refuses by itself may have no TLS at all. */
export const explicitTlsInstead = userRemedy({
  id: "explicit-tls-instead",
  what: "Use explicit TLS on port 21 in place of implicit TLS on port 990.",
  change: ({ mode }) => (traitsOf(mode).tls === "implicit" ? { mode: explicit } : null),
  suits: (seen) => !refusesItself(seen) && !dialsFromInside(seen),
});

/** Explicit TLS, which no helper reads, through a range that needs none. */
export const tlsPastHelper = userRemedy({
  id: "tls-past-helper",
  what: "Use TLS, which the helper does not read.",
  change: ({ mode }) => (traitsOf(mode).tls === "none" ? { mode: explicit } : null),
  suits: ({ passive: isPassiveData }) => isPassiveData,
  needsRange: true,
});

/** TLS from the first byte: no line can be read or picked out. */
export const useImplicitTls = userRemedy({
  id: "use-implicit-tls",
  what: "Use TLS from the start (implicit, port 990), so that nothing on the path can read or remove a line of the dialogue.",
  change: ({ mode }) => (traitsOf(mode).tls === "implicit" ? null : { mode: "ftps-implicit" }),
  suits: (seen) => mayReadLines(seen) && (seen.passive ? rangeIsOpen(seen) !== false : true),
});

/** Whether what stopped a line may have read it: TLS hides it from that, and from nothing else. */
function mayReadLines({ firstBreak }: Observations): boolean {
  if (firstBreak === null) return true;
  if (firstBreak.thing.kind === "ack") return false;
  return firstBreak.hand.kind !== "rule" || firstBreak.side !== "router" || readsPayload.test(firstBreak.hand.rule);
}

/** The kind of TLS that the port has (IANA). */
export const otherKindOfTls = userRemedy({
  id: "other-kind-of-tls",
  what: "Use the kind of TLS that the port has: explicit TLS on port 21, implicit TLS on port 990.",
  change: ({ mode }) => ({ mode: traitsOf(mode).tls === "implicit" ? explicit : "ftps-implicit" }),
});

/** No TLS at all. */
export const usePlainFtp = userRemedy({
  id: "use-plain-ftp",
  exposes: true,
  what: "Use plain FTP, which shows the password to everybody on the path, or use another server.",
  change: ({ mode }) => (mode === "ftp" ? null : { mode: "ftp" }),
});

/** PROT P, in the place of PROT C. */
export const protectData = userRemedy({
  id: "protect-data",
  what: "Protect data connections (PROT P).",
  change: ({ mode }) => {
    if (traitsOf(mode).protection !== "C") return null;
    return { mode: traitsOf(mode).ccc === "none" ? explicit : "ftps-ccc" };
  },
  needsRange: true,
});

/** Resumes the control connection's TLS session on data connections. */
export const resumeSession = userRemedy({
  id: "resume-tls-session",
  what: "Resume the control connection's TLS session on data connections.",
  change: ({ client }) => {
    const found = resolveClient(client);
    if (found === null || found.options.resumeSession) return null;
    const { definition, words } = found;
    const kept = words.filter((word) => definition.options[word]?.set.resumeSession === undefined);
    if (definition.defaults.resumeSession) return { client: [definition.id, ...kept].join("+") };
    const word = Object.keys(definition.options).find((name) => definition.options[name]?.set.resumeSession === true);
    return word === undefined ? null : { client: [definition.id, ...kept, word].join("+") };
  },
  // A session that the server has forgotten is not resumed, however willing the client is.
  suits: ({ server }) => server.settings.sessionSeconds === null,
});

/** The client without the option that takes versions of TLS away. */
export const anyTlsVersion = userRemedy({
  id: "any-tls-version",
  what: "Let the client offer every version of TLS that it has.",
  change: ({ client }) => without(client, /^tls1\.\d$/),
});

/** The name, where an address was dialled. */
export const dialName = userRemedy({
  id: "dial-name",
  what: "Dial the name in the certificate instead of the server's address.",
  change: ({ client }) => without(client, /^by-address$/),
});

function without(client: string, pattern: RegExp): { readonly client: string } | null {
  const [program = "", ...words] = client.split("+");
  const kept = words.filter((word) => !pattern.test(word));
  return kept.length === words.length ? null : { client: [program, ...kept].join("+") };
}

/** The authority's certificate, from the server's administrator. */
export const trustAuthority: Remedy = {
  id: "trust-authority",
  party: "user",
  what: () =>
    "Trust the authority that issued the certificate, once the server's administrator has confirmed its fingerprint: ca.pem is what you " +
    "got from there.",
  lines: (seen) => usageOf(seen, { ...seen.cell, caFile: "ca.pem" }),
  apply: notInLab,
};

/** Packets as short as the path takes them, at the user's end: what the server sends follows (MSS, RFC 9293). */
export const shorterPackets: Remedy = {
  id: "shorter-packets",
  party: "user",
  what: () => "Send and ask for shorter packets.",
  lines: ({ control }) => {
    const version = control.peer?.includes(":") === true ? "-6 " : "";
    const interfaceName = `$(ip ${version}-o route get ${control.peer ?? "SERVER_ADDRESS"} | grep -o 'dev [^ ]*')`;
    return [`ip link set ${interfaceName} mtu 1280`];
  },
  apply: notInLab,
};

/** Words that keep the control connection alive, for whoever forgets silent ones after minutes. */
export const keepAlive: Remedy = {
  id: "client-keepalive",
  party: "user",
  what: () => "Send TCP keepalives more often than the router forgets connections.",
  lines: (seen) => {
    const seconds = keepAliveSeconds(seen);
    const lines = usageOf(seen, seen.cell);
    const [program] = seen.cell.client.split("+");
    const isCurl = program?.startsWith("curl") === true || resolveClient(seen.cell.client) === null;
    if (!isCurl || seconds === null) return [];
    return lines.map((line) => line.replace(/^curl/, `curl --keepalive-time ${seconds}`));
  },
  apply: notInLab,
};

/** Nobody but the user knows the account. */
export const checkLogin: Remedy = {
  id: "check-login",
  party: "user",
  what: () => "Check name and password.",
  lines: (seen) => usageOf(seen, seen.cell),
  apply: notInLab,
};

/** For who chose the file's name. */
export const checkFile: Remedy = {
  id: "check-file",
  party: "user",
  what: () => "Check the name and the folder of the file, and whether this login may read or write there.",
  lines: () => [],
  apply: notInLab,
};

/** A client's time-out is its own, and each has another name for it. */
export const patience: Remedy = {
  id: "wait-longer",
  party: "user",
  what: () => "Let the client wait longer for replies.",
  lines: (seen) => usageOf(seen, seen.cell).map((line) => `${line} # with a time-out of 60 s or more`),
  apply: notInLab,
};

/** What has come need not come again (REST, RFC 3659 section 5). */
export const resumeTransfer: Remedy = {
  id: "resume-transfer",
  party: "user",
  what: () => "Compare the sizes at both ends, and transfer the rest of the file again.",
  lines: (seen) => {
    const { operation, client } = seen.cell;
    if (operation === "list") return [];
    const resumed = resolveClient(client)?.definition.resumed;
    const lines = usageOf(seen, seen.cell);
    return resumed === undefined ? lines : lines.map((line) => resumed(line, operation));
  },
  apply: notInLab,
};

/** What another program comes to tells whether this one is to blame. */
export const otherClient: Remedy = {
  id: "other-client",
  party: "user",
  what: ({ stage }) => {
    const isCut = stage === "transfer" || stage === "completion" || stage === "integrity";
    const sizes = isCut ? ", and compare sizes: a client that says nothing may keep half a file" : "";
    return `Try another client, or another release of this one${sizes}.`;
  },
  lines: (seen) => {
    const other = seen.cell.client.startsWith("curl") ? "lftp" : "curl";
    return usageOf(seen, { ...seen.cell, client: other });
  },
  apply: notInLab,
};

/** For whoever writes the client. */
export const finishHandshake: Remedy = {
  id: "finish-data-handshake",
  party: "user",
  what: () => "Use a client that finishes the handshake even if it has nothing to send.",
  lines: () => ['data = ftps.transfercmd("STOR empty"); data.unwrap(); data.close()  # Python ftplib'],
  apply: notInLab,
};

export const commandFirst: Remedy = {
  id: "transfer-command-first",
  party: "user",
  what: () => "Send the transfer command first, and begin TLS on the data connection when it has gone out.",
  lines: () => ['conn = ftps.transfercmd("LIST")  # Python ftplib: connects, sends LIST, begins TLS'],
  apply: notInLab,
};
