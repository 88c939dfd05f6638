import { readPortRanges } from "../../../../evidence/text/rule-match";
import { nothingSaid, type FactBody, type LineReader, type SpeakerForm } from "../speaker-form";
import { anyRule, policyFact, targetOf, type RuleFact } from "./rule-fact";

/** `firewall-cmd --list-all`, of one zone or of several. */
export const firewalld: SpeakerForm = {
  id: "firewalld",
  title: "firewalld's listing",
  by: "listing",
  software: null,
  begin: readZones,
};

const heading = /^([\w-]{1,40})(?: \((?:[\w, ]*)\))?:?\s*$/;
const keys =
  /^\s+(target|icmp-block-inversion|interfaces|sources|services|ports|protocols|forward|masquerade|forward-ports|source-ports|icmp-blocks|rich rules|ingress-priority|egress-priority|module|helpers?): ?(.*)$/;
/** `firewall-cmd --permanent --add-port=40000-40100/tcp`, as it is typed. */
const command = /\bfirewall-cmd\b.*? --add-(port|service)=(\S+)/;

/** Keys that nothing else has: others stand in any file of settings. */
const ownKeys = /^(?:icmp-block|forward-ports|rich rules)/;
const targets: Readonly<Record<string, string>> = {
  ACCEPT: "ACCEPT",
  DROP: "DROP",
  "%%REJECT%%": "REJECT",
  REJECT: "REJECT",
};

function readZones(): LineReader {
  let zone: string | null = null;
  let isInside = false;
  return (text) => {
    const [, what, added] = command.exec(text) ?? [];
    if (what !== undefined && added !== undefined) {
      const [, place] = /--zone=([\w-]+)/.exec(text) ?? [];
      return { facts: factsOf(place ?? null, `${what}s`, added) };
    }
    const [, key, value = ""] = keys.exec(text) ?? [];
    if (key !== undefined && (isInside || zone !== null || ownKeys.test(key))) {
      isInside = true;
      return { facts: factsOf(zone, key, value.trim()) };
    }
    const forwarded = /^\s+port=(\d{1,5}(?:-\d{1,5})?):proto=tcp:toport=(\d*)[\d-]*:toaddr=(\S*)/.exec(text);
    if (forwarded !== null && isInside) return { facts: forwardOf(zone, forwarded) };
    if (isInside && /^\s+rule /.test(text)) return nothingSaid;
    isInside = false;
    const [, name] = heading.exec(text) ?? [];
    // A word alone on its line is a zone only if what follows is.
    zone = name ?? null;
    return null;
  };
}

function factsOf(zone: string | null, key: string, value: string): readonly FactBody[] {
  const spot = { chain: zone, table: null };
  const words = value.split(/\s+/).filter((word) => word !== "");
  switch (key) {
    case "target": {
      const policy = policyFact(spot, targets[value] ?? "");
      return policy === null ? [] : [policy];
    }
    case "ports":
      return words.flatMap((word): RuleFact[] => {
        const [, ports = "", protocol] = /^([\d-]+)\/(\w+)$/.exec(word) ?? [];
        const ranges = readPortRanges(ports.replace("-", ":"));
        if (protocol !== "tcp" || ranges === null) return [];
        return [
          {
            ...anyRule,
            ...spot,
            action: "accept",
            protocol,
            ports: ranges.map(({ first, last }) => [first, last] as const),
          },
        ];
      });
    case "services":
      // The service brings port and helper with it (ftp.xml).
      return words.includes("ftp")
        ? (["accept", "helper"] as const).map((action): RuleFact => {
            return {
              ...anyRule,
              ...spot,
              action,
              protocol: null,
              ports: [[21, 21]],
              ...(action === "helper" ? { helper: "ftp" } : {}),
            };
          })
        : [];
    case "masquerade":
      return value === "yes" ? [{ ...anyRule, ...spot, action: "masquerade" }] : [];
    default:
      return [];
  }
}

function forwardOf(
  zone: string | null,
  [, ports = "", toPort, toAddress]: readonly (string | undefined)[],
): readonly FactBody[] {
  const ranges = readPortRanges(ports.replace("-", ":")) ?? [];
  const to = toPort === undefined || toPort === "" ? toAddress : `${toAddress ?? ""}:${toPort}`;
  return [
    {
      ...anyRule,
      chain: zone,
      table: null,
      action: "dnat",
      protocol: "tcp",
      ports: ranges.map(({ first, last }) => [first, last] as const),
      target: targetOf(to),
    },
  ];
}
