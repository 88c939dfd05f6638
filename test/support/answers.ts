import { addressesIn } from "../../harness/bugs/match/shown";
import { sessionsBeside } from "../../harness/bugs/match/known-traits";
import { matchReport, matchSymptom } from "../../harness/cli/match-symptom";
import { readCase } from "../../harness/cli/read-symptom";
import type { MatchReport } from "../../harness/model/match";
import { cells } from "./read-case";

/** The whole answer to what people pasted of one case, as `match` gives it; `null` where nothing in it is of FTP. */
export function answerTo(texts: readonly string[]): MatchReport | null {
  const pastes = texts.map((text, index) => ({ name: texts.length > 1 ? `${index}.log` : "a.log", text }));
  const read = readCase(pastes);
  if (read === null) return null;
  const { symptom, around } = read;
  return matchReport(symptom, pastes, matchSymptom(symptom, sessionsBeside(symptom), cells, around));
}

/** Everything that an answer says in its own words, and what it gives to paste. */
export function ownWords({ candidates, paste }: MatchReport): readonly string[] {
  return [
    ...paste,
    ...candidates.flatMap(({ title, because, cures }) => [
      title,
      ...because.map(({ meaning }) => meaning),
      ...cures.flatMap(({ what, lines, onlyIf }) => [what, ...lines, ...(onlyIf === null ? [] : [onlyIf])]),
    ]),
  ];
}

/** Numbers that can only be ports or reply codes. */
function portsAndCodesIn(text: string): readonly string[] {
  const ports = text.matchAll(
    /\b(?:ports?|dports?|sports?|Port|PassivePorts|PassivePortRange)[ =](\d{2,5})(?:[:\- ](\d{2,5})\b)?/g,
  );
  const assigned = text.matchAll(/_port=(\d+)/g);
  const codes = text.matchAll(/(?<![-\w.])([1-6]\d\d)(?= (?:reply|replies|address|answer)\b)/g);
  const answered = text.matchAll(/answered \w+ with (\d{3})/g);
  return [...ports, ...assigned, ...codes, ...answered]
    .flatMap(([, one, other]) => [one, other])
    .filter((found) => found !== undefined);
}

/** Addresses, ports and reply codes of an answer that the pasted text does not show. */
export function strangersIn(text: string, report: MatchReport): readonly string[] {
  const announced = report.symptom.announced;
  const addresses = new Set([...addressesIn(text), announced?.address, report.symptom.dialled]);
  // Two of the six numbers of 227 and PORT are a port (RFC 959).
  const pairs = [...text.matchAll(/,(\d{1,3})(?=, ?(\d{1,3})\b)/g)].map(
    ([, high, low]) => Number(high) * 256 + Number(low),
  );
  // A part of an address is no code and no port.
  const bare = text.replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, " ");
  const numbers = new Set([...(bare.match(/\d+/g) ?? []), ...pairs.map(String), String(announced?.port)]);
  return ownWords(report).flatMap((words) => [
    ...addressesIn(words).filter((address) => !addresses.has(address)),
    ...portsAndCodesIn(words).filter((number) => !numbers.has(number)),
  ]);
}
