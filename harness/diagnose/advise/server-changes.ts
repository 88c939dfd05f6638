/** What the server's administrator can change for given sessions. */
import type { Need } from "../../model/advice";
import { addressOf, attachmentsOf, clientOf, dialledPort, familyOf, serversOf } from "../../model/network";
import type { PortRange, ServerNode, Topology } from "../../model/topology";
import type { ServerProfile } from "../../model/server-profile";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Remedy } from "../remedies/remedy";
import {
  acceptNewSessions,
  demandNothing,
  grantCcc,
  offerTls,
  offerVersions,
  protectPassword,
  rememberSessions,
  showTrusted,
  takeAnyPeer,
} from "../remedies/server";
import type { Directives } from "../../catalog/servers/definition";
import type { Change } from "./change";
import { isAnyPort } from "./ranges";
import { speakerFor } from "./router-lines";
import { expectedOf, setupOf, type View } from "./state";

/** Changes of the server's configuration and of its host. */
export function serverChanges(view: View, server: ServerNode, ranges: readonly PortRange[]): readonly Change[] {
  return [
    ...nameAddress(view, server),
    ...moveRange(view, server, ranges),
    ...ownDemands(view),
    ...openHosts(view, ranges),
  ];
}

/** `server` as its configuration says it, a user's own included. */
function nameAddress({ topology, server: profile }: View, server: ServerNode): readonly Change[] {
  const { directives } = softwareNamed(profile.software);
  const own = addressOf(topology, server.id);
  const named = server.masqueradeAddress ?? own;
  const other = named === topology.dial ? own : topology.dial;
  const name = (address: string): Change => ({
    id: `name-${address}`,
    party: "server",
    what: `Let the server name ${address} in its replies to PASV.`,
    server: {
      directives: directives.masqueradeAddress(address),
      node: { masqueradeAddress: address === own ? null : address },
    },
  });
  // 227 has room for IPv4 alone (RFC 959).
  if (own.includes(":") || topology.dial.includes(":")) return [];
  return other === named || directives.masqueradeAddress(other).length === 0 ? [] : [name(other)];
}

function moveRange({ server: profile }: View, server: ServerNode, ranges: readonly PortRange[]): readonly Change[] {
  const { directives } = softwareNamed(profile.software);
  const { first, last } = server.passivePorts;
  return ranges
    .filter((range) => directives.passivePorts(range).length > 0)
    .filter((range) => range.first !== first || range.last !== last)
    .map((range) => ({
      id: `use-range-${range.first}-${range.last}`,
      party: "server",
      what: isAnyPort(server.passivePorts)
        ? `Let the server use only the passive ports ${range.first}-${range.last}.`
        : `Let the server use the passive ports ${range.first}-${range.last}, which are forwarded already.`,
      server: { directives: directives.passivePorts(range), node: { passivePorts: range } },
    }));
}

/** Remedies of the server's own demands, and how they are written. */
const demands: readonly (readonly [
  Remedy,
  (directives: Directives, profile: ServerProfile) => readonly string[] | null,
])[] = [
  [offerTls, ({ offerTls: lines }) => lines],
  [grantCcc, ({ grantCcc: lines }) => lines],
  [protectPassword, ({ freeProtection }) => freeProtection],
  [demandNothing, ({ demandNothing: lines }) => lines],
  [acceptNewSessions, ({ acceptNewSessions: lines }, { tls }) => lines?.(tls?.options ?? []) ?? null],
  [rememberSessions, ({ rememberSessions: lines }, { tls }) => lines?.(tls?.sessionSeconds ?? 0) ?? null],
  [offerVersions, ({ currentVersions }) => currentVersions],
  [showTrusted, ({ certificate, reload }, { userConfig }) => [...certificate(userConfig?.text ?? ""), ...reload]],
  [takeAnyPeer, ({ acceptForeignPeer }) => acceptForeignPeer],
];

