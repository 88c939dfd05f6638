import { isPassive } from "../../model/axes";
import type { AllowRule, PortRange, RouterNode, Topology } from "../../model/topology";
import { addressOf, attachmentsOf, clientOf, routersOf, serverOf } from "../../model/network";
import { advertise } from "./server";
import { withRouters, type LabRemedy, type Setup } from "./setup";

/** Attaches the FTP helper on every router. */
export function attachHelper(port: number): LabRemedy {
  return {
    id: "attach-helper",
    party: "network admin",
    what: `Attach the FTP helper to control connections on port ${port}: CT --helper ftp.`,
    apply: (setup) => withRouters(setup, ({ helperPorts }) => ({ helperPorts: [...helperPorts, port] })),
  };
}

/** Opens the passive range on every router that the control connection comes in by. */
export const forwardRange: LabRemedy = {
  id: "forward-passive-range",
  party: "network admin",
  what: "Forward and allow the passive port range, and let the server name the public address (MasqueradeAddress).",
  apply: (setup) => {
    const { passivePorts } = serverOf(setup.topology);
    return advertise.apply(
      withRouters(setup, ({ portForwards, filter }) => ({
        portForwards: portForwards.map((entry) => ({ ...entry, ports: [...entry.ports, passivePorts] })),
        filter: {
          ...filter,
          allow: filter.allow.map(({ ports, ...rule }) => ({
            ...rule,
            ports: ports === null ? null : [...ports, passivePorts],
          })),
        },
      })),
    );
  },
};

/** Lets the side that opens data connections open any. */
export const allowEgress: LabRemedy = {
  id: "allow-outgoing",
  party: "network admin",
  what: "Let the blocked side open connections outwards.",
  apply: (setup) =>
    withRouters(setup, (router) => {
      const sides = sidesOf(setup.topology, router);
      if (sides === null) return {};
      const [from, to] = isPassive(setup.cell.data) ? [sides.client, sides.server] : [sides.server, sides.client];
      return withRule(router, { from, to, ports: null });
    }),
};

/** All of a client's connections to one server. */
export const keepSources: LabRemedy = {
  id: "keep-sources",
  party: "network admin",
  what: "Give all connections of one client to the same server: DNAT --persistent, session affinity.",
  apply: (setup) =>
    withRouters(setup, ({ portForwards }) => ({
      portForwards: portForwards.map((entry) =>
        entry.balance === undefined ? entry : { ...entry, balance: { ...entry.balance, by: "source" } },
      ),
    })),
};

/** Lets hosts hear that their packets are too long (RFC 1191, RFC 8201). */
export const tellTooLong: LabRemedy = {
  id: "tell-too-long",
  party: "network admin",
  what: "Let ICMP fragmentation needed (packet too big) pass.",
  apply: (setup) => withRouters(setup, ({ make }) => ({ make: { ...make, tellsTooLong: true } })),
};

/** Linux's own five days. */
export const rememberLonger: LabRemedy = {
  id: "remember-longer",
  party: "network admin",
  what: "Let routers remember silent connections longer: nf_conntrack_tcp_timeout_established.",
  apply: (setup) => withRouters(setup, ({ make }) => ({ make: { ...make, idleTimeoutS: null } })),
};

/** Lets pass what a helper expects. */
export const acceptExpected: LabRemedy = {
  id: "accept-related",
  party: "network admin",
  what: "Accept the connections that the FTP helper expects: --ctstate RELATED.",
  apply: (setup) => withRouters(setup, ({ filter }) => ({ filter: { ...filter, related: true } })),
};

/** Lets a control port through to the server, by a forward where the router has the address that clients dial. */
export function openControlPort(port: number): LabRemedy {
  const ports: readonly PortRange[] = [{ first: port, last: port }];
  return {
    id: "open-control-port",
    party: "network admin",
    what: `Let port ${port} through to the server, and forward it where the server is behind NAT.`,
    apply: (setup) =>
      withRouters(setup, (router) => {
        const sides = sidesOf(setup.topology, router);
        if (sides === null) return {};
        return {
          ...withRule(router, { from: sides.client, to: sides.server, ports }),
          portForwards: [...router.portForwards, ...forwardsOf(setup, router, ports)],
        };
      }),
  };
}

function forwardsOf({ topology }: Setup, router: RouterNode, ports: readonly PortRange[]): RouterNode["portForwards"] {
  const to = addressOf(topology, serverOf(topology).id);
  const shared = router.portForwards.find(({ balance }) => balance !== undefined);
  return attachmentsOf(topology, router.id)
    .filter(({ address }) => address === topology.dial)
    .map(({ link }) => ({
      on: link.id,
      ports,
      to: shared?.to ?? to,
      ...(shared?.balance === undefined ? {} : { balance: shared.balance }),
    }));
}

function withRule({ filter }: RouterNode, rule: AllowRule): Pick<RouterNode, "filter"> {
  return { filter: { ...filter, allow: [...filter.allow, rule] } };
}

/** A router's links towards client and server: routers stand in the file in that order. `null` for one that is not in between. */
function sidesOf(topology: Topology, { id }: RouterNode): { readonly client: string; readonly server: string } | null {
  const way = [clientOf(topology).id, ...routersOf(topology).map((router) => router.id), serverOf(topology).id];
  const at = way.indexOf(id);
  const linkTo = (peer: string | undefined): string | null =>
    attachmentsOf(topology, id).find(({ peers }) => peer !== undefined && peers.includes(peer))?.link.id ?? null;
  const [client, server] = [linkTo(way[at - 1]), linkTo(way[at + 1])];
  return client === null || server === null ? null : { client, server };
}
