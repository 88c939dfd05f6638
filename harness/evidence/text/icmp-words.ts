/** ICMP's and ICMPv6's errors about a packet that was given up, in plain words. */

const unreachable: readonly string[] = [
  "network unreachable",
  "host unreachable",
  "protocol unreachable",
  "port unreachable",
  "fragmentation needed",
  "source route failed",
  "network unknown",
  "host unknown",
  "source host isolated",
  "network administratively prohibited",
  "host administratively prohibited",
  "network unreachable for this type of service",
  "host unreachable for this type of service",
  "administratively prohibited",
  "host precedence violation",
  "precedence cutoff in effect",
];

const unreachableV6: readonly string[] = [
  "no route to destination",
  "administratively prohibited",
  "beyond scope of source address",
  "address unreachable",
  "port unreachable",
  "source address failed policy",
  "reject route to destination",
  "error in source routing header",
];

/**
 * What an ICMP message at a byte says (RFC 792, RFC 1191, RFC 1812); `null` for what is no error. Redirects are none: the
 * packet that they quote went on.
 */
export function icmpWords(view: DataView, at: number): string | null {
  const [type, code] = [view.getUint8(at), view.getUint8(at + 1)];
  switch (type) {
    case 3: {
      const words = unreachable[code] ?? `destination unreachable, code ${code}`;
      const mtu = view.getUint16(at + 6);
      return code === 4 && mtu > 0 ? `${words}, MTU ${mtu}` : words;
    }
    case 11:
      return code === 1 ? "time for reassembly exceeded" : "time exceeded";
    case 12:
      return "parameter problem";
    default:
      return null;
  }
}

/** What an ICMPv6 message at a byte says (RFC 4443); `null` for what is no error. */
export function icmpv6Words(view: DataView, at: number): string | null {
  const [type, code] = [view.getUint8(at), view.getUint8(at + 1)];
  switch (type) {
    case 1:
      return unreachableV6[code] ?? `destination unreachable, code ${code}`;
    case 2:
      return `packet too big, MTU ${view.getUint32(at + 4)}`;
    case 3:
      return code === 1 ? "time for reassembly exceeded" : "time exceeded";
    case 4:
      return "parameter problem";
    default:
      return null;
  }
}
