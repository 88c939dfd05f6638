/** What the server's administrator can do, in the words of the server's own configuration. */
import { resolveClient } from "../../catalog/clients/registry";
import { softwareNamed, softwares, lackOf } from "../../catalog/servers/registry";
import { traitsOf } from "../../model/axes";
import { withTls } from "../../plan/setup";
import type { Observations } from "../observations";
import { refusedExchange, serverSaying } from "../refusals";
import { ports } from "../words";
import { serverAddress, suggestedRange } from "./addresses";
import { refusesItself } from "./control-port";
import { directivesOf } from "./directives";
import { keepAliveSeconds } from "./keep-alive";
import { addressDirectives, rangeParts, withDialledAddress, withWiderRange } from "./open-range";
import { refusalLines } from "./routes";
import { inServerConfiguration, linesOf, onServerHost } from "./places";
import { notInLab, type Remedy } from "./remedy";

type ServerRemedy = Pick<Remedy, "id" | "exposes" | "apply"> & {
  readonly what: string;
  readonly directives: (seen: Observations) => readonly string[] | null;
};

/** A remedy by directives alone. Implicit TLS may have a block or a file of its own, in which they belong then. */
function serverRemedy({ id, exposes, what, directives, apply }: ServerRemedy): Remedy {
  return {
    ...{ id, party: "server admin", ...(exposes === undefined ? {} : { exposes }) },
    what: () => what,
    lines: (seen) => {
      const added = directives(seen) ?? [];
      const replaced = directivesOf(seen).replaced?.(added, seen.server.configuration) ?? [];
      const lines = [...new Set([...replaced.map((line) => `# in place of ${line}`), ...added])];
      const isImplicit = seen.traits.tls === "implicit";
      const place = isImplicit ? `in the configuration of port ${seen.control.port}` : inServerConfiguration;
      return linesOf([{ place, lines }], isImplicit);
    },
    apply,
  };
}

/** The address that clients dial, where their connections already reach the range. */
export const nameDialledAddress = serverRemedy({
  id: "name-dialled-address",
  what: "Let the server name the address that clients dial.",
  directives: (seen) => (seen.staticallyOpen === false ? [] : addressDirectives(seen, seen.data)),
  apply: withDialledAddress,
});

/** More ports than transfers ever run at the same time, on the server and on the way to it. */
export const widenRange: Remedy = {
  id: "widen-passive-range",
  party: "server admin",
  what: () =>
    `Give passive connections more ports than there are ever transfers at the same time, and forward and allow them: ${ports(suggestedRange)}.`,
  lines: (seen) => linesOf(rangeParts(seen, "epsv", suggestedRange)),
  apply: withWiderRange,
};

/** TLS for login and data, not for the control channel. */
export const grantCcc = serverRemedy({
  id: "grant-ccc",
  what: "Demand TLS for login and data only, so that clients may clear the control connection after login (CCC).",
  directives: (seen) => (seen.traits.protection === "P" ? directivesOf(seen).grantCcc : null),
  apply: (setup) =>
    softwareNamed(setup.server.software).directives.grantCcc === null
      ? null
      : withTls(setup, () => ({ required: "auth+data" })),
});

/** ProFTPD's documented recipe (doc/howto/TLS.html): passwords protected, and the rest as the client wants. */
export const protectPassword = serverRemedy({
  id: "protect-password-only",
  what: "Demand TLS for the password only, and leave the rest to the client.",
  directives: (seen) =>
    seen.stage === "ccc" && (seen.traits.protection === "P" || directivesOf(seen).grantCcc === null)
      ? null
      : directivesOf(seen).freeProtection,
  apply: (setup) => withTls(setup, () => ({ required: "auth" })),
});

export const demandNothing = serverRemedy({
  id: "demand-no-tls",
  exposes: true,
  what: "Offer TLS and demand nothing; passwords then travel in clear with clients that have no TLS.",
  directives: (seen) => directivesOf(seen).demandNothing,
  apply: (setup) => withTls(setup, () => ({ required: "off" })),
});

/** Accepts data connections with a TLS session of their own. */
export const acceptNewSessions = serverRemedy({
  id: "accept-new-sessions",
  what: "Accept data connections that do not resume the control connection's TLS session.",
  directives: (seen) => directivesOf(seen).acceptNewSessions?.(seen.server.settings.tlsOptions) ?? null,
  apply: (setup) => withTls(setup, ({ options }) => ({ options: [...options, "NoSessionReuseRequired"] })),
});

export const rememberSessions = serverRemedy({
  id: "remember-sessions",
  what: "Let TLS sessions outlast the control connection.",
  directives: (seen) => {
    const { sessionSeconds } = seen.server.settings;
    return sessionSeconds === null ? null : (directivesOf(seen).rememberSessions?.(sessionSeconds) ?? null);
  },
  apply: (setup) =>
    setup.server.tls?.sessionSeconds === undefined ? null : withTls(setup, () => ({ sessionSeconds: 15_840 })),
});

