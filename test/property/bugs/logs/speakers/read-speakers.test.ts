import fc from "fast-check";
import { readPastes } from "../../../../../harness/bugs/logs/read-pastes";
import { readSpeakers } from "../../../../../harness/bugs/logs/speakers/read-speakers";
import type { PastedFact } from "../../../../../harness/model/symptom";
import { pastedLogs } from "../../../../support/pasted-logs";
import { speakerSamples } from "../../../../support/speaker-samples";
import { processorMs } from "../../../../support/processor-time";

const texts = [...Object.values(speakerSamples), ...Object.values(pastedLogs)];
const lines = texts.flatMap((text) => text.split("\n"));
const anyLines = fc.array(fc.constantFrom(...lines), { maxLength: 60 });

/** Addresses and ports that a fact names; ends of ranges that are open stand in no line. */
function namedIn(fact: PastedFact): readonly (string | number)[] {
  const end = ({ address, port }: { readonly address: string; readonly port: number | null }) =>
    port === null ? [address] : [address, port];
  switch (fact.kind) {
    case "logged-packet":
    case "packet":
      return [...end(fact.from), ...end(fact.to)];
    case "connection":
      return [fact.from, fact.to, fact.answeredFrom, fact.answeredTo].flatMap((one) => (one === null ? [] : end(one)));
    case "icmp-error":
      return [fact.from, fact.to, ...(fact.target === null ? [] : end(fact.target))];
    case "rule":
      return [
        ...fact.ports.flat().filter((port) => port > 0 && port < 65535),
        ...[fact.source, fact.destination].flatMap((one) => one ?? []),
        ...(fact.target === null ? [] : end(fact.target)),
      ];
    case "helper":
      return [fact.from, fact.to].flatMap((one) => (one === undefined ? [] : end(one)));
  }
}

const services: Readonly<Record<number, string>> = { 20: "ftp-data", 21: "ftp", 989: "ftps-data", 990: "ftps" };

function isWritten(named: string | number, text: string): boolean {
  const words = [String(named), ...(typeof named === "number" ? [services[named] ?? String(named)] : [])];
  return words.some((word) => new RegExp(`(?<![\\w])${word.replace(/[.[\]|()]/g, "\\$&")}(?![\\w])`).test(text));
}

describe("facts", () => {
  it("name no address and no port that their line does not show", () => {
    fc.assert(
      fc.property(anyLines, (chosen) => {
        const text = chosen.join("\n");
        const unfounded = readSpeakers(text).facts.flatMap(({ fact }) =>
          namedIn(fact)
            .filter((named) => !isWritten(named, fact.text))
            .map((named) => [named, fact.text]),
        );
        expect(unfounded).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("any lines", () => {
  it("in any order, cut anywhere, are read without an error, and each once", () => {
    fc.assert(
      fc.property(anyLines, fc.nat(), fc.nat(), (chosen, from, to) => {
        const text = chosen.join("\n");
        const cut = text.slice(from % (text.length + 1), text.length - (to % (text.length + 1)));
        const pastes = readPastes([{ name: "a", text: cut }]);
        const count = cut.split("\n").length;
        const numbers = [...(pastes?.lines ?? []), ...(pastes?.facts ?? [])].map(({ line }) => line);
        expect(numbers.filter((line) => line < 1 || line > count)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("of several pastes are all there, in each paste's own order", () => {
    fc.assert(
      fc.property(fc.array(anyLines, { minLength: 2, maxLength: 4 }), (pastes) => {
        const texts = pastes.map((chosen, index) => ({ name: String(index), text: chosen.join("\n") }));
        const read = readPastes(texts);
        for (const index of texts.keys()) {
          const numbers = (read?.lines ?? []).filter(({ paste }) => paste === index).map(({ line }) => line);
          expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Processor time, in ms, the least of three. */
function costOf(text: string): number {
  return Math.min(...[1, 2, 3].map(() => processorMs(() => readSpeakers(text))));
}

describe("the cost", () => {
  it("of a long paste grows with its length", () => {
    const block = lines.join("\n");
    const repeated = (count: number) => block.concat("\n").repeat(Math.ceil(count / lines.length));
    costOf(repeated(1_000));
    const [short, long] = [costOf(repeated(2_000)), costOf(repeated(8_000))];
    expect(long).toBeLessThan(Math.max(short, 30) * 4 * 1.8);
  });

  it.each([
    '"',
    "(",
    "[",
    " ",
    "-A INPUT ",
    "IN= OUT= ",
    "a.b.c ",
    "1.",
    "<event a=",
    "FTP Session ",
    "tcp src=1 dst=1 ",
    "IP (",
    "proftpd[1] ",
    "mod_tls/",
    "a@",
  ])("of a hostile line of many %j is small", (word) => {
    expect(costOf(word.repeat(Math.ceil(100_000 / word.length)))).toBeLessThan(150);
    expect(costOf(`${word.repeat(Math.ceil(3_900 / word.length))}\n`.repeat(25))).toBeLessThan(1_500);
  });
});
