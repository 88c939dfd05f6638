import { addressOf, serverOf } from "../../model/network";
import { withTls, type LabRemedy } from "./setup";

/** Names the address that clients dial, where a router gives the server another one. */
export const advertise: LabRemedy = {
  id: "name-dialled-address",
  party: "server admin",
  what: "Let the server name the address that clients dial: MasqueradeAddress.",
  apply: (setup) => {
    const { topology } = setup;
    if (addressOf(topology, serverOf(topology).id) === topology.dial) return setup;
    const nodes = topology.nodes.map((node) =>
      node.kind === "server" ? { ...node, masqueradeAddress: topology.dial } : node,
    );
    return { ...setup, topology: { ...topology, nodes } };
  },
};

/** ProFTPD's documented recipe for CCC (doc/howto/TLS.html): passwords protected, the control channel free to be cleared. */
export const protectPassword: LabRemedy = {
  id: "protect-password-only",
  party: "server admin",
  what: "Demand TLS for the password only: TLSRequired auth.",
  apply: (setup) => withTls(setup, () => ({ required: "auth" })),
};

export const demandNothing: LabRemedy = {
  id: "demand-no-tls",
  party: "server admin",
  what: "Offer TLS and demand nothing: TLSRequired off.",
  apply: (setup) => withTls(setup, () => ({ required: "off" })),
};

export const acceptNewSessions: LabRemedy = {
  id: "accept-new-sessions",
  party: "server admin",
  what: "Do without session reuse: TLSOptions NoSessionReuseRequired.",
  apply: (setup) => withTls(setup, ({ options }) => ({ options: [...options, "NoSessionReuseRequired"] })),
};

export const rememberSessions: LabRemedy = {
  id: "remember-sessions",
  party: "server admin",
  what: "Let TLS sessions outlast the control connection: TLSSessionCache.",
  // mod_tls's own default, where the directive is not set.
  apply: (setup) => withTls(setup, () => ({ sessionSeconds: 15_840 })),
};

export const showTrusted: LabRemedy = {
  id: "show-trusted-certificate",
  party: "server admin",
  what: "Show a certificate that clients trust, of the name that they dial and of today.",
  apply: (setup) => withTls(setup, () => ({ certificate: "trusted" })),
};

/** Written or not makes a difference: left out, ProFTPD does not look who connects (inet.c). */
export const takeAnyPeer: LabRemedy = {
  id: "take-any-data-peer",
  party: "server admin",
  what: "Let the server not look where data connections come from: AllowForeignAddress left out, pasv_promiscuous=YES.",
  apply: (setup) => {
    const { foreignAddress, ...server } = setup.server;
    if (server.software === "vsftpd") {
      return { ...setup, server: { ...server, directives: [...(server.directives ?? []), "pasv_promiscuous=YES"] } };
    }
    return foreignAddress === undefined ? setup : { ...setup, server };
  },
};

export const offerVersions: LabRemedy = {
  id: "offer-tls-versions",
  party: "server admin",
  what: "Offer the versions that current clients speak: TLSProtocol TLSv1.2 TLSv1.3.",
  apply: (setup) => withTls(setup, () => ({ protocol: "TLSv1.2 TLSv1.3" })),
};

/** Switches TLS on, explicit and implicit. */
export const offerTls: LabRemedy = {
  id: "offer-tls",
  party: "server admin",
  what: "Give the server TLS: TLSEngine on, with a certificate.",
  apply: (setup) => ({
    ...setup,
    server: {
      ...setup.server,
      tls: {
        protocol: "TLSv1.2 TLSv1.3",
        options: ["NoSessionReuseRequired"],
        verifyClient: "off",
        required: "off",
      },
    },
  }),
};