/** A certificate that clients trust, of the name that they dial and of today, and the server told of it. */
export const showTrusted = serverRemedy({
  id: "show-trusted-certificate",
  what:
    "Use a certificate from a known authority that is valid today and contains every name that clients dial, put the " +
    "intermediate certificates into its file, and let the server read it.",
  directives: (seen) => [...directivesOf(seen).certificate(seen.server.configuration), ...directivesOf(seen).reload],
  apply: (setup) => {
    const isByAddress = resolveClient(setup.cell.client)?.options.dials === "address";
    return withTls(setup, () => ({ certificate: isByAddress ? "ip-address" : "trusted" }));
  },
});

/** Takes passive data connections from anybody, who then has to resume the TLS session to be known. */
export const takeAnyPeer = serverRemedy({
  id: "take-any-data-peer",
  what: "Accept data connections from other addresses; TLS session reuse then shows whose they are.",
  directives: (seen) => directivesOf(seen).acceptForeignPeer,
  apply: (setup) => {
    const { server } = setup;
    if (server.foreignAddress !== undefined) return { ...setup, server: { ...server, foreignAddress: "on" } };
    const { directives, takesDirectives } = softwareNamed(server.software);
    if (directives.acceptForeignPeer === null || takesDirectives === false) return null;
    return {
      ...setup,
      server: { ...server, directives: [...(server.directives ?? []), ...directives.acceptForeignPeer] },
    };
  },
});

export const offerVersions = serverRemedy({
  id: "offer-tls-versions",
  what: "Offer the versions of TLS that current clients speak.",
  directives: (seen) => directivesOf(seen).currentVersions,
  apply: (setup) => withTls(setup, () => ({ protocol: "TLSv1.2 TLSv1.3" })),
});

/** Switches TLS on, implicit too where the client dials that. */
export const offerTls: Remedy = {
  id: "offer-tls",
  party: "server admin",
  what: ({ traits, control }) =>
    traits.tls === "implicit" ? `Switch TLS on, and listen on port ${control.port}.` : "Switch TLS on.",
  lines: (seen) => {
    const { offerTls: lines, implicitTls } = directivesOf(seen);
    // Who did not come to the server has heard nothing of its TLS.
    if (seen.traits.tls !== "implicit") return seen.stage === "control-connect" ? [] : lines;
    return implicitTls === null || !refusesItself(seen) ? [] : [...lines, ...implicitTls(serverAddress(seen))];
  },
  apply: (setup) => {
    const { server, cell } = setup;
    if (server.tls !== null) return null;
    const changed = {
      ...server,
      tls: {
        protocol: "TLSv1.2 TLSv1.3",
        options: ["NoSessionReuseRequired"],
        verifyClient: "off",
        required: "off",
      },
    } as const;
    const implicit = softwareNamed(server.software).traits(changed).implicitTls;
    return lackOf(changed) !== null || (traitsOf(cell.mode).tls === "implicit" && !implicit)
      ? null
      : { ...setup, server: changed };
  },
};

/** A server that listens on another port. */
export const listenOnPort = serverRemedy({
  id: "listen-on-port",
  what: "Let the server listen on the port that clients dial.",
  directives: (seen) =>
    seen.traits.tls === "implicit" || !refusesItself(seen) ? null : directivesOf(seen).port(seen.control.port),
  apply: notInLab,
});

/** A block of its own for implicit TLS. */
export const separateImplicitTls = serverRemedy({
  id: "separate-implicit-tls",
  what: "Give implicit TLS a server block of its own.",
  directives: (seen) =>
    seen.traits.tls === "implicit" ? (directivesOf(seen).implicitTls?.(serverAddress(seen)) ?? null) : null,
  apply: notInLab,
});

/**
 * TCP keepalives from the server's end. ProFTPD and vsftpd ask for them on control connections and leave it to the host how often: ProFTPD's own numbers (SocketOptions keepalive) hold for data connections alone.
 */
export const serverKeepAlive: Remedy = {
  id: "server-keepalive",
  party: "server admin",
  what: () => "Let the server's host send TCP keepalives before silent connections are forgotten on the way.",
  lines: (seen) => {
    const seconds = keepAliveSeconds(seen);
    const isAsked = seen.server.software === null || directivesOf(seen).asksKeepAlive === true;
    if (seconds === null || !isAsked) return [];
    // After a probe, Linux looks again only when the interval is over, answered or not (tcp_timer.c, tcp_keepalive_timer).
    const lines = ["time", "intvl"].map((name) => `sysctl -w net.ipv4.tcp_keepalive_${name}=${seconds}`);
    return linesOf([{ place: onServerHost, lines }], true);
  },
  apply: notInLab,
};

