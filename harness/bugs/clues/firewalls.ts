/** What kernels, firewalls, captures and listings say of packets, connections and rules. */
import { endpointOf } from "../../ftp/endpoint";
import type { PastedFact } from "../../model/symptom";
import { isRouterOs } from "../logs/speakers/kernel/firewalls";
import { captured, repliedPorts, unheard, unreachable } from "./captures";
import { listed } from "./rules";
import { isControl, isHigh, ofKind, readingOf } from "./facts";
import { wordsClue, type Clue, type Reading, type Votes } from "./clue";
import { isPrivate, quoteOf, type Scene } from "./scene";

type Logged = Extract<PastedFact, { kind: "logged-packet" }>;
type Connection = Extract<PastedFact, { kind: "connection" }>;

function withoutNames(votes: Votes): Votes {
  const entries = Object.entries(votes).map(([cause, weight]) => [cause, weight === "names" ? "hints" : weight]);
  return Object.fromEntries(entries) as Votes;
}

/** Ports of other protocols, at which strangers knock all the time. */
const others: readonly number[] = [
  1433, 1723, 1900, 3128, 3306, 3389, 5060, 5432, 5555, 5900, 6379, 8000, 8080, 8443, 8888, 9200, 11211, 27017,
];

const isGreeted = ({ stage }: Scene): boolean => stage !== null && stage !== "control-connect" && stage !== "greeting";

