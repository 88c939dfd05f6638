/** Long packets that are lost while short ones arrive: what a capture's text shows of it, and pings of both lengths. */
import type { LogLine, PastedFact } from "../../model/symptom";
import type { Clue, Reading } from "./clue";
import { ofKind, readingOf } from "./facts";
import { quoteOf } from "./scene";

type Packet = Extract<PastedFact, { kind: "packet" }>;

/** A segment of this length is longer than what tunnels and PPPoE leave of an Ethernet's 1500 bytes at the earliest, in bytes of TCP's payload. */
const longSegment = 1_200;
const mostSent = 3;

const wayOf = ({ from, to }: Packet): string => `${from.address}.${from.port ?? ""}>${to.address}.${to.port ?? ""}`;
/** `seq 1:1461`, as tcpdump counts. */
const sequenceOf = ({ text }: Packet): string | null => /\bseq (\d+:\d+)/.exec(text)?.[1] ?? null;

/** The same long segment is sent again and again, and what the other end acknowledges beside it is a short one (SACK, RFC 2018). */
const resent: Clue = (scene) => {
  const packets = ofKind(scene, "packet");
  const sent = new Map<string, Packet[]>();
  for (const packet of packets) {
    const sequence = sequenceOf(packet);
    if (sequence === null || (packet.length ?? 0) < longSegment) continue;
    const key = `${wayOf(packet)} ${sequence}`;
    sent.set(key, [...(sent.get(key) ?? []), packet]);
  }
  const again = [...sent.values()].find((same) => same.length >= mostSent);
  const [first] = again ?? [];
  if (again === undefined || first === undefined) return [];
  const start = Number(sequenceOf(first)?.split(":")[0]);
  const back = wayOf({ ...first, from: first.to, to: first.from });
  const answers = packets.slice(packets.indexOf(first)).filter((packet) => wayOf(packet) === back);
  // Whoever acknowledges the segment has got it.
  if (answers.some(({ text }) => Number(/\back (\d+)/.exec(text)?.[1] ?? 0) > start)) return [];
  const short = answers.find(({ text }) => /\bsack \d/.test(text));
  return readingOf(
    short === undefined
      ? "a long packet is sent again and again, and nothing acknowledges it"
      : "a long packet is sent again and again, and only a later, shorter one is acknowledged",
    [first, ...(short === undefined ? again.slice(1, 2) : [short])],
    { "path-mtu-black-hole": short === undefined ? "hints" : "names" },
  );
};

/** A ping that must not be fragmented, with its length: on Linux, Windows, macOS and the BSDs, Cisco. */
const ping = /\bping\b(?=.*(?: -M (?:do|want)\b| -f\b| -D\b|\bdf-bit\b)).*(?: -[sl] ?(\d{3,5})| size (\d{3,5}))\b/i;
const lost =
  /\b(\d{1,3})(?:\.\d+)? ?% ?(?:packet )?(?:loss|verl|perte|perd|pérd|потер)|\bSuccess rate is (\d{1,3}) percent/i;

const pinged: Clue = ({ lines, unread }) => {
  const all = [...lines, ...unread].toSorted(
    (one, other) => (one.paste ?? 0) - (other.paste ?? 0) || one.line - other.line,
  );
  const results = all.flatMap((line, index) => {
    const [, size, other] = ping.exec(line.text) ?? [];
    const length = Number(size ?? other ?? 0);
    if (length === 0) return [];
    const next = all.findIndex((later, at) => at > index && ping.test(later.text));
    const told = all.slice(index + 1, next < 0 ? undefined : next).find(({ text }) => lost.test(text));
    return told === undefined ? [] : [{ line, told, length, loss: lossIn(told) }];
  });
  const gone = results.filter(({ loss }) => loss === 100).toSorted((one, other) => one.length - other.length)[0];
  const passed = results.find(({ loss, length }) => loss < 100 && length < (gone?.length ?? 0));
  return gone === undefined || passed === undefined
    ? []
    : [
        {
          meaning: `pings of ${gone.length} bytes are lost where those of ${passed.length} pass`,
          lines: [gone.line, gone.told, passed.line, passed.told].map(quoteOf),
          votes: { "path-mtu-black-hole": "names" },
        } satisfies Reading,
      ];
};

function lossIn({ text }: LogLine): number {
  const [, share, success] = lost.exec(text) ?? [];
  return share === undefined ? 100 - Number(success) : Number(share);
}

export const longPacketClues: readonly Clue[] = [resent, pinged];
