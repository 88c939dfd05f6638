import { lineByLine, nothingSaid, type FactBody } from "../speaker-form";
import { writtenEndpoint } from "../written-endpoint";

const states =
  "LISTEN(?:ING|EN)?|SYN[-_](?:SENT|RECV|RECEIVED)|ESTAB(?:LISHED)?|FIN[-_]WAIT[-_]?[12]|TIME[-_]WAIT|CLOSE[-_]WAIT|LAST[-_]ACK|CLOSING|CLOSED";
/** `tcp        0      1 192.0.2.1:40001      203.0.113.9:50123    SYN_SENT`; Windows has no queues. */
const netstat = new RegExp(
  String.raw`^\s*tcp[46]?\s+(?:\d+\s+\d+\s+)?(\S{1,60})[:.](\d{1,5}|\*|[a-z-]{2,12})\s+(\S{1,60})[:.](\d{1,5}|\*|[a-z-]{2,12})\s+(${states})\b`,
  "i",
);
/** `SYN-SENT 0      1      192.0.2.1:40001      203.0.113.9:50123`. */
const ss = new RegExp(
  String.raw`^\s*(?:tcp\s+)?(${states})\s+\d+\s+\d+\s+(\S{1,60}):(\d{1,5}|\*|[a-z-]{2,12})\s+(\S{1,60}):(\d{1,5}|\*|[a-z-]{2,12})(?:\s|$)`,
);

/** What `netstat` and `ss` list: a host's own connections. */
export const sockets = lineByLine({
  id: "sockets",
  title: "a listing of sockets",
  by: "listing",
  software: null,
  read: (text) => {
    const [, local, localPort, peer, peerPort, state] = netstat.exec(text) ?? [];
    const [, state2, local2, localPort2, peer2, peerPort2] = ss.exec(text) ?? [];
    const [from, to, how] = [local ?? local2, peer ?? peer2, state ?? state2];
    if (from === undefined || to === undefined || how === undefined) return null;
    // A socket that listens is no connection.
    if (/^LISTEN/i.test(how)) return nothingSaid;
    const fact: FactBody = {
      kind: "connection",
      event: null,
      state: how,
      flags: [],
      from: writtenEndpoint(unbracketed(from), localPort ?? localPort2),
      to: writtenEndpoint(unbracketed(to), peerPort ?? peerPort2),
      answeredFrom: null,
      answeredTo: null,
      helper: null,
    };
    return { facts: [fact] };
  },
});

function unbracketed(address: string): string {
  return address.replace(/^\[|\](?:%\w+)?$/g, "");
}
