import { readPortRanges } from "../../../../evidence/text/rule-match";
import { nothingSaid, type FactBody, type LineReader, type Reading, type SpeakerForm } from "../speaker-form";
import { anyRule, policyFact, type RuleFact } from "./rule-fact";

/** `ufw status`, `verbose` and `numbered`. */
export const ufwStatus: SpeakerForm = {
  id: "ufw-status",
  title: "ufw's status",
  by: "listing",
  software: null,
  begin: readStatus,
};

/** `[ 1] 21/tcp                     ALLOW IN    Anywhere (v6)   # comment`. */
const row = /^\s*(?:\[ *\d+\] )?(\S.{0,60}?)\s{2,}(ALLOW|DENY|REJECT|LIMIT)(?: (IN|OUT|FWD))?\s{2,}(\S.*?)\s*(?:#.*)?$/;
/** `sudo ufw allow 40000:50000/tcp`, as it is typed, and as `ufw show added` lists it. */
const command =
  /^(?:\S{0,60}[#$] )?(?:sudo )?ufw (allow|deny|reject|limit) (?:(in|out) )?(?:proto tcp )?((?:\d[\d:,]*|ftp)(?:\/(?:tcp|udp))?)\s*$/;
const actions = { ALLOW: "accept", LIMIT: "accept", DENY: "drop", REJECT: "reject" } as const;

function readStatus(): LineReader {
  return (text) => {
    if (
      /^\s*(?:Status: (?:active|inactive)|Logging: |New profiles: |To\s+Action\s+From\b|--\s+------\s+----)/.test(text)
    )
      return nothingSaid;
    const [, incoming, outgoing] = /^\s*Default: (\w+) \(incoming\), (\w+) \(outgoing\)/.exec(text) ?? [];
    if (incoming !== undefined && outgoing !== undefined) {
      return { facts: [policy("incoming", incoming), policy("outgoing", outgoing)].filter((fact) => fact !== null) };
    }
    const [, typed, way, port] = command.exec(text) ?? [];
    if (typed !== undefined && port !== undefined) {
      return ufwRule(port, typed.toUpperCase() as keyof typeof actions, way?.toUpperCase() ?? null, "Anywhere");
    }
    const [, to, action, direction, from] = row.exec(text) ?? [];
    if (to === undefined || action === undefined || from === undefined) return null;
    return ufwRule(to, action as keyof typeof actions, direction ?? null, from);
  };
}

function policy(chain: string, word: string): FactBody | null {
  return policyFact({ chain, table: null }, { allow: "ACCEPT", deny: "DROP", reject: "REJECT" }[word] ?? "");
}

/** `21/tcp`, `40000:50000/tcp (v6)`, `20,21/tcp`, `21`, `192.0.2.1 21/tcp`; an application's name tells no port. */
const destination =
  /^(?:([0-9a-fA-F.:/]*[.:][0-9a-fA-F.:/]*) )?(\d[\d,:]*)?(?:\/(tcp|udp))?(?: \(v6\))?(?: on (\S+))?$/;

function ufwRule(to: string, action: keyof typeof actions, direction: string | null, from: string): Reading {
  const chain = direction === "OUT" ? "outgoing" : direction === "FWD" ? "routed" : "incoming";
  const [whole, address, ports, protocol, link] = destination.exec(to.trim()) ?? [];
  const isAnywhere = /^Anywhere(?: \(v6\))?(?: on \S+)?$/.test(to);
  const isNamed = whole === undefined && !isAnywhere;
  const named = isNamed && /^(?:vs|pro|pure-)?ftpd?\b/i.test(to) ? readPortRanges("ftp") : null;
  if ((isNamed && named === null) || protocol === "udp") return nothingSaid;
  const ranges = named ?? (ports === undefined ? [] : (readPortRanges(ports) ?? null));
  if (ranges === null) return nothingSaid;
  const fact: RuleFact = {
    ...anyRule,
    chain,
    table: null,
    action: actions[action],
    protocol: protocol ?? null,
    ports: ranges.map(({ first, last }) => [first, last] as const),
    source: from.startsWith("Anywhere") ? null : (from.split(" ")[0] ?? null),
    destination: address ?? null,
    ...(link === undefined ? {} : { in: link }),
  };
  return { facts: [fact] };
}
