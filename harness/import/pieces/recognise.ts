/** A user's file → its pieces. */
import { softwares } from "../../catalog/servers/registry";
import { UsageError } from "../../model/errors";
import { harmless } from "../../text/nearest";
import { answersIn, blocksOf, type Answer } from "./blocks";
import { asideOf } from "./aside";
import { collectHeading, collectPieces } from "./collect-text";
import { foreignForm, packing } from "./foreign";
import { formOf } from "./forms";
import type { InputFile, Piece, PieceKind } from "./piece";

/** More than any dump has. */
const mostBytes = 4 * 1024 * 1024;

const ofServers = softwares.flatMap(({ userFiles }) => userFiles?.name ?? []).join(", ");
const takes =
  "Files may be: the text of `collect`, iptables-save, iptables -S, nft list ruleset, a shell script with iptables commands, ip addr, ip route, uci show, ufw status verbose, docker-compose.yml, docker inspect, docker run, " +
  `${ofServers}.`;

/** @throws UsageError where the file is of no known form, or was cut off */
export function recognise({ name: file, text, host }: InputFile): readonly Piece[] {
  const code = "import-unreadable";
  if (text.length > mostBytes) {
    throw new UsageError(`${file} is longer than ${mostBytes / 1024 / 1024} MB.`, { code, hint: takes });
  }
  const packed = packing(text);
  if (packed !== null) {
    const hint = "Unpack it first, and give the text that is in it.";
    throw new UsageError(`${file} is compressed (${packed}).`, { code, hint });
  }
  if (text.includes("\0") || text.includes("\uFFFD")) {
    const hint = "If it shows rules or settings, give them as text, as iptables-save and other commands print them.";
    throw new UsageError(`${file} is not text.`, { code: "import-unknown", hint });
  }
  if (text.trim() === "") throw new UsageError(`${file} is empty.`, { code, hint: takes });
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const said = host ?? null;
  const place = { from: { file, line: 1 }, host: said, path: null };
  const isCollected = collectHeading.test(text.trimStart());
  if (!isCollected && lines.every((line) => /^\s*(#|$)/.test(line))) {
    throw new UsageError(`${file} has comments alone, and no rule or setting.`, { code, hint: takes });
  }
  const foreign = isCollected ? null : foreignForm(lines);
  if (foreign !== null) {
    const { what, index, hint } = foreign;
    throw new UsageError(`${file}:${index + 1}: ${what}: ${harmless((lines[index] ?? "").trim(), 80)}`, { code, hint });
  }
  const pieces = isCollected
    ? collectPieces(file, lines, said)
    : answersIn(lines).flatMap((answer) => answerPieces(answer, baseOf(file), place));
  if (pieces.length > 0) return pieces;
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const at = lines.indexOf(first) + 1;
  const aside = asideOf(lines);
  if (aside !== null) throw new UsageError(`${file} is ${aside}.`, { code: "import-unknown", hint: takes });
  throw new UsageError(`${file}:${at}: import does not know what this is: ${harmless(first.trim(), 80)}`, {
    code: "import-unknown",
    hint: takes,
  });
}

function answerPieces(
  { at, host, isAnswer, lines }: Answer,
  base: string,
  { from, host: said, path }: Omit<Piece, "kind" | "lines">,
): readonly Piece[] {
  const place = { from: { file: from.file, line: from.line + at }, host: said ?? host, path };
  // What commands print is looked for first: a listing may quote a configuration's words, and never the other way round.
  const blocks = blocksOf(lines, place);
  const body = isAnswer ? lines.slice(1) : lines;
  const kind = formOf(body, isAnswer ? baseOf(/\bcat (\S+)\s*$/.exec(lines[0] ?? "")?.[1] ?? "") : base);
  const isWhole = kind !== null && (blocks.pieces.length === 0 || blocks.unread.length > lines.length / 3);
  if (!isWhole && (kind === null || !startsLikeScript(body))) return blocks.pieces;
  // A summary may stand between other commands' outputs.
  const beside = summaries.has(kind) ? blocks.pieces : [];
  const start = isAnswer ? { file: from.file, line: place.from.line + 1 } : place.from;
  return [{ ...place, from: start, kind, lines: isAnswer ? withoutProse(body, kind) : body }, ...beside];
}

/** An answer without what people write below it; a file of its own is taken as it is. */
function withoutProse(lines: readonly string[], kind: PieceKind): readonly string[] {
  const end = lines.findLastIndex((line) => line.trim() !== "");
  const start = lines.slice(0, end + 1).findLastIndex((line) => line.trim() === "");
  const last = lines.slice(start + 1, end + 1);
  const form = softwares.find(({ id }) => id === kind)?.userFiles?.line ?? /^\s*[<#]/;
  const isProse =
    start > 0 && last.some((line) => /[a-z][.?!:,]$/.test(line.trim())) && !last.some((line) => form.test(line));
  return isProse ? withoutProse(lines.slice(0, start), kind) : lines.slice(0, end + 1);
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

const summaries: ReadonlySet<PieceKind> = new Set(["firewalld", "ufw-status"]);

function startsLikeScript(lines: readonly string[]): boolean {
  return /^#!.*\bsh\b/.test(lines[0] ?? "");
}