/** A command that a server's own configuration denies. */
export const allowCommand = serverRemedy({
  id: "allow-command",
  what: "Let the server accept the command.",
  directives: (seen) => {
    const verb = refusedExchange(seen)?.verb ?? seen.dataExchange?.verb ?? "EPSV";
    return directivesOf(seen).allowCommand(verb, seen.server.configuration);
  },
  apply: notInLab,
});

export const raiseSessionLimit = serverRemedy({
  id: "raise-session-limit",
  what: "Allow more sessions at once, in all and from one address.",
  directives: (seen) => directivesOf(seen).moreSessions,
  apply: notInLab,
});

export const allowAddress = serverRemedy({
  id: "allow-address",
  what: "Remove the client's address, as the server sees it, from what the access rules deny.",
  directives: (seen) => directivesOf(seen).allowAddress,
  apply: notInLab,
});

export const answerSooner = serverRemedy({
  id: "answer-sooner",
  what: "Let the server answer without looking up the client's name first.",
  directives: (seen) => directivesOf(seen).answerSooner,
  apply: notInLab,
});

/** Rights, space and quota are the host's, and no directive gives them. */
export const grantFile: Remedy = {
  id: "grant-file-access",
  party: "server admin",
  what: (seen) =>
    "Check on the server's host that the file is there" +
    `${takesFiles(seen) ? ", who owns it, and that there is room for it" : " and who owns it"}.`,
  lines: (seen) => {
    const room = takesFiles(seen) ? ["df -h FOLDER", "quota -u USER"] : [];
    return linesOf([{ place: onServerHost, lines: ["ls -ld FOLDER FOLDER/FILE", ...room] }], true);
  },
  apply: notInLab,
};

/** Room matters if the server was to store something, or if the command is unknown. */
function takesFiles({ transferExchange }: Observations): boolean {
  return transferExchange === null || !/^(RETR|LIST|NLST|MLSD)$/i.test(transferExchange.verb);
}

/** vsftpd does not run in a chroot that its user can write to (twoprocess.c), and its reply names no setting. */
/** The setting that fixes a complaint of vsftpd (its main.c, twoprocess.c, ftpcmdio.c). */
const mends: readonly (readonly [complaint: RegExp, directives: readonly string[]])[] = [
  [/writable root inside chroot/i, ["allow_writeable_chroot=YES"]],
  [/both local and anonymous access disabled/i, ["local_enable=YES"]],
];

export const mendSetting: Remedy = {
  id: "mend-setting",
  party: "server admin",
  what: () => "Correct the setting that the server complains about, and let the server check its configuration.",
  lines: (seen) => {
    const said = serverSaying(seen, "setting")?.text ?? "";
    const [, mended = []] = mends.find(([words]) => words.test(said)) ?? [];
    // If it is not known the software, its complaint may tell.
    const speaker = seen.server.software === null ? softwares.find(({ says }) => says.setting?.test(said)) : undefined;
    return linesOf([
      { place: inServerConfiguration, lines: mended },
      { place: onServerHost, lines: (speaker?.directives ?? directivesOf(seen)).check },
    ]);
  },
  apply: notInLab,
};

export const logMore = serverRemedy({
  id: "log-more",
  what: "Look in the server's log for the reason, which it does not tell clients.",
  directives: (seen) => directivesOf(seen).logMore,
  apply: notInLab,
});

/**
 * An IPv6 address for the server, so that no translator is needed. A session's report does not print it: it takes an address and a route
 * from the server's provider, and no line that could be pasted here gives those.
 */
export const offerIpv6: Remedy = {
  id: "offer-ipv6",
  party: "server admin",
  what: () => "Give the server an IPv6 address and put it into the DNS: clients with IPv6 then need no translator.",
  lines: () => [],
  apply: notInLab,
};

/** A route back by the way that clients came. */
export const routeBack: Remedy = {
  id: "route-back",
  party: "server admin",
  what: (seen) => {
    const gateway = seen.routers.at(-1)?.id ?? "the router";
    return `Check which way the server sends answers to clients, and route them back through ${gateway}.`;
  },
  lines: ({ firstBreak }) => {
    const answer = firstBreak?.thing.from === "server" ? firstBreak.packet : null;
    const client = answer?.destination ?? "CLIENT_ADDRESS";
    const lines = [
      ...(firstBreak === null ? [] : refusalLines(firstBreak.hand)),
      `ip route get ${client} # the way that answers take now`,
      `ip route replace ${client} via ROUTER_ADDRESS`,
      "# or for all clients, from a console, since it moves your own connection too: ip route replace default via ROUTER_ADDRESS",
    ];
    return linesOf([{ place: onServerHost, lines }], true);
  },
  apply: notInLab,
};
