/** Packets in the logs of firewalls of companies and clouds, of FreeBSD's ipfw, and of Kubernetes' networks. */
import { lineByLine, nothingSaid, type FactBody, type LineReader, type SpeakerForm } from "../speaker-form";
import { colonEndpoint, writtenEndpoint } from "../written-endpoint";

type Packet = Extract<FactBody, { kind: "logged-packet" }>;

function packet(
  verdict: Packet["verdict"],
  prefix: string,
  from: Packet["from"],
  to: Packet["to"],
  rest: Partial<Packet> = {},
): { readonly facts: readonly FactBody[] } {
  return {
    facts: [{ kind: "logged-packet", verdict, prefix, from, to, in: null, out: null, flags: ["SYN"], ...rest }],
  };
}

/** What a firewall did, in its own word for it. */
function verdictOf(word: string): Packet["verdict"] {
  if (/^(?:den(?:y|ied)|drop(?:ped)?|block(?:ed)?|reject(?:ed)?|D)$/i.test(word)) return "blocked";
  return /^(?:allow(?:ed)?|accept(?:ed)?|permit(?:ted)?|pass(?:ed)?|A)$/i.test(word) ? "allowed" : null;
}

function firewall(id: string, title: string, read: LineReader): SpeakerForm {
  return lineByLine({ id, title, by: "kernel", software: null, read });
}

const name =
  "(?:src_?ip|src|source-?address|dst_?ip|dest_?ip|dst|destination-?address|src_?port|s_port|source-?port|dst_?port|dest_?port|service|destination-?port|action|status|disposition|log_subtype|proto|protocol|protocol-id|ifname|msg)";
const pair = new RegExp(String.raw`(?<![\w-])"?(${name})"?[=:] ?(?:"([^"]{0,120})"|([^\s",;\]}]{1,60}))`, "g");

/** Which of several keys has it. */
function valueIn(fields: ReadonlyMap<string, string>, ...keys: readonly string[]): string | undefined {
  return keys.map((key) => fields.get(key)).find((value) => value !== undefined);
}

/**
 * `src="198.51.100.7"; dst="192.0.2.1"; service="40123"; action="Drop"`: Check Point, Sophos, SonicWall (`src=198.51.100.7:51000:X1`),
 * Juniper's structured log, Google's.
 */
export const keyedFirewall = firewall("firewall-pairs", "a firewall's log", (text) => {
  if (!/(?<![\w-])"?(?:src|source)[\w-]*"?[=:]/.test(text) || !/(?<![\w-])"?(?:dst|dest)[\w-]*"?[=:]/.test(text))
    return null;
  const fields = new Map([...text.matchAll(pair)].map(([, key = "", quoted, bare]) => [key, quoted ?? bare ?? ""]));
  const [source, destination] = [
    valueIn(fields, "srcip", "src_ip", "src", "source-address"),
    valueIn(fields, "dstip", "dst_ip", "dest_ip", "dst", "destination-address"),
  ];
  if (source === undefined || destination === undefined) return null;
  if (!/\d\.\d|:/.test(source) || !/\d\.\d|:/.test(destination)) return null;
  // SonicOS has the port and the interface behind the address.
  const [from, to] = [source, destination].map((written) => written.replace(/^([\d.]+:\d{1,5}):.*$/, "$1"));
  const word =
    valueIn(fields, "action", "disposition", "status", "log_subtype") ??
    /\bRT_FLOW_SESSION_(DENY)\b/.exec(text)?.[1] ??
    /\b(dropped|denied|blocked|allowed)\b/i.exec(fields.get("msg") ?? "")?.[1] ??
    "";
  const [sourcePort, port] = [
    valueIn(fields, "srcport", "src_port", "s_port", "source-port"),
    valueIn(fields, "dstport", "dst_port", "dest_port", "service", "destination-port"),
  ];
  if (word === "" && !(fields.get("msg") ?? "").startsWith("FTP: ")) return null;
  const ends = [from ?? "", to ?? ""].map((end) => (/^[\d.]+:\d+$/.test(end) ? colonEndpoint(end) : null));
  const disposition = fields.get("disposition") ?? word;
  // What it stopped for its words is said, and not a packet.
  if ((fields.get("msg") ?? "").startsWith("FTP: ")) return { said: [{ direction: "*", text: text.trim() }] };
  return packet(
    verdictOf(disposition),
    disposition,
    ends[0] ?? writtenEndpoint(source, sourcePort),
    ends[1] ?? writtenEndpoint(destination, port),
    { in: "outside", out: "inside" },
  );
});

