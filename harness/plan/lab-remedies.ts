import { controlPortOf, type DataCommand, type Mode } from "../model/axes";
import type { Cell } from "../model/cell";
import type { CauseId } from "../model/diagnosis";
import type { ServerProfile } from "../model/server-profile";
import type { RouterNode, Topology } from "../model/topology";
import { addressOf, serverOf } from "./network";
import { cellId } from "./cells";

/** A cell and the set-up that it runs in: what a remedy changes one thing of. */
export type Setup = { readonly cell: Cell; readonly topology: Topology; readonly server: ServerProfile };

/** A remedy that the lab can apply, to prove that it cures. */
export type LabRemedy = {
  readonly party: "server admin" | "network admin" | "user";
  /** What is changed, in one sentence. */
  readonly what: string;
  readonly apply: (setup: Setup) => Setup;
};

/** Remedies of a cause in the order in which they are tried; empty where the lab has none. */
export function labRemediesOf(cause: CauseId, { cell, server }: Setup): readonly LabRemedy[] {
  switch (cause) {
    case "no-helper":
      return [attachHelper(controlPortOf(cell.mode)), forwardRange];
    case "helper-not-on-port":
      return [attachHelper(controlPortOf(cell.mode))];
    case "helper-blind-to-tls":
      return cell.data === "port" || cell.data === "eprt"
        ? [useMode("ftps-ccc", "Clear the control connection with CCC after login, so that the helper can read it.")]
        : [
            useMode("ftps-ccc", "Clear the control connection with CCC after login, so that the helper can read it."),
            forwardRange,
          ];
    case "helper-missed-first-line-after-ccc":
      return [useMode("ftps-ccc", "Send one harmless command (NOOP) between CCC and the data command.")];
    case "passive-address-rejected-by-client":
      return [masquerade, useData("epsv", "Use EPSV, which names no address."), useClient("ignore-227")];
    case "passive-address-unroutable":
    case "passive-port-not-forwarded":
      return [forwardRange];
    case "active-address-refused":
    case "active-connection-blocked":
      return [passiveInstead];
    case "egress-blocked":
      return [allowEgress];
    case "ccc-refused":
    case "protection-refused":
      return [relaxTls];
    case "tls-required":
      return [useMode("ftps", "Use FTPS (explicit TLS) with protected data.")];
    case "tls-not-offered":
      return [useMode("ftp", "Use plain FTP, or give the server TLS.")];
    case "tls-session-not-reused":
      return [resume, relaxReuse];
    case "port-unreachable":
      return server.tls !== null && cell.mode === "ftps-implicit"
        ? [useMode("ftps", "Use explicit TLS on port 21 in place of implicit TLS on port 990.")]
        : [];
    case "certificate-untrusted":
    case "certificate-name-mismatch":
    case "certificate-expired":
    case "implicit-explicit-mismatch":
    case "control-connection-dropped-idle":
    case "foreign-data-peer":
    case "login-refused":
    case "unknown":
      return [];
  }
}

const forwardRange: LabRemedy = {
  party: "network admin",
  what: "Forward and allow the passive port range, and let the server name the public address (MasqueradeAddress).",
  apply: (setup) => masquerade.apply({ ...setup, topology: withRange(setup.topology) }),
};

const masquerade: LabRemedy = {
  party: "server admin",
  what: "Let the server name the address that clients dial: MasqueradeAddress.",
  apply: ({ cell, topology, server }) => {
    const isTranslated = addressOf(topology, serverOf(topology).id) !== topology.dial;
    const nodes = topology.nodes.map((node) =>
      node.kind === "server" && isTranslated ? { ...node, masqueradeAddress: topology.dial } : node,
    );
    return { cell, server, topology: { ...topology, nodes } };
  },
};

const passiveInstead: LabRemedy = {
  party: "user",
  what: "Use passive mode (EPSV), with the passive range forwarded where a router stands before the server.",
  apply: (setup) => forwardRange.apply({ ...setup, cell: renamed({ ...setup.cell, data: "epsv" }) }),
};

const allowEgress: LabRemedy = {
  party: "network admin",
  what: "Let the blocked side open connections outwards.",
  apply: ({ cell, topology, server }) => {
    const change = (router: RouterNode): RouterNode => {
      const allow = router.filter.allow.map((rule) => ({ ...rule, ports: null }));
      return { ...router, filter: { ...router.filter, allow } };
    };
    return { cell, server, topology: changeRouters(topology, change) };
  },
};

/** ProFTPD's documented recipe for CCC (doc/howto/TLS.html): passwords protected, the control channel free to be cleared. */
const relaxTls: LabRemedy = {
  party: "server admin",
  what: "Demand TLS for the password only: TLSRequired auth.",
  apply: ({ cell, topology, server }) => ({
    cell,
    topology,
    server: server.tls === null ? server : { ...server, tls: { ...server.tls, required: "auth" } },
  }),
};

const relaxReuse: LabRemedy = {
  party: "server admin",
  what: "Do without session reuse: TLSOptions NoSessionReuseRequired.",
  apply: ({ cell, topology, server }) => ({
    cell,
    topology,
    server:
      server.tls === null
        ? server
        : { ...server, tls: { ...server.tls, options: [...server.tls.options, "NoSessionReuseRequired"] } },
  }),
};

const resume: LabRemedy = {
  party: "user",
  what: "Use a client that resumes the control connection's TLS session on data connections.",
  apply: ({ cell, ...rest }) => ({
    ...rest,
    cell: renamed({ ...cell, client: cell.client.replace("+no-resume", "") }),
  }),
};

function attachHelper(port: number): LabRemedy {
  return {
    party: "network admin",
    what: `Attach the FTP helper to control connections on port ${String(port)}: CT --helper ftp.`,
    apply: ({ cell, topology, server }) => ({
      cell,
      server,
      topology: changeRouters(topology, (router) => ({ ...router, helperPorts: [...router.helperPorts, port] })),
    }),
  };
}

function useMode(mode: Mode, what: string): LabRemedy {
  return { party: "user", what, apply: ({ cell, ...rest }) => ({ ...rest, cell: renamed({ ...cell, mode }) }) };
}

function useData(data: DataCommand, what: string): LabRemedy {
  return { party: "user", what, apply: ({ cell, ...rest }) => ({ ...rest, cell: renamed({ ...cell, data }) }) };
}

function useClient(option: string): LabRemedy {
  return {
    party: "user",
    what: "Let the client dial the address of its control connection, whatever 227 names.",
    apply: ({ cell, ...rest }) => ({ ...rest, cell: renamed({ ...cell, client: `${cell.client}+${option}` }) }),
  };
}

function renamed(cell: Cell): Cell {
  return { ...cell, id: cellId(cell) };
}

/** Opens the passive range on every router that the control connection comes in by. */
function withRange(topology: Topology): Topology {
  const { passivePorts } = serverOf(topology);
  return changeRouters(topology, (router) => {
    const portForwards = router.portForwards.map((entry) => ({ ...entry, ports: [...entry.ports, passivePorts] }));
    const allow = router.filter.allow.map((rule) => ({
      ...rule,
      ports: rule.ports === null ? null : [...rule.ports, passivePorts],
    }));
    return { ...router, portForwards, filter: { ...router.filter, allow } };
  });
}

function changeRouters(topology: Topology, change: (router: RouterNode) => RouterNode): Topology {
  const nodes = topology.nodes.map((node) => (node.kind === "router" ? change(node) : node));
  return { ...topology, nodes };
}
