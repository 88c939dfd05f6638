/** A failing cell of each cause that a lab can be brought to, and what becomes of the others. */
import type { Lab } from "../../harness/lab/lab";
import type { CauseId } from "../../harness/model/diagnosis";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { PortRange, RouterNode, Topology } from "../../harness/model/topology";
import { allOf, first, inNetworkOf, onRouters, onServer, patience } from "./faults/staging";
import { held } from "./faults/server-decisions";
import { profileNamed } from "./inputs";
import { profileRequiring, withFilters, withoutEgress, withRouters } from "./variations";

/** The fault, where none of the project's own networks and servers has it. */
type Fault = {
  readonly topology?: (topology: Topology) => Topology;
  readonly server?: ServerProfile;
  /** Breaks the running lab, where no topology or profile says it. */
  readonly plant?: (lab: Lab) => Promise<void>;
};

export type RemedyCase = Fault & { readonly cause: CauseId; readonly cell: string };

const helperOn = (...helperPorts: readonly number[]): Fault => ({
  topology: (topology) => withRouters(topology, () => ({ helperPorts })),
});

/** Routers neither forward nor allow a control port; it cannot be 21, with which the lab shows that its wires work. */
function closed(number: number): Fault {
  const others = (ports: readonly PortRange[]): readonly PortRange[] =>
    ports.filter(({ first: port }) => port !== number);
  const change = ({ portForwards, filter }: RouterNode): Partial<RouterNode> => ({
    portForwards: portForwards.map((forward) => ({ ...forward, ports: others(forward.ports) })),
    filter: {
      ...filter,
      allow: filter.allow.map((rule) => ({ ...rule, ports: rule.ports === null ? null : others(rule.ports) })),
    },
  });
  return { topology: (topology) => withRouters(topology, change) };
}

/** `tls-optional` with a version of TLS that no current client speaks. */
function tls11(): ServerProfile {
  const profile = profileNamed("tls-optional");
  if (profile.tls === null) throw new Error("tls-optional has no TLS");
  return { ...profile, tls: { ...profile.tls, protocol: "TLSv1.1" } };
}

/**
 * Routers that forget sooner than the longest file is there, and later than keepalives of whole seconds come. The server takes its time
 * by itself: behind a slow line's queue, keepalives would wait too.
 */
const forgetful: Fault = {
  topology: (topology) => withRouters(topology, ({ make }) => ({ make: { ...make, idleTimeoutS: 3 } })),
  plant: onServer("sed -i '/^LoadModule mod_xfer/a TransferRate RETR 7.0' $conf"),
};

const range = "-p tcp --dport 50000:50999";

/** A directive before all others: what is pasted stands behind it. */
function firstDirective(...lines: readonly string[]): (lab: Lab) => Promise<void> {
  return onServer(`sed -i '1i ${lines.join("\\n")}' $conf`);
}

const portsInUse = allOf(
  async (lab) => {
    // Held once, held for good.
    await lab.server.openDecoy(50000).catch(() => undefined);
    await lab.server.openDecoy(50001).catch(() => undefined);
  },
  // The first that is written: what is pasted stands behind it.
  onServer("sed -i '0,/PassivePorts .*/s//PassivePorts 50000 50001/' $conf"),
);

