import { asWritten, mostLength, mostLines, type Numbered } from "../wrapping";

/** A packet that the kernel logged, up to its end, and what stands at the end of one that a terminal has wrapped. */
const packetBegins = /\bIN=\S* ?(?:OUT=|$)/;
const packetEnds = /\bPROTO=\S+ (?:.*\bDPT=\d+ .*\S|TYPE=|.*\bURGP=)|\bPROTO=(?!TCP|UDP)\S+/;
const restOfPacket =
  /^\s*(?:OUT=|MAC=|SRC=|DST=|LEN=|TOS=|PREC=|TTL=|ID=|DF\b|PROTO=|SPT=|DPT=|WINDOW=|RES=|URGP=|SYN\b|ACK\b|[0-9a-f]{2}(?::[0-9a-f]{2}){2,} )/;
/** More lines than these are none of one packet. */
const mostParts = 6;

/** The lines of a paste as a program wrote them, blank ones too; of a paste that is too long the end. What a terminal wrapped is joined. */
export function writtenLines(text: string): readonly Numbered[] {
  const all = text.split(/\r?\n/);
  const first = Math.max(all.length - mostLines, 0);
  const lines: Numbered[] = [];
  let parts = 0;
  for (let index = first; index < all.length; index += 1) {
    const line = asWritten((all[index] ?? "").slice(0, mostLength));
    const last = lines.at(-1);
    const isRest =
      last !== undefined &&
      parts < mostParts &&
      restOfPacket.test(line) &&
      packetBegins.test(last.text) &&
      !packetEnds.test(last.text) &&
      !packetBegins.test(line.replace(/^\s*OUT=/, ""));
    if (isRest) lines[lines.length - 1] = { ...last, text: `${last.text.trimEnd()} ${line.trim()}` };
    else lines.push({ text: line, number: index + 1 });
    parts = isRest ? parts + 1 : 1;
  }
  return lines;
}
