/** Long packets that are lost while short ones arrive: what a capture's text shows of it, and pings of both lengths. */
import type { LogLine, PastedFact } from "../../model/symptom";
import type { Clue, Reading } from "./clue";
import { ofKind, readingOf } from "./facts";
import { quoteOf } from "./scene";

type Packet = Extract<PastedFact, { kind: "packet" }>;

/** A segment of this length is longer than what tunnels and PPPoE leave of an Ethernet's 1500 bytes at the earliest, in bytes of TCP's payload. */
const longSegment = 1_200;
const mostSent = 3;
/** Of many pings the first tell enough, and the answer to one has so many lines. */
const mostPings = 20;
const longestAnswer = 40;

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
  const starts = all.flatMap(({ text }, index) => (ping.test(text) ? [index] : [])).slice(0, mostPings);
  const results = starts.flatMap((index, nth) => {
    const line = all[index];
    if (line === undefined) return [];
    const [, size, other] = ping.exec(line.text) ?? [];
    const length = Number(size ?? other ?? 0);
    if (length === 0) return [];
    const after = all.slice(index + 1, starts[nth + 1] ?? index + longestAnswer);
    const told = after.find(({ text }) => lost.test(text)) ?? after.find(({ text }) => answer.test(text));
    return told === undefined ? [] : [{ line, told, length, loss: lossIn(told) }];
  });
  const gone = results.filter(({ loss }) => loss === 100).toSorted((one, other) => one.length - other.length)[0];
  const passed = results.find(({ loss, length }) => loss < 100 && length < (gone?.length ?? 0));
  return gone === undefined || passed === undefined
    ? []
    : [lostAbove(gone.length, passed.length, [gone.line, gone.told, passed.line, passed.told])];
};

function lostAbove(gone: number, passed: number, lines: readonly LogLine[]): Reading {
  return {
    meaning: `pings of ${gone} bytes are lost where those of ${passed} pass`,
    lines: lines.map(quoteOf),
    votes: { "path-mtu-black-hole": "names" },
  };
}

/** `1308 bytes from 192.0.2.1: icmp_seq=1`, `Reply from 192.0.2.1: bytes=1300`: what came back, where nobody pasted the sum. */
const answer = /^\d{2,5} bytes from \S+ ?.*\b(?:icmp_)?seq\b|^Reply from \S+: bytes=/i;

/** Two lengths and what was lost of each in one sentence: `ping -M do -s 1400: 0% loss, -s 1472: 100% loss`. */
const toldPings = /-[sl] ?(\d{3,5})\b[^,;]{0,60}?\b(\d{1,3}) ?% (?:packet )?loss/g;

const summedUp: Clue = ({ lines, unread }) =>
  [...lines, ...unread].flatMap((line): readonly Reading[] => {
    if (!ping.test(line.text)) return [];
    const told = [...line.text.matchAll(toldPings)].map(([, length, loss]) => [Number(length), Number(loss)] as const);
    const gone = told.find(([, loss]) => loss === 100);
    const passed = told.find(([length, loss]) => loss < 100 && length < (gone?.[0] ?? 0));
    return gone === undefined || passed === undefined ? [] : [lostAbove(gone[0], passed[0], [line])];
  });

function lossIn({ text }: LogLine): number {
  if (answer.test(text)) return 0;
  const [, share, success] = lost.exec(text) ?? [];
  return share === undefined ? 100 - Number(success) : Number(share);
}

export const longPacketClues: readonly Clue[] = [resent, pinged, summedUp];