const flows: readonly (readonly [RegExp, { readonly isOwnHost?: true }])[] = [
  // Juniper SRX (RT_FLOW), text.
  [/\bRT_FLOW_SESSION_(?<word>DENY): session denied (?<from>\S+?)\/(?<sp>\d+)->(?<to>\S+?)\/(?<dp>\d+) /, {}],
  [/\bRT_FLOW_SESSION_(?<word>CREATE): session created (?<from>\S+?)\/(?<sp>\d+)->(?<to>\S+?)\/(?<dp>\d+) /, {}],
  // Cisco IOS.
  [
    /%SEC-\d-IPACCESSLOGP: list \S{1,60} (?<word>denied|permitted) tcp (?<from>[^\s(]{3,45})\((?<sp>\d+)\) (?:\(\S+ \S+\) )?-> (?<to>[^\s(]{3,45})\((?<dp>\d+)\)/,
    {},
  ],
  [/%FW-\d-(?<word>DROP)_PKT: Dropping tcp session (?<from>[\d.]+):(?<sp>\d+) (?<to>[\d.]+):(?<dp>\d+) /, {}],
  // Cisco ASA without interfaces (106001, 106015).
  [
    /%(?:ASA|FTD|PIX)-\d-1060(?:01|15): (?:Inbound TCP connection )?(?<word>denied|Deny)(?: TCP \(no connection\))? from (?<from>[\d.]+)\/(?<sp>\d+) to (?<to>[\d.]+)\/(?<dp>\d+) flags (?<flags>[A-Z ]+?) +on interface/,
    {},
  ],
  // WatchGuard.
  [
    /(?:^|\s)(?<word>Deny|Allow) (?<from>[\d.]{7,15}) (?<to>[\d.]{7,15}) \S{1,20}\/tcp (?<sp>\d+) (?<dp>\d+) \S+ \S+/,
    {},
  ],
  // FreeBSD's ipfw (ip_fw_log.c), and macOS' application firewall.
  [
    /\bipfw: \d+ (?<word>Deny|Accept|Reset|Reject) TCP (?<from>\S+?):(?<sp>\d+) (?<to>\S+?):(?<dp>\d+) in via \S+/,
    { isOwnHost: true },
  ],
  // Cilium: hubble observe, cilium monitor.
  [
    /(?<from>[\w./-]{1,80}):(?<sp>\d+) \(\S[^)]{0,30}\) <?[<-]>? (?<to>[\w./-]{1,80}):(?<dp>\d+) \(\S[^)]{0,30}\) .{0,60}\b(?<word>DROPPED|DENIED)\b/,
    {},
  ],
  [/\b(?<word>drop) \(\w[\w ]{2,40}\) flow .{0,120}: (?<from>[\d.]+):(?<sp>\d+) -> (?<to>[\d.]+):(?<dp>\d+) tcp /, {}],
];

export const flowFirewall = firewall("firewall-flows", "a firewall's log", (text) => {
  if (!/den(?:y|ied)|drop|accept|permit|allow|created|re[sj]e/i.test(text)) return null;
  for (const [form, { isOwnHost }] of flows) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const { word = "", from = "", sp, to = "", dp, flags } = found;
    const verdict = word === "CREATE" ? "allowed" : word === "Reset" ? "blocked" : verdictOf(word);
    return packet(verdict, word, writtenEndpoint(from, sp), writtenEndpoint(to, dp), {
      ...(isOwnHost === true ? { in: "outside" } : { in: "outside", out: "inside" }),
      ...(flags === undefined ? {} : { flags: flags.trim().split(" ") }),
    });
  }
  return null;
});

