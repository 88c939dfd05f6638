/** Remedies that undo a break at its own place: in the rule that is quoted, in the setting that is named. */
import { nodeOf, onClientHost, onRouter, onServerHost, linesOf, type Part } from "./places";
import { notInLab, type Remedy } from "./remedy";
import { namesPort, portsNamedIn } from "../../evidence/text/rule-ports";
import type { BrokenThing, FirstBreak } from "../../model/first-break";
import type { Observations } from "../observations";
import { hidesFromTracking } from "../explains";
import { untrackedOn } from "../predicates";
import { iptables, passiveRange } from "./addresses";
import { deletionOf } from "./deletion";
import { destinationNat } from "../../evidence/text/rule-words";
import { ports } from "../words";
import { refusalLines } from "./routes";

/** Where lines for the node of a break are pasted. */
function placeOf({ side }: FirstBreak, node: string): string {
  if (side === "server") return onServerHost;
  return side === "client" ? onClientHost : onRouter(node);
}

/** The line that deletes the quoted rule; empty if it cannot be named so. */
function deletion(seen: Observations, found: FirstBreak): readonly Part[] {
  const { hand } = found;
  // TTLs are set in mangle alone (iptables-extensions(8)).
  const table = hand.kind === "rule" ? hand.table : "mangle";
  const rule = hand.kind === "rule" || hand.kind === "ttl" ? hand.rule : null;
  const line = rule === null ? null : deletionOf(iptables(seen), table, rule);
  return line === null || !("node" in hand) ? [] : [{ place: placeOf(found, hand.node), lines: [line] }];
}

/** Rules that translate a destination decide where a connection goes: it is sent where the control connection went. */
function sentRight(seen: Observations, { hand, thing }: FirstBreak): readonly string[] {
  // Connections that the server opens go to the client, which no rule has to name.
  if (hand.kind !== "rule" || thing.from !== "client") return [];
  const deleted = deletionOf(iptables(seen), hand.table, hand.rule);
  const target = seen.routers.find(({ id }) => id === hand.node)?.control?.reply.source;
  const [option, given = ""] = /--to-destination ([\d.]+)(?=[: ]|$)/.exec(hand.rule) ?? [];
  if (deleted === null || target === undefined || option === undefined || given === target) return [];
  const right = hand.rule.replace(option, `--to-destination ${target}`);
  return [deleted, `${iptables(seen)} -t ${hand.table} ${right.replace(/^-A /, "-I ")}`];
}

/** Lines that let FTP through before the rule. That changes less than removing the rule, which may also protect from other things. */
function spared(seen: Observations, found: FirstBreak): readonly string[] {
  const { hand, thing, packet } = found;
  if (hand.kind !== "rule" || packet === null) return [];
  const isStop =
    stops.test(hand.rule) || (hand.table === "nat" && destinationNat.test(hand.rule) && thing.from === "server");
  if (!isStop) return [];
  const deleted = deletionOf(iptables(seen), hand.table, hand.rule);
  if (deleted === null) return [];
  const chain = /^-A (\S+)/.exec(hand.rule)?.[1] ?? hand.chain;
  const server = serverThere(seen, found);
  const accepted = (connection: BrokenThing["connection"]): string => {
    const range = connection === "control" ? String(seen.control.port) : ports(passiveRange(seen));
    // In active mode the server opens the connection, to whatever port the client named.
    const isServers = connection === "control" || seen.passive;
    const port = `--${(thing.from === "client") === isServers ? "dport" : "sport"} ${isServers ? range : "1024:65535"}`;
    const end = server === null ? "" : thing.from === "server" ? ` -s ${server}` : ` -d ${server}`;
    return `${iptables(seen)} -t ${hand.table} -I ${chain} -p tcp${end} ${port} -j ACCEPT`;
  };
  // A rule that does not ask for the control port stops data connections as well.
  const isBoth = thing.connection === "control" && !namesPort(portsNamedIn(hand.rule), seen.control.port);
  return [
    accepted(thing.connection),
    ...(isBoth ? [accepted("data")] : []),
    `# or delete the rule, if you know that nothing else needs it: ${deleted}`,
  ];
}

