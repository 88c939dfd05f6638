import { lineByLine, nothingSaid, remark, type FactBody } from "../speaker-form";
import { writtenEndpoint } from "../written-endpoint";

/** `tcp 6 431999 ESTABLISHED src=... dst=... sport=... dport=... src=... [ASSURED] mark=0 helper=ftp use=1`. */
const tuples = /\bsrc=(\S{2,45}) dst=(\S{2,45}) sport=(\d{1,5}) dport=(\d{1,5})/g;
/** `300 proto=6 src=... dst=... sport=0 dport=50123 mask-src=... master-src=... helper=ftp`. */
const expectation = /\bproto=6 src=\S+ dst=\S+ .*\bmask-src=/;
const event = /\[(NEW|UPDATE|DESTROY)\]/;

/** `conntrack -L`, `conntrack -E`, and `/proc/net/nf_conntrack`. */
export const conntrack = lineByLine({
  id: "conntrack",
  title: "a listing of conntrack",
  by: "listing",
  software: null,
  read: (text) => {
    if (/^conntrack v[\d.]+ \(conntrack-tools\): /.test(text.trim()) || expectation.test(text))
      return remark(text.trim());
    if (!/\b(?:tcp|udp|icmp\w*|unknown|gre|sctp|dccp|udplite)\b/.test(text) || !/\bsrc=\S+ dst=\S+/.test(text))
      return null;
    const [original, reply] = [...text.matchAll(tuples)];
    const protocol = /\b(tcp|udp|sctp|dccp)\b/.exec(text)?.[1];
    if (original === undefined || protocol !== "tcp") return nothingSaid;
    const happened = event.exec(text)?.[1];
    const fact: FactBody = {
      kind: "connection",
      event: happened === "NEW" || happened === "UPDATE" || happened === "DESTROY" ? happened : null,
      state: /\b([A-Z]{2,5}_[A-Z]{3,4}\d?|ESTABLISHED|CLOSE|LISTEN|NONE)\b(?!\])/.exec(text)?.[1] ?? null,
      flags: [...text.matchAll(/\[(UNREPLIED|ASSURED|OFFLOAD|HW_OFFLOAD)\]/g)].map(([, flag = ""]) => flag),
      from: writtenEndpoint(original[1] ?? "", original[3]),
      to: writtenEndpoint(original[2] ?? "", original[4]),
      answeredFrom: reply === undefined ? null : writtenEndpoint(reply[1] ?? "", reply[3]),
      answeredTo: reply === undefined ? null : writtenEndpoint(reply[2] ?? "", reply[4]),
      helper: /\bhelper=(\S{1,32})/.exec(text)?.[1] ?? null,
    };
    return { facts: [fact] };
  },
});
