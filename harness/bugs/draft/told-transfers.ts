/** The transfers of a session, as its log shows them. */
import type { Operation } from "../../model/axes";
import type { LogLine } from "../../model/symptom";

export type ToldTransfer = {
  readonly operation: Operation;
  /** In bytes; `null` where the log does not tell. */
  readonly size: number | null;
  readonly worked: boolean;
};

const operations: Readonly<Record<string, Operation>> = {
  ...{ LIST: "list", NLST: "list", MLSD: "list" },
  ...{ RETR: "download", STOR: "upload", STOU: "upload", APPE: "upload" },
};

/** In the session's order; a transfer that was tried again is told once, by its last try. */
export function transfersIn(lines: readonly LogLine[]): readonly ToldTransfer[] {
  const dialogue = lines.filter(({ direction }) => direction !== "*");
  const transfers: { command: string; told: ToldTransfer }[] = [];
  const sizes = new Map<string, number>();
  for (const [index, { direction, text }] of dialogue.entries()) {
    if (direction !== ">") continue;
    const [verb = "", ...words] = text.trim().split(" ");
    const replies = repliesAfter(dialogue, index);
    const name = words.join(" ");
    const measured = verb.toUpperCase() === "SIZE" ? /^213 (\d+)\s*$/.exec(replies[0] ?? "")?.[1] : undefined;
    if (measured !== undefined) sizes.set(name, Number(measured));
    const operation = operations[verb.toUpperCase()];
    if (operation === undefined) continue;
    const told: ToldTransfer = {
      operation,
      size: operation === "list" ? null : (announcedIn(replies) ?? sizes.get(name) ?? null),
      worked: replies.some((reply) => /^2\d\d/.test(reply)),
    };
    const last = transfers.at(-1);
    if (last?.told.worked === false && last.command === text) transfers.pop();
    transfers.push({ command: text, told });
  }
  return transfers.map(({ told }) => told);
}

function repliesAfter(dialogue: readonly LogLine[], index: number): readonly string[] {
  const rest = dialogue.slice(index + 1);
  const end = rest.findIndex(({ direction }) => direction === ">");
  return (end < 0 ? rest : rest.slice(0, end)).map(({ text }) => text);
}

/** `150 Opening BINARY mode data connection for a.txt (1234 bytes)`. */
function announcedIn(replies: readonly string[]): number | null {
  const opening = replies.find((reply) => /^1\d\d/.test(reply)) ?? "";
  const size = /\((\d+) bytes?\)/i.exec(opening)?.[1];
  return size === undefined ? null : Number(size);
}
