import type { Lab } from "../../../harness/lab/lab";
import { withoutHelpers } from "../../../harness/model/network";
import {
  allOf,
  bypassRouters,
  first,
  inNetworkOf,
  onRouters,
  onServer,
  optional,
  patience,
  sed,
  sysctlsOnRouters,
  type Fault,
} from "./staging";

const noDnatOfRange = onRouters("iptables-save -t nat | sed 's/,50000:50999//' | iptables-restore -T nat");
const noAllowOfRange = onRouters("iptables-save -t filter | sed 's/,50000:50999//' | iptables-restore -T filter");
const removeHelper = (lab: Lab): Promise<void> => lab.applyRules(withoutHelpers(lab.topology));
const replaceHelper = (...lines: readonly string[]) =>
  onRouters("iptables -t raw -D PREROUTING -p tcp --dport 21 -j CT --helper ftp", ...lines);

const noRelated = onRouters("iptables -D FORWARD -m conntrack --ctstate RELATED -j ACCEPT");
const rejectRest = (how: string) => onRouters(`iptables -A FORWARD -p tcp -j REJECT --reject-with ${how}`);
/** What a filter that inspects the control connection does to a line. */
const onLine = (text: string, target: string, ports = "-p tcp") =>
  first("FORWARD", `${ports} -m string --algo bm --string "${text}" -j ${target}`);
/** Data takes some seconds on the server's wire, while the control connection says nothing and the router soon forgets it. */
const forgetful = (serverLink: string) =>
  allOf(
    sysctlsOnRouters({
      "net.netfilter.nf_conntrack_tcp_timeout_established": "1",
      "net.netfilter.nf_conntrack_tcp_loose": "0",
    }),
    inNetworkOf("server", `tc qdisc add dev ${serverLink} root tbf rate 150kbit burst 4000 latency 20s`),
    patience("completion", 1_000),
  );

