/** Faults whose hand is on record: rules that pick out what they end, hosts' own firewalls, connection tracking, routes. */
import { allOf, inNetworkOf, onRouters, optional, patience, sysctlsOnRouters, type Fault } from "./staging";

const range = "-p tcp --dport 50000:50999";
const onServerHost = (...lines: readonly string[]) => inNetworkOf("server", ...lines);
const onClientHost = (...lines: readonly string[]) => inNetworkOf("client", ...lines);

/** An nft table that drops the passive range on a host. */
const nftDrop = (family: string, hook: string, what: string): readonly string[] => [
  `nft add table ${family} own`,
  `nft add chain ${family} own guard '{ type filter hook ${hook} priority 0; policy accept; }'`,
  `nft add rule ${family} own guard ${what} drop`,
];

export const pathFaults: readonly Fault[] = [
  {
    name: "the server's own INPUT drops the passive range, behind a router that forwards it",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: onServerHost(`iptables -I INPUT ${range} -j DROP`),
    cause: "server-host-firewall",
  },
  {
    name: "the server's own INPUT drops the passive range, and there is no router",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: onServerHost(`iptables -I INPUT ${range} -j DROP`),
    cause: "server-host-firewall",
  },
  {
    name: "the server's own nft table drops the passive range, IPv6",
    cell: `ipv6-firewall-helper/${optional}/ftp/epsv/list`,
    break: onServerHost(...nftDrop("ip6", "input", "tcp dport 50000-50999")),
    cause: "server-host-firewall",
  },
  {
    name: "the client's own INPUT drops what the server opens",
    cell: `firewall/${optional}/ftp/port/list`,
    break: onClientHost("iptables -I INPUT -p tcp --dport 1024: --syn -j DROP"),
    cause: "client-host-firewall",
  },
  {
    name: "the client's own nft table drops what the server opens, under TLS",
    cell: `firewall/${optional}/ftps/eprt/list`,
    break: onClientHost(...nftDrop("ip", "input", "tcp dport 1024-65535 tcp flags == syn")),
    cause: "client-host-firewall",
  },
  {
    name: "the client's own INPUT drops what the server opens, IPv6",
    cell: `ipv6-firewall/${optional}/ftp/eprt/list`,
    break: onClientHost("ip6tables -I INPUT -p tcp --dport 1024: --syn -j DROP"),
    cause: "client-host-firewall",
  },
  {
    name: "a conntrack zone on the data connection's way in",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: onRouters(`iptables -t raw -A PREROUTING -i outside ${range} -j CT --zone 7`),
    cause: "answer-lost-on-return",
  },
  {
    name: "a drop of the passive range's answers",
    cell: `firewall-range/${optional}/ftps/epsv/download`,
    break: onRouters("iptables -I FORWARD -p tcp --sport 50000:50999 --tcp-flags SYN,ACK SYN,ACK -j DROP"),
    cause: "answer-lost-on-return",
  },
  {
    name: "a drop of the passive range's answers, IPv6",
    cell: `ipv6-firewall-helper/${optional}/ftp/epsv/list`,
    break: onRouters("ip6tables -I FORWARD -p tcp --sport 50000:50999 --tcp-flags SYN,ACK SYN,ACK -j DROP"),
    cause: "answer-lost-on-return",
  },
  {
    name: "REJECT before the ACCEPT of the range",
    cell: `firewall-range/${optional}/ftp/epsv/list`,
    break: onRouters(`iptables -I FORWARD ${range} -j REJECT --reject-with icmp-admin-prohibited`),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "a drop of the range in mangle, where a helper expects the connection",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: onRouters(`iptables -t mangle -A FORWARD ${range} -j DROP`),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "a drop of the range in an nft table of its own, IPv6",
    cell: `ipv6-firewall-helper/${optional}/ftp/epsv/list`,
    break: onRouters(...nftDrop("ip6", "forward", "tcp dport 50000-50999")),
    cause: "rule-blocks-data-connection",
  },
  {
    name: "NOTRACK of port 21 beside a helper rule, and UNTRACKED accepted",
    cell: `firewall-helper/${optional}/ftp/pasv/list`,
    break: onRouters(
      "iptables -t raw -I PREROUTING -p tcp --dport 21 -j CT --notrack",
      "iptables -t raw -I PREROUTING -p tcp --sport 21 -j CT --notrack",
      "iptables -I FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT",
    ),
    cause: "control-connection-untracked",
  },
  {
    name: "NOTRACK of the control connection's answers alone",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: allOf(
      onRouters("iptables -t raw -I PREROUTING -p tcp --sport 21 -j CT --notrack"),
      patience("control-connect", 3_000),
    ),
    cause: "control-connection-untracked",
  },
  {
    name: "TTL of data connections set to 1",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: onRouters(`iptables -t mangle -A PREROUTING ${range} -j TTL --ttl-set 1`),
    cause: "ttl-expired",
  },
  {
    name: "TTL of the control connection set to 1",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: allOf(
      onRouters("iptables -t mangle -A PREROUTING -p tcp --dport 21 -j TTL --ttl-set 1"),
      patience("control-connect", 3_000),
    ),
    cause: "ttl-expired",
  },
  {
    name: "the passive range leads to a host that is gone",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: onRouters(`iptables -t nat -I PREROUTING -i internet ${range} -j DNAT --to-destination 192.168.10.77`),
    cause: "data-connection-to-other-server",
  },
  {
    name: "the passive range leads to other ports",
    cell: `server-nat-range/${optional}/ftp/epsv/list`,
    break: onRouters(
      `iptables -t nat -I PREROUTING -i internet ${range} -j DNAT --to-destination 192.168.10.10:40000-40999/50000`,
      "iptables -I FORWARD -p tcp --dport 40000:40999 -j ACCEPT",
    ),
    cause: "port-altered-on-the-way",
  },
  {
    name: "a payload rule that makes 550 of 227",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: onRouters(
      "nft add table ip own",
      "nft add chain ip own rewrite '{ type filter hook forward priority 10; policy accept; }'",
      "nft add rule ip own rewrite tcp sport 21 @ih,0,32 0x32323720 @ih,0,32 set 0x35353020",
    ),
    cause: "line-altered-on-the-way",
  },
  {
    name: "forwarding switched off once the control connection is tried",
    cell: `firewall-range/${optional}/ftp/epsv/list`,
    break: allOf(sysctlsOnRouters({ "net.ipv4.ip_forward": "0" }), patience("control-connect", 3_000)),
    cause: "port-unreachable",
  },
  ...["ftp/pasv/list", "ftp/epsv/download", "ftps/epsv/list"].map((session) => ({
    name: `hairpin of the data connection alone goes without the router's own address, ${session}`,
    cell: `hairpin-snat/${optional}/${session}`,
    break: onRouters(
      "iptables -t nat -D POSTROUTING -o lan -j MASQUERADE",
      "iptables -t nat -A POSTROUTING -o lan -p tcp --dport 21 -j MASQUERADE",
    ),
    // As for any answer that a translation of one direction alone spoils.
    cause: "answer-lost-on-return" as const,
  })),
];