/** They are asked for only where the server would refuse a session that nothing else is in the way of. */
function ownDemands(view: View): readonly Change[] {
  const { server: profile, topology } = view;
  const uses = view.uses.map((use) => ({ ...use, position: undefined }));
  const [here, free] = [topology, withoutNetwork(topology)].map((one) => ({ server: profile, views: [one] }));
  if (here === undefined || free === undefined) return [];
  const refused = uses.filter((use) => expectedOf(free, use).result !== "worked");
  const isForeign = uses.some((use) => expectedOf(here, use).cause === "foreign-data-peer");
  const { directives, userConfig } = softwareNamed(profile.software);
  // A user's own configuration stands instead of what the profile says.
  const said =
    profile.userConfig === undefined
      ? profile
      : (userConfig?.effective({ topology, server: profile }).server ?? profile);
  return demands.flatMap(([remedy, linesIn]): readonly Change[] => {
    if (remedy === takeAnyPeer ? !isForeign : refused.length === 0) return [];
    const lines = linesIn(directives, profile);
    const [use] = refused.length === 0 ? uses : refused;
    const after = use === undefined ? null : remedy.apply({ ...setupOf(here, use), server: said });
    if (lines === null || after === null) return [];
    return [
      {
        id: remedy.id,
        party: "server",
        what: whatOf[remedy.id] ?? remedy.id,
        ...(remedy.exposes === true || remedy === protectPassword || remedy === grantCcc ? { exposes: true } : {}),
        server: { directives: lines, profile: () => after.server },
      },
    ];
  });
}

const whatOf: Readonly<Record<string, string>> = {
  "offer-tls": "Switch TLS on.",
  "grant-ccc": "Demand TLS for login and data only, so that clients may clear the control connection (CCC).",
  "protect-password-only": "Demand TLS for the password only, and leave the rest to the client.",
  "demand-no-tls": "Offer TLS and demand nothing; passwords may then travel in clear.",
  "accept-new-sessions": "Accept data connections that do not resume the control connection's TLS session.",
  "remember-sessions": "Let TLS sessions outlast the control connection.",
  "offer-tls-versions": "Offer the versions of TLS that current clients speak.",
  "show-trusted-certificate":
    "Use a valid certificate from a known authority that contains the name that clients dial.",
  "take-any-data-peer": "Accept data connections from other addresses than the control connection's.",
};

/** Client and server on one wire: what fails there is nobody's in between. */
function withoutNetwork(topology: Topology): Topology {
  const [server] = serversOf(topology);
  const client = clientOf(topology);
  const [link] = attachmentsOf(topology, client.id);
  if (server === undefined || link === undefined) return topology;
  const isV6 = familyOf(topology, client.id) === "ipv6";
  const [subnet, near, far] = isV6
    ? ["2001:db8:ffff::/64", "2001:db8:ffff::1", "2001:db8:ffff::2"]
    : ["203.0.113.0/24", "203.0.113.1", "203.0.113.2"];
  const bare = ({ id }: { readonly id: string }): { readonly id: string; readonly gateway: null } => ({
    id,
    gateway: null,
  });
  const { passivePorts, controlPort } = server;
  return {
    ...topology,
    dial: far,
    family: isV6 ? "ipv6" : "ipv4",
    nodes: [
      { kind: "client", ...bare(client) },
      { kind: "server", ...bare(server), passivePorts, controlPort, masqueradeAddress: null },
    ],
    links: [
      {
        ...link.link,
        subnet,
        ends: [
          { node: client.id, addresses: { first: near, last: near } },
          { node: server.id, addresses: { first: far, last: far } },
        ],
      },
    ],
  };
}

/** The server hosts' own firewalls, for control ports and passive ranges. */
function openHosts({ topology, uses }: View, ranges: readonly PortRange[]): readonly Change[] {
  const ports = [...new Set(uses.map(({ mode }: Need) => dialledPort(topology, mode)))];
  return serversOf(topology).flatMap((node): readonly Change[] => {
    if (node.userRules === undefined) return [];
    const say = speakerFor(topology, node);
    const opens = (range: PortRange, what: string, words: string): Change => ({
      id: `open-${words}@${node.id}`,
      party: "server",
      what: `Let the own firewall of ${node.id} accept ${what}.`,
      pasted: { node: node.id, lines: say.accept("INPUT", { ports: range }) },
    });
    const established: Change = {
      id: `established@${node.id}`,
      party: "server",
      what: `Let the own firewall of ${node.id} pass what belongs to open connections.`,
      pasted: { node: node.id, lines: say.acceptEstablished("INPUT", "OUTPUT") },
    };
    return [
      established,
      ...ports.map((port) => opens({ first: port, last: port }, `port ${port}`, `port-${port}`)),
      ...ranges.map((range) =>
        opens(range, `the passive ports ${range.first}-${range.last}`, `range-${range.first}-${range.last}`),
      ),
    ];
  });
}