/** Faults of routers and wires. */
export const networkFaults: readonly Fault[] = [
  {
    name: "helper rule removed, PASV",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, EPSV",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, PORT",
    cell: `client-nat-helper/${optional}/ftp/port/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, after CCC",
    cell: `firewall-helper/${optional}/ftps-ccc/epsv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule on the wrong port",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: replaceHelper("iptables -t raw -A PREROUTING -p tcp --dport 2121 -j CT --helper ftp"),
    cause: "helper-not-on-port",
  },
  {
    name: "rule that matches a helper instead of setting it",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: replaceHelper("iptables -I FORWARD 1 -m helper --helper ftp -j ACCEPT"),
    cause: "no-helper",
  },
  {
    name: "DNAT of the range removed",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: noDnatOfRange,
    cause: "passive-port-not-forwarded",
  },
  {
    name: "DNAT of the range to other ports",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: onRouters(
      "iptables -t nat -I PREROUTING 1 -i internet -p tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10:40000-40999",
      "iptables -I FORWARD 1 -p tcp --dport 40000:40999 -j ACCEPT",
    ),
    cause: "port-altered-on-the-way",
  },
  {
    name: "DNAT of the range shifted",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: async (lab) => {
      await sed("s/PassivePorts .*/PassivePorts 50000 50001/")(lab);
      await onRouters("iptables-save -t nat | sed 's/50000:50999/50002:51001/' | iptables-restore -T nat")(lab);
    },
    cause: "passive-port-not-forwarded",
  },
  {
    name: "range no longer allowed, DROP",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: noAllowOfRange,
    cause: "passive-port-not-forwarded",
  },
  {
    name: "range refused with a reset",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with tcp-reset"),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "range refused with ICMP",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with icmp-admin-prohibited"),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "server's egress closed, DROP",
    cell: `server-nat/${optional}/ftps/port/list`,
    break: onRouters("iptables-save -t filter | grep -v -- '-i lan -o internet' | iptables-restore -T filter"),
    cause: "egress-blocked",
  },
  {
    name: "server's egress refused with a reset",
    cell: `server-nat/${optional}/ftps/eprt/list`,
    break: first("FORWARD", "-i lan -o internet -p tcp --syn -j REJECT --reject-with tcp-reset"),
    cause: "egress-blocked",
  },
  {
    name: "firewall's egress refused with ICMP",
    cell: `firewall/${optional}/ftps/port/list`,
    break: first("FORWARD", "-i inside -p tcp --syn -j REJECT --reject-with icmp-admin-prohibited"),
    cause: "egress-blocked",
  },
  {
    name: "client's egress closed but for 21",
    cell: `client-nat/${optional}/ftps/pasv/list`,
    break: first("FORWARD", "-i lan -p tcp --syn ! --dport 21 -j DROP"),
    cause: "egress-blocked",
  },
  {
    name: "DNAT of the control port removed",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: onRouters("iptables -t nat -F PREROUTING"),
    cause: "port-unreachable",
  },
  {
    name: "control port refused with a reset",
    cell: `firewall/${optional}/ftp/port/list`,
    break: first("FORWARD", "-p tcp --dport 21 -j REJECT --reject-with tcp-reset"),
    cause: "port-unreachable",
  },
  {
    name: "router without forwarding",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: (lab) => lab.setForwarding(false),
    cause: "port-unreachable",
  },
  {
    name: "RELATED no longer accepted, DROP, EPSV",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: noRelated,
    cause: "related-not-accepted",
  },
  {
    name: "RELATED no longer accepted, DROP, PASV through DNAT",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: noRelated,
    cause: "related-not-accepted",
  },
  {
    name: "RELATED no longer accepted, REJECT, after CCC",
    cell: `server-nat-helper/${optional}/ftps-ccc/epsv/list`,
    break: allOf(noRelated, rejectRest("tcp-reset")),
    cause: "related-not-accepted",
  },
  {
    name: "RELATED no longer accepted, ICMP, PORT",
    cell: `client-nat-helper/${optional}/ftp/port/list`,
    break: allOf(noRelated, rejectRest("icmp-admin-prohibited")),
    cause: "related-not-accepted",
  },
  {
    name: "forwarded range no longer allowed, DROP",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: noAllowOfRange,
    cause: "passive-port-not-forwarded",
  },
  {
    name: "forwarded range refused with a reset",
    cell: `server-nat-range/${optional}/ftps/pasv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with tcp-reset"),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "forwarded range refused with ICMP",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with icmp-host-prohibited"),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "server's egress refused with ICMP",
    cell: `server-nat/${optional}/ftps/port/list`,
    break: first("FORWARD", "-i lan -o internet -p tcp --syn -j REJECT --reject-with icmp-admin-prohibited"),
    cause: "egress-blocked",
  },
  {
    name: "firewall's egress closed, DROP",
    cell: `firewall/${optional}/ftps/eprt/list`,
    break: first("FORWARD", "-i inside -p tcp --syn -j DROP"),
    cause: "egress-blocked",
  },
  {
    name: "firewall's egress refused with a reset",
    cell: `firewall/${optional}/ftps/port/list`,
    break: first("FORWARD", "-i inside -p tcp --syn -j REJECT --reject-with tcp-reset"),
    cause: "egress-blocked",
  },
  {
    name: "client's egress refused with a reset, but for 21",
    cell: `client-nat/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-i lan -p tcp --syn ! --dport 21 -j REJECT --reject-with tcp-reset"),
    cause: "egress-blocked",
  },
  {
    name: "client's egress refused with ICMP, but for 21",
    cell: `client-nat/${optional}/ftps/pasv/list`,
    break: first("FORWARD", "-i lan -p tcp --syn ! --dport 21 -j REJECT --reject-with icmp-port-unreachable"),
    cause: "egress-blocked",
  },
  {
    name: "control port closed, DROP",
    cell: `firewall/${optional}/ftp/port/list`,
    break: first("FORWARD", "-p tcp --dport 21 -j DROP"),
    cause: "port-unreachable",
  },
  {
    name: "control port refused with ICMP",
    cell: `firewall/${optional}/ftp/port/list`,
    break: first("FORWARD", "-p tcp --dport 21 -j REJECT --reject-with icmp-port-unreachable"),
    cause: "port-unreachable",
  },
  {
    name: "data connections from another public address",
    cell: `client-nat/${optional}/ftp/pasv/list`,
    break: allOf(
      onRouters(
        "ip addr add 203.0.113.2/24 dev internet",
        "iptables -t nat -I POSTROUTING 1 -o internet -p tcp --dport 50000:50999 -j SNAT --to-source 203.0.113.2",
      ),
      onServer("printf '<Global>\\nAllowForeignAddress off\\n</Global>\\n' >> $conf"),
    ),
    cause: "foreign-data-peer",
  },
  {
    name: "data connections from another public address, in TLS",
    cell: `client-nat/${optional}/ftps/epsv/list`,
    break: allOf(
      onRouters(
        "ip addr add 203.0.113.2/24 dev internet",
        "iptables -t nat -I POSTROUTING 1 -o internet -p tcp --dport 50000:50999 -j SNAT --to-source 203.0.113.2",
      ),
      onServer("printf '<Global>\\nAllowForeignAddress off\\n</Global>\\n' >> $conf"),
    ),
    cause: "foreign-data-peer",
  },
  {
    name: "no route back from the server",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: inNetworkOf("server", "ip route del default"),
    cause: "return-route-missing",
  },
  {
    name: "no route back from a server behind NAT",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: inNetworkOf("server", "ip route del default"),
    cause: "return-route-missing",
  },
  {
    name: "227 eaten by a filter that inspects",
    cell: `server-nat-range/${optional}/ftp/pasv/list`,
    break: allOf(onLine("227 ", "DROP"), patience("data-command", 3_000)),
    cause: "control-line-blocked",
  },
  {
    name: "EPSV eaten by a filter that inspects",
    cell: `firewall-range/${optional}/ftp/epsv/list`,
    break: allOf(onLine("EPSV", "DROP", "-p tcp --dport 21"), patience("data-command", 3_000)),
    cause: "control-line-blocked",
  },
  {
    name: "AUTH refused with a reset by a filter that inspects",
    cell: `server-nat-helper/${optional}/ftps/port/list`,
    break: onLine("AUTH TLS", "REJECT --reject-with tcp-reset"),
    cause: "control-line-blocked",
  },
  {
    name: "AUTH eaten by a filter that inspects",
    cell: `firewall/${optional}/ftps/port/list`,
    break: allOf(onLine("AUTH TLS", "DROP"), patience("auth-tls", 3_000)),
    cause: "control-line-blocked",
  },
  {
    name: "227 in two segments before a helper",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: allOf(
      onRouters("iptables -t mangle -A FORWARD -p tcp --syn --dport 21 -j TCPMSS --set-mss 48"),
      patience("data-command", 3_000),
    ),
    cause: "helper-dropped-partial-line",
  },
  {
    name: "router forgets a control connection that is silent during the transfer",
    cell: `client-nat/${optional}/ftp/pasv/download`,
    break: forgetful("internet"),
    cause: "control-connection-dropped-idle",
  },
  {
    name: "firewall forgets a control connection that is silent during the transfer",
    cell: `firewall-range/${optional}/ftps/epsv/download`,
    break: forgetful("inside"),
    cause: "control-connection-dropped-idle",
  },
  {
    name: "MTU hole on the data connection",
    cell: `firewall-range/${optional}/ftp/epsv/download`,
    break: allOf(
      onRouters("ip link set outside mtu 1000", "iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP"),
      patience("transfer", 3_000),
    ),
    cause: "path-mtu-black-hole",
  },
  {
    name: "MTU hole before the TLS handshake",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: allOf(
      onRouters("ip link set outside mtu 576", "iptables -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP"),
      patience("auth-tls", 3_000),
    ),
    cause: "path-mtu-black-hole",
  },
  {
    name: "path that bypasses the router",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: bypassRouters("all"),
    cause: "lab-error",
  },
  {
    name: "path that bypasses the router for answers only",
    cell: `firewall-range/${optional}/ftp/epsv/list`,
    break: allOf(bypassRouters("answers"), patience("greeting", 3_000)),
    cause: "lab-error",
  },
];