/** Packets that a firewall stopped. Both interfaces are there where a router forwards; a host's own have one. */
const blocked: Clue = (scene) => {
  const port = scene.symptom.announced?.port ?? null;
  const stopped = ofKind(scene, "logged-packet").filter(
    ({ verdict, text, to }) =>
      verdict !== "allowed" &&
      !/\b(?:UDP|ICMP\w*)\b(?!-type)|nf_ct_|conntrack/i.test(text) &&
      !(to.port !== null && others.includes(to.port)),
  );
  // pf names one interface of a packet that it would have forwarded, too (pflog(4)).
  const isOfPf = ({ text }: Logged): boolean => /\bfilterlog\b|\bpf: |rule \d+\S*: block (?:in|out) on/.test(text);
  const isForwarded = ({ in: from, out }: Logged): boolean => from !== null && out !== null;
  const isActive = (packet: Logged): boolean => packet.from.port === 20;
  // Without an interface the addresses tell on whose side it was: from a private network to the one that the client had dialled.
  const isOutward = (packet: Logged): boolean =>
    packet.in === null &&
    packet.out === null &&
    isPrivate(packet.from.address) &&
    !isPrivate(packet.to.address) &&
    packet.to.address === (scene.symptom.announced?.address ?? scene.symptom.dialled);
  const isGoingOut = ({ from, to }: Logged): boolean =>
    scene.passive === true && isPrivate(from.address) && !isPrivate(to.address);
  const isOpening = ({ flags }: Logged): boolean => flags.includes("SYN") && !flags.includes("ACK");
  const { dialled } = scene.symptom;
  const isBetween = ({ from, to }: Logged): boolean =>
    dialled === null || [from.address, to.address].includes(dialled) || isPrivate(to.address);
  const isMissing = scene.symptom.result === "failed" && scene.stage === "data-connect";
  // Whoever was greeted has got to the control port: what was stopped there is not what the session failed from.
  const isToControl = (packet: Logged): boolean => isControl(packet.to.port) && !isGreeted(scene);
  const isData = (packet: Logged): boolean =>
    !isActive(packet) && isHigh(packet.to.port) && !isControl(packet.from.port);
  const isForItself = (packet: Logged): boolean =>
    !isOfPf(packet) && !isForwarded(packet) && packet.out === null && !isOutward(packet) && isData(packet);
  // RouterOS runs on routers alone, and a DNAT of a control port to another host is a router's.
  const forwards = ofKind(scene, "rule").filter(
    ({ action, ports, target }) =>
      action === "dnat" && target !== null && ports.some(([first, last]) => first <= 21 && 21 <= last),
  );
  const isRouters = ({ text, paste }: Logged): boolean =>
    isRouterOs(text) || forwards.some((rule) => (rule.paste ?? 0) === (paste ?? 0));
  const hidden: Votes = scene.isHidden === true ? { "helper-blind-to-tls": "speaks" } : { "no-helper": "allows" };
  const of = (
    those: (packet: Logged) => boolean,
    did: string,
    votes: Votes,
    decisive: Votes = {},
  ): readonly Reading[] => {
    const all = stopped.filter(those);
    const exact = all.filter(({ to }) => port !== null && to.port === port);
    const chosen = exact.length > 0 ? exact : all;
    const [first] = chosen;
    if (first === undefined) return [];
    // A rule may log what another one accepts: without a word for it nothing shows that the packet was stopped.
    const isStopped = chosen.some(({ verdict }) => verdict === "blocked");
    // It decides where it is the very connection, or where no other is known and the session lacks just such a one.
    const isDecisive =
      exact.length > 0 || (port === null && isMissing && all.every((packet) => isOpening(packet) && isBetween(packet)));
    const which = exact.length > 0 ? ", the one that the session had arranged" : "";
    const told = { ...votes, ...(isDecisive ? decisive : {}) };
    return readingOf(
      `${isStopped ? did : did.replace("stopped", "logged")} to port ${first.to.port ?? "?"}${which}`,
      chosen,
      isStopped ? told : withoutNames(told),
    );
  };
  return [
    ...of((packet) => isOfPf(packet) && isData(packet), "a firewall stopped a packet", {
      ...(isPrivate(stopped[0]?.from.address ?? "") && !isPrivate(stopped[0]?.to.address ?? "")
        ? { "egress-blocked": "hints", "server-host-firewall": "denies", "passive-port-not-forwarded": "denies" }
        : { "egress-blocked": "allows", "passive-port-not-forwarded": "speaks" }),
      "rule-blocks-data-connection": "speaks",
    }),
    ...of((packet) => isOutward(packet) && isData(packet), "a filter on the client's side stopped a packet", {
      "egress-blocked": "hints",
      "client-host-firewall": "speaks",
      "rule-blocks-data-connection": "allows",
      "server-host-firewall": "denies",
      "passive-port-not-forwarded": "denies",
    }),
    ...of((packet) => isForItself(packet) && isRouters(packet), "a router stopped a packet that it took for its own,", {
      "passive-port-not-forwarded": "names",
      ...hidden,
      "server-host-firewall": "denies",
    }),
    ...of((packet) => isForItself(packet) && !isRouters(packet), "a firewall stopped a packet for its own host,", {
      "server-host-firewall": "names",
      "passive-port-not-forwarded": "speaks",
    }),
    ...of(
      (packet) => !isForwarded(packet) && packet.out === null && isActive(packet),
      "a firewall stopped a packet for its own host, from port 20",
      {
        "client-host-firewall": "names",
        "active-connection-blocked": "speaks",
      },
    ),
    ...of(
      ({ in: from, out, ...packet }) => from === null && out !== null && packet.from.port === 20,
      "a host's own firewall stopped a packet that it was to send from port 20",
      { "server-host-firewall": "names", "active-connection-blocked": "speaks" },
    ),
    ...of(
      (packet) => packet.in === null && packet.out !== null && isToControl(packet),
      "a host's own firewall stopped a packet that it was to send",
      { "client-host-firewall": "names", "egress-blocked": "speaks" },
    ),
    ...of(
      (packet) => !isForwarded(packet) && packet.out === null && isToControl(packet),
      "a firewall of a host stopped a packet",
      {
        "server-host-firewall": "names",
        "port-unreachable": "speaks",
      },
    ),
    ...of((packet) => isForwarded(packet) && isActive(packet), "a router stopped a packet from port 20", {
      "active-connection-blocked": "names",
      "rule-blocks-data-connection": "speaks",
      "no-helper": "allows",
    }),
    ...of(
      (packet) => isForwarded(packet) && isData(packet) && isGoingOut(packet),
      "a router stopped a packet that was to leave its network",
      {
        "egress-blocked": "hints",
        ...hidden,
        "passive-port-not-forwarded": "denies",
        "server-host-firewall": "denies",
      },
    ),
    ...of(
      (packet) => isForwarded(packet) && isData(packet) && !isGoingOut(packet),
      "a router stopped a packet",
      {
        "rule-blocks-data-connection": "speaks",
        "passive-port-not-forwarded": "speaks",
        ...hidden,
        "egress-blocked": "allows",
      },
      // Nothing shows whether it was a rule for it or what ends the chain.
      { "rule-blocks-data-connection": "hints" },
    ),
    ...of(
      (packet) => packet.in === null && packet.out !== null && isData(packet),
      "a host's own firewall stopped a packet that it was to send",
      {
        "client-host-firewall": "speaks",
        "egress-blocked": "speaks",
      },
      // Who sends the first packet to a passive port is the client.
      { "client-host-firewall": "names" },
    ),
    ...of((packet) => isForwarded(packet) && isToControl(packet), "a router stopped a packet", {
      "port-unreachable": "names",
    }),
  ];
};

