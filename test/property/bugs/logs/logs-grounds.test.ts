import { unwrapped } from "../../../../harness/bugs/logs/wrapping";
import fc from "fast-check";
import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOf } from "../../../../harness/bugs/logs/symptom";
import { pastedLogs } from "../../../support/pasted-logs";
import { bytesOf, passiveForms } from "../../../support/pasted-forms";

const logs: readonly string[] = [...Object.values(pastedLogs), ...Object.values(passiveForms)];

/** A log that is cut anywhere, with any lines left out, or of two logs one behind the other. */
const parts = fc
  .tuple(fc.constantFrom(...logs), fc.constantFrom(...logs), fc.nat(30), fc.nat(40), fc.infiniteStream(fc.boolean()))
  .map(([one, other, from, to, kept]) => {
    const flags = kept[Symbol.iterator]();
    return `${one}\n${other}`
      .split("\n")
      .slice(from, from + to)
      .filter(() => flags.next().value === true || to > 30)
      .join("\n");
  });

/** How an address or a port may stand in a line: as it is, or in the six numbers of PORT and 227. */
function isWritten(line: string, { address, port }: { readonly address: string | null; readonly port: number | null }) {
  const plain = line.replace(/\[([\d, ]+)\]/g, (_, bytes: string) =>
    String.fromCharCode(...bytes.split(", ").map(Number)),
  );
  const hasAddress =
    address === null || plain.includes(address) || plain.replaceAll(" ", "").includes(address.replaceAll(".", ","));
  const high = port === null ? "" : `${Math.floor(port / 256)},${port % 256}`;
  return hasAddress && (port === null || plain.includes(String(port)) || plain.includes(high));
}

describe("a value of a symptom", () => {
  it("rests on lines of the text that show it", () => {
    fc.assert(
      fc.property(parts, (text) => {
        const log = readLog(text);
        if (log === null) return;
        const written = text.split("\n");
        const { grounds = {}, ...symptom } = symptomOf(log);
        const on = (trait: keyof typeof grounds): readonly string[] =>
          (grounds[trait] ?? []).map(({ line }) => written[line - 1] ?? "");
        // Bytes that are printed as numbers are read as the text that they are.
        const readOn = (trait: keyof typeof grounds): readonly string[] =>
          unwrapped(text)
            .filter(({ number }) => (grounds[trait] ?? []).some(({ line }) => line === number))
            .map((line) => line.text);
        const isKnown = {
          ...symptom,
          hidesPrivateAddress: symptom.hidesPrivateAddress || null,
          replaced: symptom.replaced || null,
        };
        for (const trait of [
          "client",
          "server",
          "mode",
          "data",
          "operation",
          "result",
          "stage",
          "message",
          "dialled",
          "announced",
          "dataReply",
          "dataDialled",
          "replaced",
        ] as const) {
          expect([trait, on(trait).length > 0]).toEqual([trait, isKnown[trait] !== null]);
        }
        const { replyCode, dialled, announced, dataDialled, message, dataReply } = symptom;
        if (replyCode !== null) expect(on("replyCode").join("\n")).toContain(String(replyCode));
        if (dataReply !== null)
          expect(on("dataReply").join("\n")).toMatch(
            new RegExp(`${dataReply.code}|${bytesOf(String(dataReply.code))}`),
          );
        if (dialled !== null) expect(on("dialled").join("\n")).toContain(dialled);
        if (announced !== null) expect(on("announced").some((line) => isWritten(line, announced))).toBe(true);
        if (dataDialled !== null) expect(on("dataDialled").some((line) => isWritten(line, dataDialled))).toBe(true);
        if (message !== null)
          expect(`${on("message").join("\n")}\n${readOn("message").join("\n")}`.replaceAll("\\", "")).toContain(
            message.slice(0, 20).replaceAll("\\", ""),
          );
      }),
      { numRuns: 1_000 },
    );
  });
});