export const cases: readonly RemedyCase[] = [
  { cause: "address-family-refused", cell: "nat64/tls-optional/basic-ftp/ftp/eprt/list" },
  { cause: "no-helper", cell: "server-nat/tls-optional/basic-ftp/ftp/epsv/list" },
  { cause: "no-helper", cell: "client-nat/tls-optional/curl/ftp/port/list" },
  { cause: "helper-blind-to-tls", cell: "server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list" },
  { cause: "helper-blind-to-tls", cell: "client-nat-helper/tls-optional/basic-ftp/ftps/port/list" },
  { cause: "helper-blind-to-tls", cell: "server-nat-helper/tls-required/curl-7.88/ftps/pasv/list" },
  { cause: "helper-blind-to-tls", cell: "server-nat-helper/vsftpd/lftp/ftps/pasv/list" },
  { cause: "helper-blind-to-tls", cell: "double-nat-helper/tls-optional/basic-ftp/ftps/epsv/list" },
  {
    cause: "helper-missed-first-line-after-ccc",
    cell: "firewall-helper/tls-optional/basic-ftp/ftps-ccc-unprimed/epsv/list",
  },
  { cause: "helper-not-on-port", cell: "server-nat/tls-optional/basic-ftp/ftp/pasv/list", ...helperOn(2121) },
  {
    cause: "related-not-accepted",
    cell: "firewall-strict-helper/tls-optional/basic-ftp/ftp/epsv/list",
    topology: (topology) => withFilters(topology, { related: false }),
  },
  {
    cause: "passive-address-rejected-by-client",
    cell: "server-nat-range-no-masquerade/tls-optional/basic-ftp/ftps/pasv/list",
  },
  { cause: "passive-address-not-dialled", cell: "load-balancer-front/tls-optional/basic-ftp+ignore-227/ftp/pasv/list" },
  { cause: "passive-address-not-dialled", cell: "load-balancer-front/tls-optional/curl/ftp/pasv/list" },
  { cause: "data-connection-to-other-server", cell: "load-balanced/tls-optional/basic-ftp/ftps/epsv/list" },
  { cause: "passive-address-unroutable", cell: "server-nat/tls-optional/basic-ftp/ftps/pasv/list" },
  { cause: "passive-address-unroutable", cell: "server-nat/vsftpd/basic-ftp/ftps/pasv/list" },
  { cause: "passive-address-unroutable", cell: "server-nat/pure-ftpd/basic-ftp/ftps/pasv/list" },
  { cause: "passive-port-not-forwarded", cell: "firewall/tls-optional/basic-ftp/ftps/epsv/list" },
  { cause: "passive-port-not-forwarded", cell: "ipv6-firewall/tls-optional/curl/ftps/epsv/list" },
  { cause: "active-address-refused", cell: "server-nat-snat/tls-optional/basic-ftp/ftps/port/list" },
  { cause: "active-connection-blocked", cell: "client-nat/tls-optional/basic-ftp/ftps/eprt/list" },
  { cause: "egress-blocked", cell: "client-egress-helper/tls-optional/basic-ftp/ftp/pasv/list", ...helperOn() },
  {
    cause: "egress-blocked",
    cell: "firewall/tls-optional/basic-ftp/ftps/port/list",
    topology: (topology) => withoutEgress(topology, "inside"),
  },
  { cause: "ccc-refused", cell: "server-nat-helper/tls-required/basic-ftp/ftps-ccc/pasv/list" },
  { cause: "protection-refused", cell: "direct/tls-required/basic-ftp/ftps-clear-data/pasv/list" },
  {
    cause: "protection-refused",
    cell: "direct/tls-optional/basic-ftp/ftps/epsv/list",
    server: profileRequiring("!data", { reuse: false }),
  },
  { cause: "tls-required", cell: "direct/tls-required/curl/ftp/pasv/list" },
  { cause: "tls-required", cell: "direct/vsftpd-required/lftp/ftp/pasv/list" },
  { cause: "tls-required", cell: "direct/pure-ftpd-required/basic-ftp/ftp/pasv/list" },
  {
    cause: "tls-required",
    cell: "direct/tls-optional/basic-ftp/ftp/port/list",
    server: profileRequiring("data", { reuse: false }),
  },
  { cause: "tls-not-offered", cell: "direct/plain-only/curl/ftps/pasv/list" },
  {
    cause: "helper-does-not-know-line",
    cell: "server-nat-helper+helper-227-only/tls-optional/basic-ftp/ftp/epsv/list",
  },
  { cause: "path-mtu-black-hole", cell: "firewall-range+mtu-1280-silent/tls-optional/basic-ftp/ftps/epsv/list" },
  {
    cause: "control-connection-dropped-idle",
    cell: "firewall-range/tls-optional/curl/ftp/epsv/download",
    ...forgetful,
  },
  { cause: "certificate-untrusted", cell: "direct/tls-optional+self-signed/curl/ftps/pasv/list" },
  { cause: "certificate-name-mismatch", cell: "direct/tls-optional+other-name/basic-ftp/ftps/epsv/list" },
  { cause: "certificate-name-mismatch", cell: "direct/tls-optional/curl+by-address/ftps/epsv/list" },
  { cause: "certificate-expired", cell: "direct/tls-required+expired/basic-ftp/ftps/epsv/list" },
  { cause: "certificate-expired", cell: "direct/vsftpd+expired/basic-ftp/ftps/epsv/list" },
  { cause: "foreign-data-peer", cell: "client-two-addresses/tls-optional-own-peer/basic-ftp/ftp/pasv/list" },
  { cause: "foreign-data-peer", cell: "client-two-addresses/vsftpd/basic-ftp/ftp/pasv/list" },
  { cause: "tls-versions-do-not-meet", cell: "direct/tls-optional/basic-ftp/ftps/pasv/list", server: tls11() },
  { cause: "tls-session-not-reused", cell: "direct/tls-required-reuse/basic-ftp+no-resume/ftps/pasv/list" },
  { cause: "tls-session-not-reused", cell: "direct/vsftpd-reuse/basic-ftp+no-resume/ftps/pasv/list" },
  { cause: "tls-session-not-reused", cell: "direct/tls-required-reuse+short-sessions/basic-ftp+idle/ftps/pasv/list" },
  {
    cause: "port-unreachable",
    cell: "server-nat-range/tls-optional/curl/ftps-implicit/pasv/list",
    ...closed(990),
  },
  { cause: "port-unreachable", cell: "firewall-range/tls-optional/basic-ftp/ftps-implicit/epsv/list", ...closed(990) },
  { cause: "port-unreachable", cell: "direct/plain-only/basic-ftp/ftps-implicit/epsv/list" },
  {
    cause: "helper-dropped-partial-line",
    cell: "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list",
    plant: allOf(
      onRouters("iptables -t mangle -A FORWARD -p tcp --syn --dport 21 -j TCPMSS --set-mss 48"),
      patience("data-command", 3_000),
    ),
  },
  {
    cause: "control-line-blocked",
    cell: "firewall-range/tls-optional/basic-ftp/ftp/epsv/list",
    plant: allOf(
      first("FORWARD", '-p tcp --dport 21 -m string --algo bm --string "EPSV" -j DROP'),
      patience("data-command", 3_000),
    ),
  },
  {
    cause: "return-route-missing",
    cell: "firewall-range/tls-optional/basic-ftp/ftp/pasv/list",
    plant: inNetworkOf("server", "ip route del default 2>/dev/null || true"),
  },
  { cause: "passive-range-exhausted", cell: "firewall-range/tls-optional/basic-ftp/ftps/epsv/list", plant: portsInUse },
  {
    cause: "rule-blocks-data-connection",
    cell: "firewall-range/tls-optional/basic-ftp/ftp/epsv/list",
    plant: first("FORWARD", `${range} -j REJECT --reject-with icmp-admin-prohibited`),
  },
  {
    cause: "rule-blocks-data-connection",
    cell: "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list",
    plant: onRouters(`iptables -t mangle -A FORWARD ${range} -j DROP`),
  },
  {
    cause: "ttl-expired",
    cell: "firewall-range/tls-optional/basic-ftp/ftp/pasv/list",
    plant: onRouters(`iptables -t mangle -A PREROUTING ${range} -j TTL --ttl-set 1`),
  },
  {
    cause: "answer-lost-on-return",
    cell: "hairpin-snat/tls-optional/basic-ftp/ftp/pasv/list",
    plant: onRouters(
      "iptables -t nat -D POSTROUTING -o lan -j MASQUERADE",
      "iptables -t nat -A POSTROUTING -o lan -p tcp --dport 21 -j MASQUERADE",
    ),
  },
  {
    cause: "server-host-firewall",
    cell: "firewall-range/tls-optional/basic-ftp/ftp/epsv/list",
    plant: inNetworkOf("server", `iptables -I INPUT ${range} -j DROP`),
  },
  {
    cause: "client-host-firewall",
    cell: "firewall/tls-optional/basic-ftp/ftp/port/list",
    plant: inNetworkOf("client", "iptables -I INPUT -p tcp --dport 1024: --syn -j DROP"),
  },
  {
    cause: "control-connection-untracked",
    cell: "firewall-helper/tls-optional/basic-ftp/ftp/pasv/list",
    plant: onRouters(
      "iptables -t raw -I PREROUTING -p tcp --dport 21 -j CT --notrack",
      "iptables -t raw -I PREROUTING -p tcp --sport 21 -j CT --notrack",
      "iptables -I FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT",
    ),
  },
  {
    cause: "port-altered-on-the-way",
    cell: "server-nat-range/tls-optional/basic-ftp/ftp/epsv/list",
    plant: onRouters(
      `iptables -t nat -I PREROUTING -i internet ${range} -j DNAT --to-destination 192.168.10.10:40000-40999/50000`,
      "iptables -I FORWARD -p tcp --dport 40000:40999 -j ACCEPT",
    ),
  },
  {
    cause: "data-connection-to-other-server",
    cell: "server-nat-range/tls-optional/basic-ftp/ftps/epsv/list",
    plant: onRouters(`iptables -t nat -I PREROUTING -i internet ${range} -j DNAT --to-destination 192.168.10.77`),
  },
  {
    cause: "server-limit-reached",
    cell: "direct/tls-optional/basic-ftp/ftp/pasv/list",
    plant: allOf(firstDirective("MaxClients 1"), held),
  },
  {
    cause: "server-denies-command",
    cell: "direct/tls-optional/basic-ftp/ftp/pasv/list",
    plant: firstDirective("<Limit LIST NLST MLSD>", "DenyAll", "</Limit>"),
  },
  {
    cause: "server-denies-address",
    cell: "direct/tls-optional/basic-ftp/ftp/pasv/list",
    plant: firstDirective("<Limit LOGIN>", "DenyAll", "</Limit>"),
  },
];

