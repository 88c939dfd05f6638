import { lineByLine, nothingSaid, type FactBody, type Reading } from "../speaker-form";
import { writtenEndpoint } from "../written-endpoint";

/** What nf_log writes of a packet (nf_log_syslog.c): `IN=eth0 OUT= ... SRC=... DST=... PROTO=TCP SPT=... DPT=... SYN`. */
const packet = /\bIN=(\S{0,32}) OUT=(\S{0,32}) ?(.*)$/;
const pair = /\b(SRC|DST|SPT|DPT|PROTO)=(\S{1,64})/g;
const tcpFlags = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];

/** What a prefix says that was done; people choose it, so many say nothing. */
const blocked =
  /\b(?:block(?:ed)?|drop(?:ped|ping)?|den(?:y|ied)|reject(?:ed)?|FINAL_REJECT|refused)\b|[_:\- ](?:DROP|REJECT|BLOCK|DENY)\b|^(?:DROP|REJECT|BLOCK|DENY)/i;
const allowed = /\b(?:allow(?:ed)?|accept(?:ed)?|pass(?:ed)?|permit(?:ted)?)\b|[_:\- ](?:ACCEPT|ALLOW)\b/i;

/** A helper's reason to drop a packet (nf_ct_helper_log), before the packet itself. */
const helperDrop = /\bnf_ct_ftp: dropping packet\b/;

/** Packets that a rule logged, whatever its prefix is, and those that the FTP helper dropped. */
export const netfilterLog = lineByLine({
  id: "kernel-packets",
  title: "the kernel's log of packets",
  by: "kernel",
  software: null,
  read: (text) => {
    const found = packet.exec(text);
    if (found === null) return helperDrop.test(text) ? { facts: [dropped] } : null;
    const [, input = "", output = "", rest = ""] = found;
    // An ICMP error quotes the packet that it is about in brackets.
    const fields = new Map(
      [...rest.replace(/\[.*$/, "").matchAll(pair)].map(([, key = "", value = ""]) => [key, value]),
    );
    const [source, destination] = [fields.get("SRC"), fields.get("DST")];
    if (source === undefined || destination === undefined) return null;
    if (fields.get("PROTO") !== "TCP" && fields.get("PROTO") !== "6") return nothingSaid;
    const before = text.slice(0, found.index);
    const from = writtenEndpoint(source, fields.get("SPT"));
    const to = writtenEndpoint(destination, fields.get("DPT"));
    // The helper drops what no rule drops.
    if (helperDrop.test(before)) return { facts: [{ ...dropped, from, to }] };
    const prefix = prefixIn(before);
    const fact: FactBody = {
      kind: "logged-packet",
      verdict: verdictOf(prefix),
      prefix,
      from,
      to,
      in: input === "" ? null : input,
      out: output === "" ? null : output,
      flags: tcpFlags.filter((flag) => new RegExp(`\\b${flag}(?!=)\\b`).test(rest)),
    };
    return { facts: [fact] };
  },
});

const dropped = { kind: "helper", said: "dropped-packet" } as const;

/** The prefix stands behind a syslog's stamp and the seconds since the machine was started. */
function prefixIn(before: string): string | null {
  const own = before
    .replace(/^.*\[ *\d+\.\d+\] ?/, "")
    .replace(/^.*\bkernel(?:\[\d+\])?: ?/, "")
    .replace(/^\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d[^\]]{0,20}\] ?/, "")
    .replace(/^(?:[A-Z][a-z]{2} +\d{1,2} [\d:]{8}|\d{4}-\d\d-\d\dT\S{8,32}) \S{1,64} /, "")
    .replace(/^<\d{1,3}>/, "")
    .trim();
  return own === "" || own.length > 80 ? null : own;
}

function verdictOf(prefix: string | null): "blocked" | "allowed" | null {
  if (prefix === null) return null;
  if (blocked.test(prefix)) return "blocked";
  return allowed.test(prefix) ? "allowed" : null;
}

/** What the kernel says of helpers beside packets (nf_conntrack_helper.c, nf_conntrack_seqadj.c, nf_conntrack_ftp.c). */
const words: readonly (readonly [RegExp, FactBody | null])[] = [
  [/\bMissing nfct_seqadj_ext_add\(\) setup call\b/, { kind: "helper", said: "no-sequence-adjustment" }],
  [
    /\bnf_conntrack: default automatic helper assignment has been turned off\b/,
    { kind: "helper", said: "not-assigned" },
  ],
  [/\bautomatic helper assignment is deprecated\b/, { kind: "helper", said: "other" }],
  [/\bnf_ct_ftp\b|\bnf_(?:ct|conntrack)_ftp: /, { kind: "helper", said: "other" }],
  [/\bnf_conntrack: table full, dropping packet\b/, null],
];

/** The kernel's other words about helpers. */
export const helperWords = lineByLine({
  id: "kernel-helpers",
  title: "the kernel's log",
  by: "kernel",
  software: null,
  read: (text): Reading | null => {
    const found = words.find(([form]) => form.test(text));
    if (found === undefined) return null;
    const said = [{ direction: "*", text: text.trim() }] as const;
    return found[1] === null ? { said } : { said, facts: [found[1]] };
  },
});
