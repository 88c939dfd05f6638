/** What the administrator of the network can do about long packets and silent connections. */
import { withRouters } from "../../plan/setup";
import { iptables } from "./addresses";
import { acceptLines, clampLines, speaksNft } from "./nft-lines";
import type { Remedy } from "./remedy";
import { onRouters } from "./router-lines";

/** Lets hosts hear that their packets are too long (RFC 1191, RFC 8201). */
export const tellTooLong: Remedy = {
  id: "tell-too-long",
  party: "network admin",
  what: () => "Let the ICMP messages for long packets pass, and limit the length of TCP segments (MSS).",
  lines: (seen) => {
    const command = iptables(seen);
    const icmp =
      seen.family === "ipv6" ? "-p icmpv6 --icmpv6-type packet-too-big" : "-p icmp --icmp-type fragmentation-needed";
    if (seen.routers.length > 0 && seen.routers.every(speaksNft)) {
      const told =
        seen.family === "ipv6"
          ? "icmpv6 type packet-too-big"
          : "icmp type destination-unreachable icmp code frag-needed";
      return onRouters(seen, seen.routers, (router) => [
        ...acceptLines(router, {}, told, ["prerouting", "forward", "output"]),
        ...clampLines(),
      ]);
    }
    return [
      `${command} -I OUTPUT ${icmp} -j ACCEPT`,
      `${command} -I FORWARD ${icmp} -j ACCEPT`,
      `${command} -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu`,
    ];
  },
  apply: (setup) => withRouters(setup, ({ make }) => ({ make: { ...make, tellsTooLong: true } })),
};

/** What RFC 5382 asks of NAT (REQ-5): two hours and four minutes. */
const establishedSeconds = 7440;

/** Routers keep connections in mind for longer than a transfer takes. */
export const rememberLonger: Remedy = {
  id: "remember-longer",
  party: "network admin",
  what: () => "Let the router remember silent connections for longer than the longest transfer takes.",
  lines: () => [`sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=${establishedSeconds}`],
  apply: (setup) =>
    withRouters(setup, ({ make }) => ({
      make: { ...make, idleTimeoutS: make.idleTimeoutS === null ? null : establishedSeconds },
    })),
};