/** Causes of which no lab has a remedy to be tried, with the reason. */
export const outOfReach: Partial<Record<CauseId, string>> = {
  "implicit-explicit-mismatch": "the port that a client dials: it is always the one of its mode",
  "ccc-shutdown-mismatch": "how a client leaves TLS",
  "data-command-refused": "the data command that a client has been made to send",
  "data-tls-too-early": "the order in which a client does things",
  "data-tls-broken-off": "what a client does with nothing to send",
  "client-never-dialled": "a client that sends nothing",
  "client-program-failed": "a program of the user's own",
  "login-refused": "the account, which is the run's own",
  "server-denies-file": "rights and room on the server's host",
  "server-setting-broken": "a setting that the lab owns",
  "server-process-died": "a crash",
  "server-slow": "how long a server thinks",
  "server-reply-malformed": "how a server words its replies",
  "client-cannot-parse-reply": "how a client reads replies",
  "client-does-not-begin-data-tls": "what a release of a client leaves out",
  "transfer-end-lost": "how a program ends its connections",
  "ccc-unanswered": "a server that says nothing",
  "helper-after-nat": "a kernel that lacks a mainline fix",
  "line-altered-on-the-way": "a rule that rewrites payload",
  "reverse-path-filtered": "a second way back to the client",
  "helper-dropped-line": "a reply that no server of the lab gives",
  unknown: "anything at all",
};

/** Printed remedies that cannot be pasted into a lab, with the reason; each of its cause's others is. */
export const notPasted: Readonly<Record<string, string>> = {
  "log-more": "it shows the reason, which is another remedy's matter",
};