/** `1,2026/02/03 10:00:00,0018,TRAFFIC,drop,...`: its fields by their places (PAN-OS, "Traffic Log Fields"). */
export const panOs = firewall("pan-os", "PAN-OS' log", (text) => {
  const [, list] = /(?:^|\s)(\d,\d{4}\/\d\d\/\d\d [\d:]{8},\w{0,20},TRAFFIC,.+)$/.exec(text) ?? [];
  if (list === undefined) return null;
  const fields = list.split(",");
  if (fields[29] !== "tcp") return nothingSaid;
  const action = fields[30] ?? "";
  return packet(
    verdictOf(action.replace(/-.*$/, "")),
    action,
    writtenEndpoint(fields[7] ?? "", fields[24]),
    writtenEndpoint(fields[8] ?? "", fields[25]),
    { in: "outside", out: "inside" },
  );
});

/** Azure's tuples: time, addresses, ports, protocol, direction, decision. */
const tuple = /"\d{10},([\d.]+),([\d.]+),(\d{1,5}),(\d{1,5}),T,[IO],([AD])\b/g;

export const azureFlow = firewall("azure-flow-log", "Azure's flow log", (text) => {
  if (!text.includes("flowTuples")) return null;
  const facts = [...text.matchAll(tuple)].flatMap(([, from = "", to = "", sourcePort, port, word = ""]) => [
    ...packet(verdictOf(word), word, writtenEndpoint(from, sourcePort), writtenEndpoint(to, port)).facts,
  ]);
  return facts.length === 0 ? nothingSaid : { facts };
});

/** `Deny proftpd connecting from 198.51.100.7:51000 to port 21 proto=6`. */
const macLine =
  /\bsocketfilterfw\b.{0,40}: (?:(Deny) \S{1,40} connecting|Stealth Mode (connection attempt) to TCP \S+?:(\d+)) from (\S+):(\d+)(?: to port (\d+))?/;

export const macFirewall = firewall("macos-firewall", "the log of macOS' firewall", (text) => {
  const [, denied, , stealthPort, from = "", sourcePort, port] = macLine.exec(text) ?? [];
  if (sourcePort === undefined) return null;
  return packet(
    "blocked",
    denied ?? "Stealth",
    writtenEndpoint(from, sourcePort),
    writtenEndpoint("", port ?? stealthPort),
    {
      in: "outside",
    },
  );
});

const wfpBegin = /The Windows Filtering Platform has (blocked|permitted) a (?:packet|connection)/;
const wfpPair = /^\s*(Direction|Source Address|Source Port|Destination Address|Destination Port|Protocol):\s+(\S+)\s*$/;

/** Windows' security events 5152 and 5157: a packet over several lines, the protocol last. */
export const windowsPlatform: SpeakerForm = {
  id: "windows-filtering-platform",
  title: "Windows' security log",
  by: "kernel",
  software: null,
  begin: () => {
    let word: string | null = null;
    const fields = new Map<string, string>();
    return (text) => {
      const [, done] = wfpBegin.exec(text) ?? [];
      if (done !== undefined) {
        word = done;
        fields.clear();
        return nothingSaid;
      }
      if (word === null) return null;
      const [, key, value = ""] = wfpPair.exec(text) ?? [];
      if (key === undefined) return null;
      fields.set(key, value);
      if (key !== "Protocol") return nothingSaid;
      const isOut = fields.get("Direction") === "Outbound";
      const verdict = word === "blocked" ? "blocked" : "allowed";
      word = null;
      if (value !== "6") return nothingSaid;
      return packet(
        verdict,
        verdict,
        writtenEndpoint(fields.get("Source Address") ?? "", fields.get("Source Port")),
        writtenEndpoint(fields.get("Destination Address") ?? "", fields.get("Destination Port")),
        isOut ? { out: "own" } : { in: "own" },
      );
    };
  },
};
