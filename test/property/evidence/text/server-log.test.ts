import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parseDialogue, parseSessionLines, type LoggedExchange } from "../../../../harness/evidence/text/server-log";

const fixture = (name: string): string => readFileSync(`test/fixtures/parse/${name}.txt`, "utf8");
const samples = ["odd-commands.dialogue", "odd-commands.system-log", "tls-required-reuse.tls-log"].map(fixture);

const noFeed = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " "));
const exchange: fc.Arbitrary<LoggedExchange> = fc
  .record({
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }).map((milliseconds) => milliseconds / 1000),
    session: fc.nat().map(String),
    peer: fc.constantFrom("192.0.2.1", "2001:db8::1"),
    peerPort: fc.option(fc.integer({ min: 0, max: 65535 })),
    command: noFeed.map((text) => `X${text.replaceAll("\t", " ")}`),
    replyCode: fc.option(fc.integer({ min: 100, max: 599 })),
    reply: fc.oneof(noFeed, fc.constant("-")),
  })
  .filter(({ replyCode, reply }) => replyCode !== null || reply !== "-");

function print({ at, session, peer, peerPort, command, replyCode, reply }: LoggedExchange): string {
  return [at.toFixed(3), session, peer, peerPort ?? "-", replyCode ?? "-", command, reply].join("\t");
}

test("exchanges are read back", () => {
  fc.assert(
    fc.property(fc.array(exchange), (exchanges) => {
      expect(parseDialogue(exchanges.map(print).join("\n"))).toEqual(exchanges);
    }),
  );
});

test("messages of any session are read back from both kinds of log", () => {
  const message = noFeed.filter((text) => !text.startsWith("): "));
  const line = fc.record({ session: fc.nat().map(String), text: message, system: fc.boolean() });
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const printed = lines.map(({ session, text, system }) =>
        system
          ? `2026-11-22 10:58:39,713 host proftpd[${session}] 2001:db8::1 (::2[::2]): ${text}`
          : `2026-11-22 10:58:39,713 mod_tls/2.9.2[${session}]: ${text}`,
      );
      const sessions = parseSessionLines(printed.join("\n"));
      const wanted = new Map(
        lines.map(({ session }) => [session, lines.filter((one) => one.session === session).map(({ text }) => text)]),
      );
      expect(sessions).toEqual(wanted);
    }),
  );
});

test("any text, and any mixture of real lines, gives no complaint", () => {
  const line = fc.oneof(fc.constantFrom(...samples.flatMap((text) => text.split("\n"))), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(fc.tuple(line, fc.nat(200))), (lines) => {
      const text = lines.map(([real, cut]) => (cut < 60 ? real.slice(cut) : real)).join("\n");
      for (const { at, command } of parseDialogue(text)) {
        expect(Number.isFinite(at)).toBe(true);
        expect(command).not.toBe("");
      }
      for (const messages of parseSessionLines(text).values()) expect(messages).not.toHaveLength(0);
    }),
  );
});
