/** FortiOS at its command line: what `diagnose debug flow` tells of packets, and which ports its session helpers follow. */
import type { PastedEndpoint } from "../../../../model/symptom";
import { helperFact } from "../listings/rule-fact";
import { nothingSaid, type LineReader, type SpeakerForm } from "../speaker-form";
import { colonEndpoint, writtenPort } from "../written-endpoint";

/** `id=20085 trace_id=12 func=fw_forward_handler line=732 msg="Denied by forward policy check (policy 0)"`. */
const flowLine = /\btrace_id=(\d{1,10}) func=(\w+) (?:line=\d+ )?msg="([^"]*)"/;
const arrival =
  /\breceived a packet\(proto=(\d+), (\S{3,60}?)->(\S{3,60}?)\)(?: tun_id=\S+)? from (\S{1,40}?)\.(?: flag \[(\S*?)\])?(?:[ ,]|$)/;
const wayOut = /\bvia (\S{1,40}?)\.?$/;
const denied = /^Denied by\b|\bdrop(?:ped)?\b/i;
const allowed = "Allowed by";

type Traced = {
  readonly from: PastedEndpoint;
  readonly to: PastedEndpoint;
  readonly in: string;
  readonly flags: readonly string[];
  out: string | null;
};

const flagNames: ReadonlyMap<string, string> = new Map([
  ["S", "SYN"],
  [".", "ACK"],
  ["F", "FIN"],
  ["R", "RST"],
]);

/** A flow's lines stand for one packet, which the last of them ends. */
export const fortiOsFlow: SpeakerForm = {
  id: "fortios-flow",
  title: "FortiOS' flow trace",
  by: "kernel",
  software: null,
  begin: (): LineReader => {
    const traces = new Map<string, Traced>();
    return (text) => {
      const [, trace, , message] = flowLine.exec(text) ?? [];
      if (trace === undefined || message === undefined) return null;
      const [, protocol, from, to, link, flags = ""] = arrival.exec(message) ?? [];
      if (protocol === "6" && from !== undefined && to !== undefined && link !== undefined) {
        const names = [...flagNames].flatMap(([flag, name]) => (flags.includes(flag) ? [name] : []));
        traces.set(trace, { from: colonEndpoint(from), to: colonEndpoint(to), in: link, flags: names, out: null });
        return nothingSaid;
      }
      const known = traces.get(trace);
      const out = wayOut.exec(message)?.[1];
      if (known !== undefined && out !== undefined) known.out = out;
      const verdict = denied.test(message) ? "blocked" : message.startsWith(allowed) ? "allowed" : null;
      if (known === undefined || verdict === null) return nothingSaid;
      return { facts: [{ kind: "logged-packet", verdict, prefix: message, ...known }] };
    };
  },
};

/** `show system session-helper`: entries of `set name ftp`, `set protocol 6`, `set port 21`. */
export const fortiOsHelpers: SpeakerForm = {
  id: "fortios-helpers",
  title: "FortiOS' session helpers",
  by: "kernel",
  software: null,
  begin: (): LineReader => {
    let isThere = false;
    let name: string | null = null;
    return (text) => {
      const line = text.trim();
      if (/\bsystem session-helper\b/.test(line)) {
        isThere = true;
        return nothingSaid;
      }
      if (!isThere) return null;
      const [, key, value = ""] = /^set (name|protocol|port) (\S+)$/.exec(line) ?? [];
      if (key === "name") name = value;
      if (key === "port" && name === "ftp") {
        const port = writtenPort(value);
        if (port === null) return nothingSaid;
        return { facts: [helperFact([[port, port]])] };
      }
      if (key !== undefined || /^(?:edit \d+|next|\.\.\.)$/.test(line)) return nothingSaid;
      isThere = line !== "end";
      return isThere ? null : nothingSaid;
    };
  },
};
