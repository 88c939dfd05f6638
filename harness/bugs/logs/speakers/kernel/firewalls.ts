/** Firewalls that are none of Linux': each logs a packet a line. */
import { lineByLine, nothingSaid, type FactBody, type SpeakerForm } from "../speaker-form";
import { colonEndpoint, dottedEndpoint, writtenEndpoint } from "../written-endpoint";

type Packet = Extract<FactBody, { kind: "logged-packet" }>;
type Ends = Pick<Packet, "verdict" | "from" | "to"> & Partial<Packet>;

function packet({ prefix = null, in: input = null, out = null, flags = [], ...rest }: Ends): {
  readonly facts: readonly FactBody[];
} {
  return { facts: [{ kind: "logged-packet", prefix, in: input, out, flags, ...rest }] };
}

function firewall(id: string, title: string, read: Parameters<typeof lineByLine>[0]["read"]): SpeakerForm {
  return lineByLine({ id, title, by: "kernel", software: null, read });
}

/** `2026-02-03 10:00:00 DROP TCP 198.51.100.7 192.0.2.1 51000 40123 52 S 123 0 8192 - - - RECEIVE`. */
const windowsLine =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (ALLOW|DROP|OPEN|OPEN-INBOUND|CLOSE) (\S{2,8}) (\S{2,45}) (\S{2,45}) (\d{1,5}|-) (\d{1,5}|-) \S+ (\S+)/;

export const windowsFirewall = firewall("windows-firewall", "the log of Windows' firewall", (text) => {
  if (/^#Fields: date time action protocol\b/.test(text)) return nothingSaid;
  const [, action, protocol, from = "", to = "", sourcePort, port, flags = ""] = windowsLine.exec(text.trim()) ?? [];
  if (action === undefined) return null;
  if (protocol !== "TCP") return nothingSaid;
  return packet({
    verdict: action === "DROP" ? "blocked" : "allowed",
    prefix: action,
    from: writtenEndpoint(from, sourcePort),
    to: writtenEndpoint(to, port),
    flags: flags.includes("S") ? ["SYN"] : [],
    // What it sends has this host as its sender.
    out: text.trim().endsWith(" SEND") ? "own" : null,
  });
});

/** `filterlog[123]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,198.51.100.7,192.0.2.1,51000,40123,0,S,...`. */
export const pfSense = firewall("filterlog", "the log of pfSense or OPNsense", (text) => {
  const [, list] = /\bfilterlog(?:\[\d+\])?:? (?:\d+ - \[[^\]]*\] )?(\S+)$/.exec(text.trim()) ?? [];
  if (list === undefined) return null;
  const fields = list.split(",");
  const [link, action, direction, version] = [fields[4], fields[6], fields[7], fields[8]];
  const [protocol, start] = version === "6" ? [fields[12], 15] : [fields[16], 18];
  const [from, to, sourcePort, port, , flags = ""] = fields.slice(start);
  if (protocol !== "tcp" || from === undefined || to === undefined) return nothingSaid;
  return packet({
    verdict: action === "block" || action === "reject" ? "blocked" : action === "pass" ? "allowed" : null,
    prefix: action ?? null,
    from: writtenEndpoint(from, sourcePort),
    to: writtenEndpoint(to, port),
    in: direction === "in" ? (link ?? null) : null,
    out: direction === "out" ? (link ?? null) : null,
    flags: flags.includes("S") ? ["SYN"] : [],
  });
});

/** `rule 12/0(match): block in on hn1: 192.0.2.100.57466 > 203.0.113.5.37213: Flags [S], ...`: tcpdump of pflog(4). */
const pfLine =
  /\brule \d+[^\s:]{0,20}: (block|pass) (in|out) on (\S{1,20}): (?:\(.{0,200}?\) )?(?:IP6? )?(\S{3,60}) > (\S{3,60}): (?:Flags \[([^\]]{1,10})\]|([SFRP.]{1,5}) )/;

export const pfLog = firewall("pflog", "tcpdump's text of pflog", (text) => {
  const [, action, direction, link = "", from = "", to = "", bracketed, plain] = pfLine.exec(text) ?? [];
  if (action === undefined) return null;
  const letters = bracketed ?? plain ?? "";
  return packet({
    verdict: action === "block" ? "blocked" : "allowed",
    prefix: `${action} ${direction ?? ""}`,
    from: dottedEndpoint(from),
    to: dottedEndpoint(to),
    in: direction === "in" ? link : null,
    out: direction === "out" ? link : null,
    flags: letters.includes("S") ? ["SYN"] : [],
  });
});

const fortiPair = /\b(srcip|dstip|srcport|dstport|action|proto|srcintf|dstintf|initf|outitf)="?([^"\s]{1,64})"?/g;

