/**
 * The expected outcomes of domain.md, sections 7 and 11 (network) and 1.1 to 1.4 (server), written down by hand. The
 * tables are the specification and the code is what is tested: neither is made from the other.
 */
import { basename } from "node:path";
import { softwareNamed } from "../../../../harness/catalog/servers/registry";
import { dataCommandsOf, modes, operations, type Mode } from "../../../../harness/model/axes";
import type { ExpectedResult } from "../../../../harness/model/cell";
import type { CauseId } from "../../../../harness/model/diagnosis";
import type { TlsRequired } from "../../../../harness/model/server-profile";
import type { Topology } from "../../../../harness/model/topology";
import { routersOf } from "../../../../harness/model/network";
import { predictFor, verdictAndCauseOf } from "../../../support/cells";
import { profiles, topologies, topologyNamed } from "../../../support/inputs";
import { port, range } from "../../../support/networks";
import {
  profileRequiring,
  withFilters,
  withoutEgress,
  withRouter,
  withRouters,
  withServer,
} from "../../../support/variations";

const works = "worked";
/** The 227 or PORT names an address that its receiver refuses. */
const refused = (cause: CauseId): string => `data-command: ${cause}`;
/** The data connection does not get through. */
const blocked = (cause: CauseId): string => `data-connect: ${cause}`;
/** IPv6 has no PASV and PORT (RFC 2428). */
const none = null;

const noHelper = "no-helper";
const hiding = "helper-blind-to-tls";
const missing = "helper-missed-first-line-after-ccc";
const elsewhere = "helper-not-on-port";
const unaccepted = "related-not-accepted";
const unroutable = "passive-address-unroutable";
const rejected = "passive-address-rejected-by-client";
const unforwarded = "passive-port-not-forwarded";
const bounced = "active-address-refused";
const otherFamily = "address-family-refused";
const toOther = "data-connection-to-other-server";
const undialled = "passive-address-not-dialled";
/** Chance decides. */
const open = "not-run";
const unexpected = "active-connection-blocked";
const egress = "egress-blocked";

const controlConnect = "control-connect: port-unreachable";
const astray = "control-connect: return-route-missing";
const authTls = "auth-tls: tls-not-offered";
const versionsApart = "auth-tls: tls-versions-do-not-meet";
const login = "login: tls-required";
/** PROT gets 534. */
const prot = "protection: protection-refused";
/** The transfer command gets 522. */
const transfer = "protection: tls-required";
const ccc = "ccc: ccc-refused";
const notResumed = "data-tls: tls-session-not-reused";

/** A router's helper can read the data command and its reply. */
const clear = ["ftp", "ftps-ccc", "ftps-ccc-clear-data"] as const;
/** It cannot: TLS hides them. */
const hidden = ["ftps", "ftps-clear-data", "ftps-implicit"] as const;
/** It cannot: one of them is the first clear line after CCC. */
const missed = ["ftps-ccc-unprimed"] as const;
const blind = [...hidden, ...missed];
const all = modes;

type Verdict = string | null;
type NetworkRow = readonly [string, readonly Mode[], Verdict, Verdict, Verdict, Verdict];

