import type { CauseDefinition } from "../cause";
import { lossOf } from "../loss";
import { dialogueProof, lossProof, messageProof } from "../proofs";
import { serverUrl } from "../remedies/addresses";

export const pathMtuBlackHole: CauseDefinition = {
  id: "path-mtu-black-hole",
  title: "Long packets vanish on the way, and nobody tells their sender.",
  looksLike:
    "Login works and short listings too; long ones, transfers or the TLS handshake stand still at their first full packet.",
  why:
    "A link with a smaller MTU drops packets that are too long and says so by ICMP (fragmentation needed, RFC 1191; packet too " +
    "big, RFC 8201). Where a filter drops that ICMP message, or a link drops silently, the sender repeats the same long " +
    "segment until it gives up; everything short still passes.",
  recognise: (seen) => {
    const loss = lossOf(seen);
    if (loss?.kind !== "length") return null;
    const { connection, from, length, sent, lastNode, stayed, longestArrived } = loss.segment;
    const where = stayed
      ? `came to ${lastNode} and did not leave it`
      : `left ${lastNode} and did not come to the next node`;
    return {
      confidence: "proven",
      explanation: `A segment of ${length} bytes of the ${from} on the ${connection} connection ${where}, though it was sent ${sent} times; the longest of the same direction that arrived had ${longestArrived} bytes.`,
      proofs: [...lossProof(loss.segment), ...dialogueProof(seen.transferExchange), ...messageProof(seen)],
    };
  },
  remedies: (seen) => {
    const command = seen.family === "ipv6" ? "ip6tables" : "iptables";
    const icmp =
      seen.family === "ipv6" ? "-p icmpv6 --icmpv6-type packet-too-big" : "-p icmp --icmp-type fragmentation-needed";
    return [
      {
        party: "network admin",
        what: "Let ICMP say that packets are too long, and keep TCP from sending such packets at all.",
        lines: [
          `${command} -I OUTPUT ${icmp} -j ACCEPT`,
          `${command} -I FORWARD ${icmp} -j ACCEPT`,
          `${command} -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu`,
        ],
      },
      {
        party: "server admin",
        what: "Let the server's TCP find out by itself which length passes (RFC 4821).",
        lines: ["sysctl -w net.ipv4.tcp_mtu_probing=1"],
      },
      {
        party: "user",
        what: "Send and ask for shorter packets.",
        lines: ["ip link set dev INTERFACE mtu 1280", `ping -M do -s 1400 ${hostOf(serverUrl(seen))}`],
      },
    ];
  },
};

function hostOf(url: string): string {
  return new URL(url).hostname.replaceAll(/[[\]]/g, "");
}