/** The kernel's words for a line whose end is missing (nf_conntrack_ftp.c). */
const isPartial = (text: string): boolean => /partial matching/i.test(text);

/**
 * It says so of a line that came in parts, and of a whole one in which it finds no numbers (`find_pattern` returns -1 for both): a capture
 * shows which of them it was.
 */
function partial(scene: Scene, dropped: readonly PastedFact[]): readonly Reading[] {
  const packets = ofKind(scene, "packet");
  const whole = packets.find(({ ftp, length }) => {
    const line = ftp ?? "";
    // With CR and LF behind it.
    return /^(?:22[79]|PORT|EPRT)\b/i.test(line) && length === line.length + 2 && endpointOf(line) === null;
  });
  const meaning = "the kernel's FTP helper dropped a packet, since it took a line in it for one whose end was missing";
  const said = readingOf(
    meaning,
    dropped,
    whole === undefined
      ? { "helper-dropped-partial-line": "names", "helper-dropped-line": "speaks" }
      : { "helper-dropped-line": "names" },
  );
  if (said.length === 0 || whole === undefined) return said;
  const isWhole = "the line is whole, and names no address and port";
  return [
    ...said,
    {
      meaning: isWhole,
      lines: [quoteOf(whole)],
      votes: {
        "helper-dropped-line": "hints",
        "server-reply-malformed": "speaks",
        "helper-dropped-partial-line": "denies",
      },
    },
  ];
}

const helper: Clue = (scene) => {
  const said = ofKind(scene, "helper");
  const dropped = said.filter(({ said: what }) => what === "dropped-packet");
  const late = said.filter(({ said: what }) => what === "no-sequence-adjustment");
  const unassigned = said.filter(({ said: what }) => what === "not-assigned");
  return [
    ...partial(
      scene,
      dropped.filter(({ text }) => isPartial(text)),
    ),
    ...readingOf(
      "the kernel's FTP helper dropped a packet that it could not read",
      dropped.filter(({ text }) => !isPartial(text)),
      { "helper-dropped-line": "names", "helper-dropped-partial-line": "speaks" },
    ),
    ...readingOf("the kernel attaches no helper by itself", unassigned, { "no-helper": "names" }),
    ...readingOf("the helper could not adjust the connection to a line that it changed", late, {
      "helper-after-nat": "names",
    }),
  ];
};

/** A new connection that nothing answered (`[UNREPLIED]`), and a control connection with or without a helper. */
const tracked: Clue = (scene) => {
  const connections = ofKind(scene, "connection");
  const isSilent = ({ state, flags }: Connection): boolean =>
    flags.includes("UNREPLIED") || /^SYN[-_]SENT$/i.test(state ?? "");
  const silent = connections.filter((entry) => isSilent(entry) && isHigh(entry.to.port) && entry.from.port !== 20);
  const active = connections.filter((entry) => isSilent(entry) && entry.from.port === 20);
  const control = connections.filter(
    ({ to }) => isControl(to.port) || (to.port !== null && to.port !== 20 && !isHigh(to.port)),
  );
  const without = control.filter(({ helper: name }) => name === null);
  const votes: Votes = {
    "server-host-firewall": "speaks",
    "passive-port-not-forwarded": "speaks",
    "return-route-missing": "allows",
  };
  return [
    ...readingOf("the router let the data connection begin, and nothing answered it", silent, votes),
    ...readingOf(
      "a connection to the control port was begun, and nothing answered it",
      isGreeted(scene) ? [] : connections.filter((entry) => isSilent(entry) && isControl(entry.to.port)),
      { "port-unreachable": "hints", "server-host-firewall": "speaks", "return-route-missing": "allows" },
    ),
    ...readingOf("the server's data connection began, and nothing answered it", active, {
      "active-connection-blocked": "speaks",
      "client-host-firewall": "speaks",
    }),
    ...(silent.length > 0 && without.length > 0
      ? [...readingOf("the entry of the control connection has no helper", without, { "no-helper": "allows" })]
      : []),
  ];
};