/** `srcip=198.51.100.7 srcport=51000 dstip=192.0.2.1 dstport=40123 proto=6 action="deny"`. */
export const fortiGate = firewall("fortigate", "FortiGate's log", (text) => {
  if (!/\bsrcip=/.test(text) || !/\bdstip=/.test(text)) return null;
  const fields = new Map([...text.matchAll(fortiPair)].map(([, key = "", value = ""]) => [key, value]));
  const [from, to, action] = [fields.get("srcip"), fields.get("dstip"), fields.get("action")];
  if (from === undefined || to === undefined || (fields.get("proto") ?? "6") !== "6") return nothingSaid;
  return packet({
    verdict: /^(?:deny|block|drop|reject)/.test(action ?? "") ? "blocked" : action === "accept" ? "allowed" : null,
    prefix: action ?? null,
    from: writtenEndpoint(from, fields.get("srcport")),
    to: writtenEndpoint(to, fields.get("dstport")),
    in: fields.get("srcintf") ?? fields.get("initf") ?? null,
    out: fields.get("dstintf") ?? fields.get("outitf") ?? null,
  });
});

/** `%ASA-4-106023: Deny tcp src outside:198.51.100.7/51000 dst inside:192.0.2.1/40123`, `Teardown`, `Built`. */
const asaLine =
  /%(?:ASA|FTD|PIX)-\d-\d{6}: ((?:Inbound )?(?:Deny|Denied|TCP access denied|Teardown|Built)\b.{0,80}?)\b(?:src |from |for )?([\w-]{1,40}):([0-9a-fA-F.:]{3,45})\/(\d{1,5}).{0,60}?\b([\w-]{1,40}):([0-9a-fA-F.:]{3,45})\/(\d{1,5})/;

const silent = {
  kind: "connection",
  event: null,
  state: "SYN Timeout",
  flags: ["UNREPLIED"],
  answeredFrom: null,
  answeredTo: null,
  helper: null,
} as const;

export const ciscoAsa = firewall("cisco-asa", "Cisco ASA's log", (text) => {
  if (!/%(?:ASA|FTD|PIX)-\d-\d{6}: /.test(text)) return null;
  const [, words, input, from = "", sourcePort, output, to = "", port] = asaLine.exec(text) ?? [];
  if (words === undefined || !/\btcp\b/i.test(words)) return { said: [{ direction: "*", text: text.trim() }] };
  // It waited for the answer to a SYN as long as it does.
  if (/\bSYN Timeout\b/.test(text)) {
    const [dialling, dialled] = [writtenEndpoint(from, sourcePort), writtenEndpoint(to, port)];
    return { facts: [{ ...silent, from: dialling, to: dialled }] };
  }
  return packet({
    verdict: /den(?:y|ied)/i.test(words) ? "blocked" : /^(?:Built|Teardown)\b/.test(words) ? "allowed" : null,
    prefix: words.trim(),
    from: writtenEndpoint(from, sourcePort),
    to: writtenEndpoint(to, port),
    in: input ?? null,
    out: output ?? null,
  });
});

/** `2 123456789010 eni-0a1b 198.51.100.7 172.31.16.139 51000 40123 6 1 60 1418530010 1418530070 REJECT OK`. */
const flow = /\beni-\w+ (\S{2,45}) (\S{2,45}) (\d{1,5}) (\d{1,5}) (\d{1,3}) \d+ \d+ \d+ \d+ (ACCEPT|REJECT)\b/;

export const vpcFlow = firewall("vpc-flow-log", "a VPC's flow log", (text) => {
  const [, from = "", to = "", sourcePort, port, protocol, action] = flow.exec(text) ?? [];
  if (action === undefined) return null;
  if (protocol !== "6") return nothingSaid;
  return packet({
    verdict: action === "REJECT" ? "blocked" : "allowed",
    prefix: action,
    from: writtenEndpoint(from, sourcePort),
    to: writtenEndpoint(to, port),
  });
});

/** `forward: in:ether1 out:bridge, ..., proto TCP (SYN), 198.51.100.7:51000->192.168.88.5:40123, len 60`. */
const routerOs =
  /^(?:.{0,120}?[\s,])?(\S{0,40} ?(?:input|forward|output)): in:(\S{1,40}) out:(\S{1,40}?),? .{0,200}?\bproto (\w+)(?: \(([A-Z,]*)\))?, (\S+:\d+)->(\S+:\d+?)[,\s]/;

/** Whether a line is one of a packet in RouterOS' log. */
export const isRouterOs = (text: string): boolean => routerOs.test(`${text} `);

export const mikrotik = firewall("mikrotik", "MikroTik's log", (text) => {
  const [, prefix = "", input = "", output = "", protocol, flags = "", from = "", to = ""] =
    routerOs.exec(`${text} `) ?? [];
  if (protocol === undefined) return null;
  if (protocol !== "TCP") return nothingSaid;
  const link = (name: string): string | null => (name === "(none)" || name.startsWith("(unknown") ? null : name);
  return packet({
    verdict: /drop|block|deny|reject/i.test(prefix) ? "blocked" : null,
    prefix: prefix.trim(),
    from: colonEndpoint(from),
    to: colonEndpoint(to),
    in: link(input),
    out: link(output),
    flags: flags.split(",").filter((flag) => flag !== ""),
  });
});