// prettier-ignore
const networkTable: readonly NetworkRow[] = [
  //                               modes   PASV                 EPSV                  PORT                 EPRT
  ["direct",                       all,    works,               works,                works,               works],   // D
  ["server-nat",                   clear,  refused(noHelper),   blocked(noHelper),    works,               works],   // S1; basic-ftp rejects the private 227
  ["server-nat",                   blind,  refused(unroutable), blocked(unforwarded), works,               works],   //   a helper would not help
  ["server-nat-helper",            clear,  works,               works,                works,               works],   // S2
  ["server-nat-helper",            hidden, refused(hiding),     blocked(hiding),      works,               works],   //   as S1
  ["server-nat-helper",            missed, refused(missing),    blocked(missing),     works,               works],
  ["server-nat-range",             all,    works,               works,                works,               works],   // S3
  ["server-nat-range-no-masquerade", all,  refused(rejected),   works,                works,               works],   // S3b; the range is open, and the client does not try it
  ["server-nat-range-helper",      all,    works,               works,                works,               works],   // S3c
  ["server-nat-snat",              clear,  refused(noHelper),   blocked(noHelper),    refused(bounced),    refused(bounced)], // S4: 500 Illegal PORT
  ["server-nat-snat",              blind,  refused(unroutable), blocked(unforwarded), refused(bounced),    refused(bounced)],
  ["client-nat",                   clear,  works,               works,                blocked(noHelper),   blocked(noHelper)], // C1: 200, then 425
  ["client-nat",                   blind,  works,               works,                blocked(unexpected), blocked(unexpected)],
  ["client-nat-helper",            clear,  works,               works,                works,               works],   // C2
  ["client-nat-helper",            hidden, works,               works,                blocked(hiding),     blocked(hiding)], //   as C1
  ["client-nat-helper",            missed, works,               works,                blocked(missing),    blocked(missing)],
  ["client-egress-helper",         clear,  works,               works,                works,               works],   // C3
  ["client-egress-helper",         hidden, blocked(hiding),     blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["client-egress-helper",         missed, blocked(missing),    blocked(missing),     blocked(missing),    blocked(missing)],
  ["double-nat-helper",            clear,  works,               works,                works,               works],   // B: S2 and C2
  ["double-nat-helper",            hidden, refused(hiding),     blocked(hiding),      refused(hiding),     refused(hiding)], //   500: the server is on RFC 1918 itself
  ["double-nat-helper",            missed, refused(missing),    blocked(missing),     refused(missing),    refused(missing)],
  ["firewall",                     clear,  blocked(noHelper),   blocked(noHelper),    works,               works],   // F1
  ["firewall",                     blind,  blocked(unforwarded), blocked(unforwarded), works,              works],
  ["firewall-helper",              clear,  works,               works,                works,               works],   // F2
  ["firewall-helper",              hidden, blocked(hiding),     blocked(hiding),      works,               works],
  ["firewall-helper",              missed, blocked(missing),    blocked(missing),     works,               works],
  ["firewall-range",               all,    works,               works,                works,               works],   // F3
  ["firewall-strict-helper",       clear,  works,               works,                works,               works],   // section 11: the server may open nothing
  ["firewall-strict-helper",       hidden, blocked(hiding),     blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["firewall-strict-helper",       missed, blocked(missing),    blocked(missing),     blocked(missing),    blocked(missing)],
  ["ipv6-firewall",                clear,  none,                blocked(noHelper),    none,                works],   // 6a
  ["ipv6-firewall",                blind,  none,                blocked(unforwarded), none,                works],
  ["ipv6-firewall-helper",         clear,  none,                works,                none,                works],   // 6b
  ["ipv6-firewall-helper",         hidden, none,                blocked(hiding),      none,                works],   //   the server may open connections
  ["ipv6-firewall-helper",         missed, none,                blocked(missing),     none,                works],
  ["cgnat",                        clear,  works,               works,                blocked(noHelper),   blocked(noHelper)],   // 9: passive works
  ["cgnat",                        blind,  works,               works,                blocked(unexpected), blocked(unexpected)],
  ["cgnat-helper",                 clear,  works,               works,                refused(bounced),    refused(bounced)],    //   100.64.0.2 is not private to ProFTPD
  ["cgnat-helper",                 hidden, works,               works,                blocked(hiding),     blocked(hiding)],
  ["cgnat-helper",                 missed, works,               works,                blocked(missing),    blocked(missing)],
  ["client-two-addresses",         clear,  works,               works,                blocked(noHelper),   blocked(noHelper)],   //   AllowForeignAddress is not written
  ["client-two-addresses",         blind,  works,               works,                blocked(unexpected), blocked(unexpected)],
  ["hairpin",                      all,    astray,              astray,               astray,              astray],
  ["hairpin-snat",                 all,    works,               works,                refused(bounced),    refused(bounced)],
  ["office@internet",              all,    works,               works,                works,               works],   //   as server-nat-range
  ["office@lan",                   all,    controlConnect,      controlConnect,       controlConnect,      controlConnect], // nothing is forwarded for those inside
  ["server-nat-remapped",          clear,  blocked(unforwarded), blocked(noHelper),   works,               works],   //   a helper passes over a 227 with MasqueradeAddress
  ["server-nat-remapped",          blind,  blocked(unforwarded), blocked(unforwarded), works,              works],
  ["server-two-addresses-helper",  clear,  works,               works,                blocked(unexpected), blocked(unexpected)],
  ["server-two-addresses-helper",  hidden, works,               works,                blocked(hiding),     blocked(hiding)],
  ["server-two-addresses-helper",  missed, works,               works,                blocked(missing),    blocked(missing)],
  ["load-balanced",                all,    blocked(toOther),    blocked(toOther),     works,               works],   //   nth gives control and data connection to different servers
  ["load-balanced-affinity",       all,    works,               works,                works,               works],
  ["load-balanced-random",         all,    open,                open,                 works,               works],
  ["load-balanced-helper",         clear,  works,               works,                works,               works],   //   the expectation goes where the control connection went
  ["load-balanced-helper",         hidden, refused(hiding),     blocked(hiding),      works,               works],
  ["load-balanced-helper",         missed, refused(missing),    blocked(missing),     works,               works],
  ["load-balancer-front",          clear,  refused(undialled),  blocked(noHelper),    works,               works],
  ["load-balancer-front",          blind,  refused(undialled),  blocked(unforwarded), works,               works],
  ["nat64",                        all,    none,                works,                none,                refused(otherFamily)], //   229 names no address, EPRT one of IPv6
];

/** What is predicted for a row's modes, as a row: one verdict a data command, the same for every mode and operation. */
function predictedRow(topology: Topology, rowModes: readonly Mode[], client = "basic-ftp"): readonly Verdict[] {
  return (["pasv", "epsv", "port", "eprt"] as const).map((data) => {
    if (!dataCommandsOf(topology.family).includes(data)) return none;
    const verdicts = rowModes.flatMap((mode) =>
      operations.map((operation) => verdictAndCauseOf(predictFor(topology, { client, mode, data, operation }))),
    );
    const [first] = verdicts;
    return verdicts.every((verdict) => verdict === first) ? (first ?? none) : verdicts.join(" ");
  });
}

describe("what the network lets through (domain.md, section 7)", () => {
  it.each(networkTable)("is as first principles say in %s, modes %j", (id, rowModes, ...expected) => {
    expect(predictedRow(topologyNamed(id), rowModes)).toEqual(expected);
  });

  it("is said for every mode of every topology once", () => {
    const said = networkTable.flatMap(([id, rowModes]) => rowModes.map((mode) => `${id} ${mode}`));
    const wanted = topologies.flatMap(({ id }) => modes.map((mode) => `${id} ${mode}`));
    expect([...said].sort()).toEqual(wanted.sort());
  });
});

const nothingOut = withoutEgress(topologyNamed("server-nat"), "lan");
const nothingOutHelper = withoutEgress(topologyNamed("server-nat-helper"), "lan");
const strictIpv6 = withoutEgress(topologyNamed("ipv6-firewall-helper"), "inside");
const snatHelper = withRouters(topologyNamed("server-nat-snat"), () => ({ helperPorts: [21] }));
const egressNoHelper = withRouters(topologyNamed("client-egress-helper"), () => ({ helperPorts: [] }));
const s1Elsewhere = withRouters(topologyNamed("server-nat"), () => ({ helperPorts: [2121] }));
const s3bHelper = withRouters(topologyNamed("server-nat-range-no-masquerade"), () => ({ helperPorts: [21] }));
const s3bElsewhere = withRouters(s3bHelper, () => ({ helperPorts: [2121] }));
const s4Elsewhere = withRouters(topologyNamed("server-nat-snat"), () => ({ helperPorts: [2121] }));
const s1Shut = withoutEgress(s1Elsewhere, "lan");
const helperElsewhere = withRouters(topologyNamed("client-egress-helper"), () => ({ helperPorts: [2121] }));
const helperOn990 = withRouters(topologyNamed("client-egress-helper"), () => ({ helperPorts: [990] }));
const oneHelper = (id: string): Topology =>
  withRouter(topologyNamed("double-nat-helper"), id === "client" ? "server-router" : "client-router", {
    helperPorts: [],
  });
const egressFiltered = withRouter(topologyNamed("double-nat-helper"), "client-router", {
  filter: {
    input: "drop",
    forward: "drop",
    related: true,
    allow: [
      {
        from: "client-lan",
        to: "internet",
        ports: [
          { first: 21, last: 21 },
          { first: 990, last: 990 },
        ],
      },
    ],
  },
});
const publicName = withServer(topologyNamed("double-nat-helper"), { masqueradeAddress: "203.0.113.1" });
const outwards = [{ from: "inside", to: "outside", ports: null }];
const rejecting = withFilters(topologyNamed("firewall"), { forward: "reject" });
const deafRelated = withFilters(topologyNamed("firewall-strict-helper"), { related: false });
const deafRange = withFilters(
  withRouters(topologyNamed("firewall-range"), () => ({ helperPorts: [21] })),
  { related: false },
);
const halves = [port(21), port(990), range(50000, 50499), range(50500, 50999)];
const twoHalves = withFilters(topologyNamed("firewall"), {
  allow: [...outwards, { from: "outside", to: "inside", ports: halves }],
});
const serverUntranslated = withRouters(topologyNamed("server-nat"), () => ({ masquerade: [] }));
// A range that is forwarded and not allowed, by a router that hides the clients from the server.
const s4Shut = withRouters(topologyNamed("server-nat-snat"), ({ portForwards }) => ({
  portForwards: portForwards.map((forward) => ({ ...forward, ports: [...forward.ports, range(50000, 50999)] })),
}));
// The same for the client's own ports.
const c1Shut = withRouters(topologyNamed("client-nat"), () => ({
  portForwards: [{ on: "internet", ports: [range(1024, 65535)], to: "192.168.20.32" }],
}));
const otherPeer = withRouter(oneHelper("client"), "server-router", { masquerade: [] });

type VariationRow = readonly [string, Topology, readonly Mode[], Verdict, Verdict, Verdict, Verdict];

// prettier-ignore
const variationTable: readonly VariationRow[] = [
  //                                                        modes   PASV                  EPSV                  PORT                 EPRT
  ["S1, the server may open nothing", nothingOut,           clear,  refused(noHelper),    blocked(noHelper),    blocked(egress),     blocked(egress)],
  ["S1, the server may open nothing", nothingOut,           blind,  refused(unroutable),  blocked(unforwarded), blocked(egress),     blocked(egress)],
  ["S2, the server may open nothing", nothingOutHelper,     clear,  works,                works,                works,               works],
  ["S2, the server may open nothing", nothingOutHelper,     hidden, refused(hiding),      blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["S2, the server may open nothing", nothingOutHelper,     missed, refused(missing),     blocked(missing),     blocked(missing),    blocked(missing)],
  ["S4 with a helper",                snatHelper,           clear,  works,                works,                works,               works],
  ["S4 with a helper",                snatHelper,           hidden, refused(hiding),      blocked(hiding),      refused(hiding),     refused(hiding)],
  ["S4 with a helper",                snatHelper,           missed, refused(missing),     blocked(missing),     refused(missing),    refused(missing)],
  ["6b, the server may open nothing", strictIpv6,           clear,  none,                 works,                none,                works],
  ["6b, the server may open nothing", strictIpv6,           hidden, none,                 blocked(hiding),      none,                blocked(hiding)],
  ["6b, the server may open nothing", strictIpv6,           missed, none,                 blocked(missing),     none,                blocked(missing)],
  ["C3 without a helper",             egressNoHelper,       clear,  blocked(egress),      blocked(egress),      blocked(noHelper),   blocked(noHelper)],
  ["C3 without a helper",             egressNoHelper,       blind,  blocked(egress),      blocked(egress),      blocked(unexpected), blocked(unexpected)],
  ["C3, helper on port 2121",         helperElsewhere,      clear,  blocked(elsewhere),   blocked(elsewhere),   blocked(elsewhere),  blocked(elsewhere)],
  ["C3, helper on port 2121",         helperElsewhere,      hidden, blocked(hiding),      blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["C3, helper on port 2121",         helperElsewhere,      missed, blocked(missing),     blocked(missing),     blocked(missing),    blocked(missing)],
  ["C3, helper on port 990",          helperOn990,          clear,  blocked(elsewhere),   blocked(elsewhere),   blocked(elsewhere),  blocked(elsewhere)],
  ["C3, helper on port 990",          helperOn990,          hidden, blocked(hiding),      blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["S1, helper on port 2121",         s1Elsewhere,          clear,  refused(elsewhere),   blocked(elsewhere),   works,               works],
  ["S3b with a helper",               s3bHelper,            clear,  works,                works,                works,               works],
  ["S3b with a helper",               s3bHelper,            hidden, refused(hiding),      works,                works,               works],
  ["S3b with a helper",               s3bHelper,            missed, refused(missing),     works,                works,               works],
  ["S3b, helper on port 2121",        s3bElsewhere,         clear,  refused(elsewhere),   works,                works,               works],
  ["S4, helper on port 2121",         s4Elsewhere,          clear,  refused(elsewhere),   blocked(elsewhere),   refused(bounced),    refused(bounced)],
  ["S1 so, the server may open nothing", s1Shut,            clear,  refused(elsewhere),   blocked(elsewhere),   blocked(egress),     blocked(egress)],
  // The helper of the other side reads the commands and has nothing to do with what fails.
  ["B, helper at the client only",    oneHelper("client"),  clear,  refused(unroutable),  blocked(unforwarded), works,               works],
  ["B, helper at the server only",    oneHelper("server"),  clear,  works,                works,                refused(bounced),    refused(bounced)],
  ["B, egress filtered",              egressFiltered,       clear,  works,                works,                works,               works],
  ["B, egress filtered",              egressFiltered,       hidden, refused(hiding),      blocked(hiding),      refused(hiding),     refused(hiding)],
  ["B, egress filtered",              egressFiltered,       missed, refused(missing),     blocked(missing),     refused(missing),    refused(missing)],
  ["B, MasqueradeAddress set",        publicName,           clear,  blocked(unforwarded), works,                works,               works],
  ["B, MasqueradeAddress set",        publicName,           hidden, blocked(hiding),      blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["B, MasqueradeAddress set",        publicName,           missed, blocked(missing),     blocked(missing),     blocked(missing),    blocked(missing)],
  ["F1, REJECT in place of DROP",     rejecting,            clear,  blocked(noHelper),    blocked(noHelper),    works,               works],
  ["F1, REJECT in place of DROP",     rejecting,            blind,  blocked(unforwarded), blocked(unforwarded), works,               works],
  ["helper, but RELATED is blocked",  deafRelated,          clear,  blocked(unaccepted),  blocked(unaccepted),  blocked(unaccepted), blocked(unaccepted)],
  ["helper, but RELATED is blocked",  deafRelated,          hidden, blocked(hiding),      blocked(hiding),      blocked(hiding),     blocked(hiding)],
  ["helper, but RELATED is blocked",  deafRelated,          missed, blocked(missing),     blocked(missing),     blocked(missing),    blocked(missing)],
  // What a helper announces is RELATED, and the rules that open the range are for NEW: the SYN that is sent again after a second is
  // NEW, as the lab showed.
  ["F3, helper, RELATED is blocked",  deafRange,            clear,  works,                works,                works,               works],
  ["F3, helper, RELATED is blocked",  deafRange,            blind,  works,                works,                works,               works],
  ["F1, the range allowed in halves", twoHalves,            all,    works,                works,                works,               works],
  // Section 7, S1: "source must be NATed to public IP". The client has no way back to 192.168.10.10.
  ["S1, nothing is masqueraded",      serverUntranslated,   clear,  refused(noHelper),    blocked(noHelper),    blocked(noHelper),   blocked(noHelper)],
  ["S1, nothing is masqueraded",      serverUntranslated,   blind,  refused(unroutable),  blocked(unforwarded), blocked(unexpected), blocked(unexpected)],
  // Only who stands on the blocked side lets nothing out: the one who hides the other end lets nothing in.
  ["S4, the range not allowed",       s4Shut,               clear,  refused(noHelper),    blocked(noHelper),    refused(bounced),    refused(bounced)],
  ["S4, the range not allowed",       s4Shut,               blind,  refused(unroutable),  blocked(unforwarded), refused(bounced),    refused(bounced)],
  ["C1, ports forwarded, not allowed", c1Shut,              clear,  works,                works,                blocked(noHelper),   blocked(noHelper)],
  ["C1, ports forwarded, not allowed", c1Shut,              blind,  works,                works,                blocked(unexpected), blocked(unexpected)],
  // The client's helper expects 203.0.113.1, and the connection comes from 192.168.10.10.
  ["B, helper at the client, server not masqueraded", otherPeer, clear, refused(unroutable), blocked(unforwarded), blocked(unexpected), blocked(unexpected)],
];

describe("what a change of the network does", () => {
  it.each(variationTable)("is as first principles say: %s", (_, topology, rowModes, ...expected) => {
    expect(predictedRow(topology, rowModes)).toEqual(expected);
  });
});

type ServerRow = readonly [Mode, string, string, string, string, string, string];

// prettier-ignore
const serverTable: readonly ServerRow[] = [
  //                     optional required required-reuse auth-data plain-only     own-peer
  ["ftp",                 works,  login,   login,         login,    works,          works],
  ["ftps",                works,  works,   works,         works,    authTls,        works],
  ["ftps-clear-data",     works,  prot,    prot,          prot,     authTls,        works],
  ["ftps-implicit",       works,  works,   works,         works,    controlConnect, works],
  // A client that wants CCC asks for it after a refused PROT too, so TLSRequired on ends all three at CCC.
  ["ftps-ccc",            works,  ccc,     ccc,           works,    authTls,        works],
  ["ftps-ccc-clear-data", works,  ccc,     ccc,           prot,     authTls,        works],
  ["ftps-ccc-unprimed",   works,  ccc,     ccc,           works,    authTls,        works],
];
const servers = [
  ...["tls-optional", "tls-required", "tls-required-reuse", "tls-auth-data", "plain-only"],
  "tls-optional-own-peer",
];

describe("what a server profile allows on direct (domain.md, section 1)", () => {
  it.each(serverTable)("is as mod_tls says in mode %s", (mode, ...expected) => {
    const predicted = servers.map((server) =>
      predictedEverywhere((data) => verdictAndCauseOf(predictFor(topologyNamed("direct"), { server, mode, data }))),
    );
    expect(predicted).toEqual(expected);
  });

  it.each([
    ["tls-optional", works],
    ["tls-optional-own-peer", blocked("foreign-data-peer")],
  ])("lets in whom AllowForeignAddress lets in: %s on client-two-addresses", (server, expected) => {
    const predicted = modes.flatMap((mode) =>
      (["pasv", "epsv"] as const).map((data) =>
        verdictAndCauseOf(predictFor(topologyNamed("client-two-addresses"), { server, mode, data })),
      ),
    );
    expect([...new Set(predicted)]).toEqual([expected]);
  });

  it.each(["vsftpd", "pure-ftpd", "pyftpdlib"])("does not let a stranger in: %s on client-two-addresses", (server) => {
    const predicted = (["pasv", "epsv"] as const).map((data) =>
      verdictAndCauseOf(predictFor(topologyNamed("client-two-addresses"), { server, mode: "ftps", data })),
    );
    expect(predicted).toEqual([blocked("foreign-data-peer"), blocked("foreign-data-peer")]);
  });

  it("is said for every mode and every profile", () => {
    expect(serverTable.map(([mode]) => mode)).toEqual(modes);
    expect(otherModes).toEqual(modes);
    const stated = [...servers, ...otherServerTable.map(([server]) => server)];
    const missing = profiles.filter(({ id }) => !stated.includes(id));
    expect(missing.map(({ id }) => `otherServerTable of ${basename(__filename)} has no row for ${id}.`)).toEqual([]);
    expect(stated.filter((id) => !profiles.some((profile) => profile.id === id))).toEqual([]);
  });
});

const unknownCcc = "ccc: ccc-refused";

const noActive = "data-command: data-command-refused";
const otherModes = [
  "ftp",
  "ftps",
  "ftps-clear-data",
  "ftps-implicit",
  "ftps-ccc",
  "ftps-ccc-clear-data",
  "ftps-ccc-unprimed",
] as const satisfies readonly Mode[];

// prettier-ignore
const otherServerTable: readonly (readonly [string, ...string[]])[] = [
  //                     ftp                     ftps     ftps-clear-data ftps-implicit   ftps-ccc    ftps-ccc-clear-data ftps-ccc-unprimed
  ["proftpd-bookworm",   works,                  works,   works,          works,          works,      works,              works],
  ["vsftpd",             works,                  works,   works,          works,          unknownCcc, unknownCcc,         unknownCcc],
  ["vsftpd-reuse",       works,                  works,   works,          works,          unknownCcc, unknownCcc,         unknownCcc],
  ["pure-ftpd",          works,                  works,   works,          controlConnect, works,      works,              works],
  ["pyftpdlib",          works,                  works,   works,          controlConnect, unknownCcc, unknownCcc,         unknownCcc],
  ["vsftpd-required",    login,                  works,   prot,           works,          unknownCcc, unknownCcc,         unknownCcc],
  ["pure-ftpd-required", login,                  works,   prot,           controlConnect, works,      prot,               works],
  ["scripted",           works,                  works,   works,          works,          works,      works,              works],
  ["aioftp",             `${works} ${noActive}`, authTls, authTls,        controlConnect, authTls,    authTls,            authTls],
];

describe("what other servers allow on direct", () => {
  it.each(otherServerTable)("is what %s has in each mode", (server, ...expected) => {
    const predicted = otherModes.map((mode) =>
      predictedEverywhere((data) => verdictAndCauseOf(predictFor(topologyNamed("direct"), { server, mode, data }))),
    );
    expect(predicted).toEqual(expected);
  });

  it("is refused with 522, which clients take for a matter of protection, by a vsftpd that wants sessions resumed", () => {
    const client = "basic-ftp+no-resume";
    const predicted = (mode: Mode): string =>
      verdictAndCauseOf(predictFor(topologyNamed("direct"), { server: "vsftpd-reuse", client, mode }));
    expect(predicted("ftps")).toBe("protection: tls-session-not-reused");
    expect(predicted("ftps-clear-data")).toBe("worked");
  });
});

describe("a private address in PORT", () => {
  const predicted = (server: string): string =>
    verdictAndCauseOf(predictFor(topologyNamed("client-nat"), { server, mode: "ftps", data: "port" }));

  it("is replaced by the peer's by ProFTPD alone, which then cannot connect; others refuse it at once", () => {
    expect(predicted("tls-optional")).toBe("data-connect: active-connection-blocked");
    for (const server of ["vsftpd", "pure-ftpd", "pyftpdlib"]) {
      expect(predicted(server)).toBe("data-command: active-address-refused");
    }
  });

  it("is answered at once where pyftpdlib cannot connect, since it connects as soon as it gets PORT", () => {
    const strict = topologyNamed("firewall-strict-helper");
    const stage = (server: string): string | null => predictFor(strict, { server, mode: "ftps", data: "port" }).stage;
    expect(stage("vsftpd")).toBe("data-connect");
    expect(stage("pyftpdlib")).toBe("data-command");
  });
});

type RequiredRow = readonly [readonly TlsRequired[], string, string, string, string, string, string, string];

// prettier-ignore
const requiredTable: readonly RequiredRow[] = [
  // TLSRequired                  ftp       ftps   clear-data implicit ccc    ccc-clear unprimed
  [["off"],                       works,    works, works,     works,   works, works,    works],
  [["on", "both", "ctrl+data"],   login,    works, prot,      works,   ccc,   ccc,      ccc],
  [["ctrl", "control"],           login,    works, works,     works,   ccc,   ccc,      ccc],
  [["ctrl+!data"],                login,    prot,  works,     prot,    ccc,   ccc,      ccc],
  [["auth"],                      login,    works, works,     works,   works, works,    works],
  [["auth+data"],                 login,    works, prot,      works,   works, prot,     works],
  [["auth+!data"],                login,    prot,  works,     prot,    prot,  works,    prot],
  [["data"],                      transfer, works, prot,      works,   works, prot,     works],
  [["!data"],                     works,    prot,  works,     prot,    prot,  works,    prot],
];

describe("what TLSRequired demands (domain.md, sections 1.1 and 1.4)", () => {
  it.each(requiredTable)("is as mod_tls says for %j", (values, ...expected) => {
    for (const required of values) {
      const server = profileRequiring(required, { reuse: false });
      const predicted = modes.map((mode) =>
        predictedEverywhere((data) => verdictAndCauseOf(predictFor(topologyNamed("direct"), { mode, data }, server))),
      );
      expect(predicted).toEqual(expected);
    }
  });
});

describe("a server that refuses transfers on a clear data connection (domain.md, section 1.1; mod_tls.c tls_any)", () => {
  const server = profileRequiring("data", { reuse: false });
  const dataCommands = ["pasv", "epsv", "port", "eprt"] as const;

  // The client opens a passive connection before it sends the transfer command, and the server an active one after.
  // prettier-ignore
  it.each([
    //                  PASV               EPSV               PORT              EPRT
    ["direct",          transfer,          transfer,          transfer,         transfer],
    ["client-nat",      transfer,          transfer,          transfer,         transfer], // C1: PORT and EPRT would be blocked
    ["server-nat",      refused(noHelper), blocked(noHelper), transfer,         transfer],
    ["firewall",        blocked(noHelper), blocked(noHelper), transfer,         transfer],
    ["server-nat-snat", refused(noHelper), blocked(noHelper), refused(bounced), refused(bounced)], // 500 to PORT itself comes before LIST
  ])("ends a plain session in %s at the first thing that goes wrong", (id, ...expected) => {
    const predicted = dataCommands.map((data) => verdictAndCauseOf(predictFor(topologyNamed(id), { data }, server)));
    expect(predicted).toEqual(expected);
  });

  it("is named as the reason, and not the router that would have blocked the connection", () => {
    expect(predictFor(topologyNamed("client-nat"), { data: "port" }, server).reason).toBe(
      "TLSRequired data refuses a transfer on a clear data connection (522).",
    );
  });

  it("has nothing against a protected one: the router decides again", () => {
    expect(verdictAndCauseOf(predictFor(topologyNamed("client-nat"), { mode: "ftps", data: "port" }, server))).toBe(
      blocked(unexpected),
    );
  });
});

describe("a server and a client that both choose their versions of TLS (mod_tls.c set_tlsprotocol)", () => {
  const versionsOf = (protocol: string, mode: Mode): string => {
    const optional = profileRequiring("off", { reuse: false });
    if (optional.tls === null) throw new Error("tls-optional has no TLS");
    return verdictAndCauseOf(
      predictFor(topologyNamed("direct"), { mode }, { ...optional, tls: { ...optional.tls, protocol } }),
    );
  };

  it.each([
    ["TLSv1.2 TLSv1.3", works],
    ["TLSv1.3", works],
    ["TLSv1 TLSv1.1 TLSv1.2", works],
    ["SSLv23", works],
    ["ALL -SSLv3", works],
    ["ALL -TLSv1.3", works],
    ["ALL -TLSv1.2 -TLSv1.3 +TLSv1.2", works],
    ["ALL -TLSv1.2 -TLSv1.3", versionsApart],
    ["TLSv1.1", versionsApart],
    ["TLSv1 TLSv1.1", versionsApart],
  ])("meet or do not with TLSProtocol %s: %s", (protocol, expected) => {
    for (const mode of modes) expect(versionsOf(protocol, mode)).toBe(mode === "ftp" ? works : expected);
  });
});

describe("a client that does not resume the TLS session", () => {
  const client = "basic-ftp+no-resume";
  const direct = topologyNamed("direct");

  it.each([
    ["ftp", login],
    ["ftps", notResumed],
    ["ftps-implicit", notResumed],
    ["ftps-clear-data", prot],
    ["ftps-ccc", ccc],
  ] as const)("of a server that wants it resumed gets as far as this in mode %s: %s", (mode, expected) => {
    expect(verdictAndCauseOf(predictFor(direct, { server: "tls-required-reuse", client, mode }))).toBe(expected);
  });

  it.each([
    ["ftp", works],
    ["ftps", notResumed],
    ["ftps-implicit", notResumed],
    // No TLS on the data connection, or a control session that is gone: nothing to be resumed.
    ["ftps-clear-data", works],
    ["ftps-ccc", works],
    ["ftps-ccc-clear-data", works],
    ["ftps-ccc-unprimed", works],
  ] as const)("is let off after CCC, where the server allows CCC, in mode %s: %s", (mode, expected) => {
    const server = profileRequiring("off", { reuse: true });
    expect(verdictAndCauseOf(predictFor(direct, { client, mode }, server))).toBe(expected);
  });

  it("is also one that comes when the session is over", () => {
    const verdictOf = (server: string, idler: string, mode: Mode = "ftps"): string =>
      verdictAndCauseOf(predictFor(direct, { server, client: idler, mode }));
    expect(verdictOf("tls-required-reuse+short-sessions", "basic-ftp+idle")).toBe(notResumed);
    expect(verdictOf("tls-required-reuse+short-sessions", "basic-ftp")).toBe(works);
    expect(verdictOf("tls-required-reuse", "basic-ftp+idle")).toBe(works);
    expect(verdictOf("tls-required+short-sessions", "basic-ftp+idle")).toBe(works);
    expect(verdictOf("tls-optional+session-reuse+short-sessions", "basic-ftp+idle", "ftps-ccc")).toBe(works);
  });

  it.each(["tls-optional", "tls-required", "tls-auth-data"])("works with %s, which does not ask for it", (server) => {
    expect(verdictAndCauseOf(predictFor(direct, { server, client, mode: "ftps" }))).toBe(works);
  });

  it("fails at the data connection first where that is blocked", () => {
    const axes = { server: "tls-required-reuse", client, mode: "ftps", data: "epsv" } as const;
    expect(verdictAndCauseOf(predictFor(topologyNamed("firewall"), axes))).toBe(blocked(unforwarded));
  });
});

describe("a client's treatment of a foreign address in 227", () => {
  // prettier-ignore
  it.each([
    //                       modes  server-nat            S3b: no masquerade
    ["basic-ftp",             clear, refused(noHelper),    refused(rejected)],
    ["basic-ftp",             blind, refused(unroutable),  refused(rejected)],
    ["basic-ftp+replace-227", clear, blocked(noHelper),    works],
    ["basic-ftp+replace-227", blind, blocked(unforwarded), works],
    ["basic-ftp+trust-227",   clear, blocked(noHelper),    blocked(noHelper)],
    ["basic-ftp+trust-227",   blind, blocked(unroutable),  blocked(unroutable)],
    ["basic-ftp+ignore-227",  clear, blocked(noHelper),    works],
    ["basic-ftp+ignore-227",  blind, blocked(unforwarded), works],
  ])("decides PASV for %s, modes %j", (client, rowModes, serverNat, noMasquerade) => {
    for (const mode of rowModes) {
      const pasvOf = (id: string): string => verdictAndCauseOf(predictFor(topologyNamed(id), { client, mode, data: "pasv" }));
      expect([pasvOf("server-nat"), pasvOf("server-nat-range-no-masquerade")]).toEqual([serverNat, noMasquerade]);
    }
  });

  it.each(["basic-ftp+replace-227", "basic-ftp+trust-227", "basic-ftp+ignore-227"])(
    "changes nothing but PASV for %s",
    (client) => {
      for (const topology of topologies) {
        const [, ...others] = predictedRow(topology, ["ftp"], client);
        const [, ...usual] = predictedRow(topology, ["ftp"]);
        expect(others).toEqual(usual);
      }
    },
  );

  it("sends one that trusts it to the private address, to which it knows no way", () => {
    const axes = { client: "basic-ftp+trust-227", data: "pasv" } as const;
    expect(predictFor(topologyNamed("server-nat"), axes).reason).toBe(
      "227 leads to 192.168.10.10, and client has no route to 192.168.10.10.",
    );
  });

  it("is no lack of a helper where there is no router that could have one", () => {
    const alias = withServer(topologyNamed("direct"), { masqueradeAddress: "203.0.113.99" });
    const axes = { client: "basic-ftp+trust-227", mode: "ftp", data: "pasv" } as const;
    expect(verdictAndCauseOf(predictFor(alias, axes))).toBe(blocked(unroutable));
  });

  it("replaces nothing where the address dialled is private as well", () => {
    const inside: Topology = { ...topologyNamed("direct"), dial: "192.168.1.10", links: [privateLink] };
    const alias = withServer(inside, { masqueradeAddress: "192.168.7.7" });
    const replaced = predictFor(alias, { client: "basic-ftp+replace-227", mode: "ftps", data: "pasv" });
    expect(verdictAndCauseOf(replaced)).toBe(blocked(unroutable));
    expect(verdictAndCauseOf(predictFor(alias, { client: "basic-ftp+ignore-227", data: "pasv" }))).toBe(works);
  });
});

const privateLink: Topology["links"][number] = {
  id: "lan",
  subnet: "192.168.1.0/24",
  rateKbit: null,
  delayMs: null,
  ends: [
    { node: "client", addresses: { first: "192.168.1.32", last: "192.168.1.32" } },
    { node: "server", addresses: { first: "192.168.1.10", last: "192.168.1.10" } },
  ],
};

describe("a control connection that does not get through", () => {
  it("fails before anything else, in the modes whose port is not forwarded", () => {
    const only21 = withRouters(topologyNamed("server-nat-helper"), ({ portForwards }) => ({
      portForwards: portForwards.map((forward) => ({ ...forward, ports: [{ first: 21, last: 21 }] })),
    }));
    const failing = modes.filter((mode) => verdictAndCauseOf(predictFor(only21, { mode })) === controlConnect);
    expect(failing).toEqual(["ftps-implicit"]);
    expect(predictFor(only21, { mode: "ftps-implicit" }).reason).toBe(
      "The control connection does not get through: router treats it as addressed to itself and drops it (INPUT).",
    );
  });

  it("fails where its answer finds no way back", () => {
    const untranslated = withRouters(topologyNamed("client-nat"), () => ({ masquerade: [] }));
    const predicted = modes.map((mode) => predictFor(untranslated, { mode }));
    expect(new Set(predicted.map(verdictAndCauseOf))).toEqual(new Set(["control-connect: return-route-missing"]));
    expect(predicted[0]?.reason).toBe(
      "The control connection does not get through: it arrives, but server has no route back to 192.168.20.32.",
    );
  });

  it("is not blamed on the server's lack of TLS", () => {
    const closed = withFilters(topologyNamed("firewall"), { allow: [] });
    expect(predictFor(closed, { mode: "ftps-implicit", server: "plain-only" }).reason).toMatch(/router drops it/);
  });
});

/** Every cell of every profile and network, an operation standing for all. */
const everything = topologies.flatMap((topology) =>
  profiles.flatMap((profile) =>
    modes.flatMap((mode) =>
      dataCommandsOf(topology.family).map((data) => ({
        topology,
        profile,
        mode,
        data,
        expected: predictFor(topology, { mode, data }, profile),
      })),
    ),
  ),
);

describe("the reason of a prediction", () => {
  it("is one sentence that ends with a period and holds no hole", () => {
    const odd = everything.filter(({ expected }) => !isSentence(expected.reason));
    expect(odd.map(({ expected }) => expected.reason)).toEqual([]);
  });

  it("names every router on the way where the data connection passes", () => {
    const silent = everything.filter(
      ({ topology, expected }) =>
        expected.result === "worked" && !routersOf(topology).every(({ id }) => expected.reason.includes(`${id} `)),
    );
    expect(silent.map(({ expected }) => expected.reason)).toEqual([]);
    expect(predictFor(topologyNamed("direct")).reason).toBe("The data connection passes: no router is in the way.");
  });

  it("names the router that stops the data connection", () => {
    const stopped = everything.filter(
      ({ expected: { stage, cause } }) =>
        stage === "data-connect" && cause !== "foreign-data-peer" && cause !== toOther,
    );
    expect(stopped.length).toBeGreaterThan(0);
    const silent = stopped.filter(
      ({ topology, expected }) =>
        !routersOf(topology).some(({ id }) =>
          / (drops|rejects) it \((INPUT|FORWARD)\)| it reaches [\w-]+, where nothing listens/.test(
            expected.reason.split(id)[1] ?? "",
          ),
        ),
    );
    expect(silent.map(({ expected }) => expected.reason)).toEqual([]);
  });

  it("names the addresses that the receiver of a data command compares", () => {
    const refusals = everything.filter(
      // Of a server that connects as soon as it gets PORT, some are no refusal.
      ({ expected: { stage, reason } }) => stage === "data-command" && !reason.startsWith("The server connects to "),
    );
    expect(refusals.length).toBeGreaterThan(0);
    const silent = refusals.filter(
      ({ expected }) =>
        !/^The server refuses (PORT|EPRT): .* has no active mode \(5\d\d\)\.$/.test(expected.reason) &&
        !/^227 names [\d.]+, not the address dialled, and the client rejects it/.test(expected.reason) &&
        !/^(PORT|EPRT) names [\da-f.:]+ and the server sees [\d.]+: it (refuses the command \(5\d\d\)|does not support the other family \(522\))/.test(
          expected.reason,
        ),
    );
    expect(silent.map(({ expected }) => expected.reason)).toEqual([]);
  });

  it("names what the server demands where the server refuses", () => {
    const refusals = everything.filter(
      ({ expected: { stage, cause } }) =>
        stage !== null &&
        stage !== "data-connect" &&
        stage !== "data-command" &&
        cause !== "return-route-missing" &&
        cause !== "port-unreachable",
    );
    const isNamed = ({ profile, expected: { reason } }: (typeof everything)[number]): boolean => {
      const { tls, software } = profile;
      if (tls === null) return reason.startsWith("The server has no TLS");
      if (software === "proftpd") return reason.startsWith(`TLSRequired ${tls.required} refuses`);
      // What a software says that it refuses, in its own file.
      const said = JSON.stringify(softwareNamed(software).traits(profile));
      return reason.startsWith("The server has no implicit TLS") || said.includes(JSON.stringify(reason).slice(1, -1));
    };
    const silent = refusals.filter((entry) => !isNamed(entry));
    expect(refusals.length).toBeGreaterThan(0);
    expect(silent.map(({ expected }) => expected.reason)).toEqual([]);
  });

  // prettier-ignore
  it.each([
    ["server-nat-helper",       "ftps",              "epsv", "TLS hides the 229 from the FTP helper"],
    ["server-nat-helper",       "ftps-ccc-unprimed", "epsv", "the 229 is the first clear line after CCC, which the FTP helper never parses"],
    ["server-nat-helper",       "ftps-implicit",     "epsv", "no FTP helper watches port 990"],
    ["client-nat-helper",       "ftps",              "eprt", "TLS hides the EPRT from the FTP helper"],
    ["server-nat-helper",       "ftp",               "epsv", "router expects it, since its FTP helper read the control connection"],
    ["server-nat-range",        "ftp",               "epsv", "router allows it by a rule"],
    ["server-nat-range-helper", "ftp",               "pasv", "router allows it by a rule"],
    ["firewall",                "ftp",               "epsv", "router drops it (FORWARD)."],
  ] as const)("tells in %s, mode %s, what came of %s", (id, mode, data, words) => {
    expect(predictFor(topologyNamed(id), { mode, data }).reason).toContain(words);
  });

  it("tells a client that the helper passed over a 227 that names another address", () => {
    const reason = predictFor(publicName, { data: "pasv" }).reason;
    expect(reason).toBe(
      "227 leads to 203.0.113.1, and server-router treats it as addressed to itself and drops it (INPUT); " +
        "the helper passes over a 227 that names another address.",
    );
  });

  it("names who knows no way back to the server", () => {
    expect(predictFor(serverUntranslated, { data: "port" }).reason).toBe(
      "The server connects to 203.0.113.32, and it arrives, but client has no route back to 192.168.10.10.",
    );
  });

  it("names the router that does not expect a connection from another than the control connection's peer", () => {
    expect(predictFor(otherPeer, { data: "port" }).reason).toBe(
      "The server connects to 203.0.113.2, and client-router treats it as addressed to itself and drops it (INPUT).",
    );
  });

  it("tells a filter that rejects from one that drops", () => {
    expect(predictFor(rejecting, { data: "epsv" }).reason).toContain("router rejects it (FORWARD)");
  });
});

describe("the cause of a prediction", () => {
  it("is named if and only if the session fails", () => {
    const odd = everything.filter(({ expected }) => (expected.cause === null) === (expected.result === "failed"));
    expect(odd.map(({ expected }) => expected)).toEqual([]);
  });

  it("is a helper's only where a router has one, and the lack of it only where none has", () => {
    const withHelper = (topology: Topology): boolean =>
      routersOf(topology).some(({ helperPorts }) => helperPorts.length > 0);
    const odd = everything.filter(({ topology, expected: { cause } }) => {
      const blamesHelper = cause === hiding || cause === missing || cause === elsewhere;
      return withHelper(topology) ? cause === noHelper : blamesHelper;
    });
    expect(odd.map(({ expected }) => expected)).toEqual([]);
  });
});

/** The verdict that all four data commands share; every one of them where they differ. */
function predictedEverywhere(verdictFor: (data: "pasv" | "epsv" | "port" | "eprt") => string): string {
  const verdicts = new Set((["pasv", "epsv", "port", "eprt"] as const).map(verdictFor));
  return [...verdicts].join(" ");
}

function isSentence(reason: ExpectedResult["reason"]): boolean {
  return /^[A-Z0-9][^.]*(\.\d[^.]*)*\.$/.test(reason) && !/undefined|null|NaN| {2}| [;,.]|\(\)/.test(reason);
}