/** The server's address as the chain of a rule meets it; `null` if that is not known. */
function serverThere({ routers }: Observations, { thing, packet, hand }: FirstBreak): string | null {
  if (hand.kind !== "rule" || packet === null) return null;
  // Nothing has been translated yet where a packet comes in, nor on a host.
  const router = routers.find(({ id }) => id === hand.node);
  const isEarly = router === undefined || hand.chain === "PREROUTING" || hand.table === "raw";
  if (thing.from === "server") return packet.source;
  return isEarly ? packet.destination : (router.control?.reply.source ?? null);
}

/** Targets that end a packet: an ACCEPT before them in the same chain spares it. So it does before a rule that would translate it. */
const stops = /-j (DROP|REJECT)\b/;

/** What makes the rule of a break leave FTP alone, for its node; empty if it cannot be said. */
function undone(seen: Observations, found: FirstBreak): readonly Part[] {
  if (!("node" in found.hand)) return [];
  const right = sentRight(seen, found);
  const lines = right.length > 0 ? right : spared(seen, found);
  return lines.length > 0 ? [{ place: placeOf(found, found.hand.node), lines }] : deletion(seen, found);
}

/** Whether FTP can be let through before the rule of the break, or nobody has seen the rule. */
function isSpared(seen: Observations): boolean {
  const { firstBreak } = seen;
  return firstBreak === null || spared(seen, firstBreak).length > 0 || deletion(seen, firstBreak).length === 0;
}

/** Takes away the rule that ends it, or narrows it. */
export const removeRule: Remedy = {
  id: "remove-rule",
  party: "network admin",
  what: (seen) => {
    const { firstBreak } = seen;
    const of = firstBreak !== null && "node" in firstBreak.hand ? ` of ${firstBreak.hand.node}` : "";
    return isSpared(seen)
      ? `Put an ACCEPT for FTP above the rule${of}, or change the rule.`
      : `Delete the rule${of}, or narrow it, if you know that nothing else needs it.`;
  },
  // A host's own rules are its own administrator's matter.
  lines: (seen) => {
    const { firstBreak } = seen;
    // What hides a connection from tracking has a cure of its own.
    if (firstBreak?.side !== "router" || (untrackedOn(seen) !== null && hidesFromTracking(firstBreak))) return [];
    return linesOf(undone(seen, firstBreak), true);
  },
  apply: notInLab,
};

/** Lets connection tracking see the control connection again. */
export const trackControl: Remedy = {
  id: "track-control",
  party: "network admin",
  what: (seen) =>
    `Let ${untrackedOn(seen)?.router ?? "the router"} track the control connection: remove the rules that exclude it ` +
    `from tracking.`,
  lines: (seen) => {
    const untracked = untrackedOn(seen);
    if (untracked === null) return [];
    // One that stays keeps half of the connection from being seen.
    const lines = untracked.rules.map((rule) => deletionOf(iptables(seen), "raw", rule));
    if (lines.includes(null)) return [];
    return linesOf([{ place: onRouter(untracked.router), lines: lines.flatMap((line) => line ?? []) }], true);
  },
  apply: notInLab,
};

/** Opens the server's own firewall for the control port and the passive range. */
export const openServerHost: Remedy = {
  id: "open-server-host",
  party: "server admin",
  what: (seen) =>
    seen.firstBreak?.hand.kind === "rule"
      ? "Put an ACCEPT for FTP above the rule of the server's own firewall that stops it, or change the rule."
      : `Let the server's own firewall accept port ${seen.control.port} and the passive ports.`,
  lines: (seen) => {
    const { firstBreak, routersMissing } = seen;
    // If only the client was heard, nothing shows the place.
    if (firstBreak === null ? !routersMissing : firstBreak.side !== "server") return [];
    const undoing = firstBreak === null ? [] : undone(seen, firstBreak);
    if (undoing.length > 0) return linesOf(undoing, true);
    const command = iptables(seen);
    const wanted = [String(seen.control.port), ...(seen.passive ? [ports(passiveRange(seen))] : [])];
    const active = seen.passive ? [] : [`${command} -I OUTPUT -p tcp -j ACCEPT`];
    const lines = wanted.map((port) => `${command} -I INPUT -p tcp --dport ${port} -j ACCEPT`);
    return linesOf([{ place: onServerHost, lines: [...lines, ...active] }], true);
  },
  apply: notInLab,
};