/** Cisco's 406002: who sent the line, the address in it, and to whom it went. */
const differing = /%(?:ASA|PIX|FTD)-\d-406002: .*different address: ([\d.]+)\(([\d.]+)\) to ([\d.]+)/;

/** A firewall that reads the dialogue tells which address is in it. */
const namesOther: Clue = ({ lines, unread, facts }) => {
  const all = [...lines, ...unread, ...facts.map((fact) => ({ ...fact, direction: "*" as const }))];
  const said = all.find(({ text }) => differing.test(text));
  const [, from = "", named = ""] = differing.exec(said?.text ?? "") ?? [];
  if (said === undefined) return [];
  // Connections that it built show which end is the server.
  const isServers = all.some(({ text }) => text.includes(`${from}/21`) || text.includes(`${from}/990`));
  return [
    {
      meaning: `the line names ${named}, and ${from} sends it`,
      lines: [quoteOf(said)],
      votes: isServers ? { "passive-address-unroutable": "speaks" } : { "active-address-refused": "allows" },
    },
  ];
};

const words = wordsClue([
  {
    says: /(?:\bhelpers?\b|n?f?_?conntrack_ftp|nf_nat_ftp)\b.{0,80}\b(?:not|n't|never|no longer) (?:be |been |get |have )?(?:auto)?load|do(?:es)? ?n[o']t (?:auto)?load.{0,30}(?:helper|conntrack_ftp|nf_nat_ftp)|\bunload(?:ed)?\b.{0,20}(?:conntrack_ftp|nf_nat_ftp)/i,
    means: "a router's FTP helper is said not to be loaded",
    votes: { "no-helper": "hints" },
  },
  {
    // 406001 and 406002: Cisco's words for an address or a port in PORT that is not the client's.
    says: /%(?:ASA|PIX|FTD)-\d-40600[12]\b|\bALG\b.*(?:reject|drop|disabled|not allowed|block)|FTPALG|inspect(?:ion)?\b.{0,40}\bftp\b.*(?:drop|reset|reject)|\bftp\b.{0,40}inspect\w*.*(?:drop|reset|reject)/i,
    // Its counters, when it has stopped nothing.
    unless: /\binspect: .*\bdrop 0, reset-drop 0\b/i,
    means: "a firewall that reads the dialogue stopped a line of it",
    votes: { "control-line-blocked": "names" },
  },
  {
    // `show service-policy` of Cisco's ASA.
    says: /\bInspect: ftp\b.*\bpacket 0\b/i,
    means: "the firewall's FTP inspection has read no packet",
    votes: { "helper-not-on-port": "hints", "no-helper": "speaks", "control-line-blocked": "denies" },
  },
  {
    says: /martian source|rp_filter|reverse path/i,
    means: "the kernel drops packets that come by another link than it would answer by",
    votes: { "reverse-path-filtered": "names" },
  },
  {
    says: /nf_ct_ftp: dropping(?!.*partial matching)|ip_conntrack_ftp: .*drop/i,
    means: "the kernel's FTP helper dropped a packet that it could not read",
    votes: { "helper-dropped-line": "names" },
  },
  {
    says: /time (?:to live )?exceeded|ttl (?:expired|exceeded)/i,
    // What a server allows for a login or a transfer.
    unless: /\b(?:log ?in|transfer|session|idle)[ -]time exceeded/i,
    means: "a packet's TTL ended before it arrived",
    votes: { "ttl-expired": "names" },
  },
  {
    says: /automatic helper assignment|nf_conntrack_helper|default automatic helper|helper .*(?:has been turned off|is no longer)/i,
    means: "current kernels attach no helper by themselves any more",
    votes: { "no-helper": "hints" },
  },
]);

export const firewallClues: readonly Clue[] = [
  blocked,
  helper,
  tracked,
  listed,
  captured,
  repliedPorts,
  unheard,
  unreachable,
  namesOther,
  words,
];