/** Lets the answers of connections that the host opened come in. */
export const openClientHost: Remedy = {
  id: "open-client-host",
  party: "user",
  what: (seen) =>
    seen.passive
      ? "Let your own firewall pass the client's connections and their answers."
      : "Let your own firewall accept the server's connections from port 20, or use passive mode.",
  lines: (seen) => {
    const { firstBreak } = seen;
    if (firstBreak?.side !== "client") return [];
    const undoing = undone(seen, firstBreak);
    if (undoing.length > 0) return linesOf(undoing, true);
    const command = iptables(seen);
    const lines = seen.passive
      ? [
          `${command} -I OUTPUT -p tcp -j ACCEPT`,
          `${command} -I INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
        ]
      : [`${command} -I INPUT -p tcp -s ${seen.control.peer ?? "SERVER_ADDRESS"} -j ACCEPT`];
    return linesOf([{ place: onClientHost, lines }], true);
  },
  apply: notInLab,
};

/**
 * The reverse path filter takes a source for good if there is any way to it (loose mode, RFC 3704), on the interface where the packets come
 * in. The greater of its value and that of `all` holds, so `all` stays as it is (ip-sysctl).
 */
export const loosenReversePath: Remedy = {
  id: "loosen-reverse-path",
  party: "network admin",
  what: ({ firstBreak }) =>
    `Let ${nodeOf(firstBreak)} accept packets${arrivalOf(firstBreak)} from sources that it would reach by another ` +
    `link (rp_filter = 2).`,
  lines: ({ firstBreak }) => {
    if (firstBreak?.hand.kind !== "reverse-path-filter") return [];
    const { node, link } = firstBreak.hand;
    const line =
      link === null
        ? "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 2 > $f; done"
        : `echo 2 > /proc/sys/net/ipv4/conf/${link}/rp_filter`;
    return linesOf([{ place: placeOf(firstBreak, node), lines: [line] }], true);
  },
  apply: notInLab,
};

function arrivalOf(found: FirstBreak | null): string {
  return found?.hand.kind === "reverse-path-filter" && found.hand.link !== null ? ` on ${found.hand.link}` : "";
}

/** A way on for what a router has no route for. */
export const mendRoute: Remedy = {
  id: "mend-route",
  party: "network admin",
  what: ({ firstBreak }) => {
    if (isOnRoute(firstBreak) && firstBreak.hand.neighbour === true) {
      return `Make the next hop of ${firstBreak.hand.node} answer, or use another one.`;
    }
    return isOnRoute(firstBreak) && refusalLines(firstBreak.hand).length > 0
      ? `Delete the route of ${nodeOf(firstBreak)} that refuses it, if it is not there on purpose.`
      : `Give ${nodeOf(firstBreak)} a route to the packet's destination.`;
  },
  lines: ({ firstBreak }) => {
    if (!isOnRoute(firstBreak) || firstBreak.side !== "router" || firstBreak.packet === null) return [];
    const { hand, packet } = firstBreak;
    const refusals = refusalLines(hand);
    const lines =
      hand.neighbour === true
        ? [`ip route get ${packet.destination}`, "ip neigh show nud failed"]
        : [
            `ip route get ${packet.destination} # the way that it takes now`,
            ...(refusals.length > 0 ? refusals : [`ip route add ${packet.destination} via NEXT_ROUTER`]),
          ];
    return linesOf([{ place: placeOf(firstBreak, hand.node), lines }], true);
  },
  apply: notInLab,
};

type RouteBreak = FirstBreak & { readonly hand: { readonly kind: "no-route" } };

function isOnRoute(found: FirstBreak | null): found is RouteBreak {
  return found?.hand.kind === "no-route";
}

/** A helper that is there before NAT gets room for its changes. */
export const attachEarlier: Remedy = {
  id: "attach-helper-before-nat",
  party: "network admin",
  what: () => "Attach the helper before NAT (priority -150), or update the router's kernel.",
  lines: ({ control, family }) => {
    const [l3proto, table] = family === "ipv6" ? ["ip6", "ip6 ftp_helper"] : ["ip", "ip ftp_helper"];
    return [
      `nft add table ${table}`,
      `nft add ct helper ${table} ftp-control '{ type "ftp" protocol tcp; l3proto ${l3proto}; }'`,
      `nft add chain ${table} attach '{ type filter hook prerouting priority -150; }'`,
      `nft add rule ${table} attach tcp dport ${control.port} ct helper set "ftp-control"`,
    ];
  },
  apply: notInLab,
};
