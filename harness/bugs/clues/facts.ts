/** How facts are picked and quoted. */
import type { LogLine, PastedFact } from "../../model/symptom";
import type { Reading, Votes } from "./clue";
import { quoteOf, type Scene } from "./scene";

export function ofKind<Kind extends PastedFact["kind"]>(
  { facts }: Scene,
  kind: Kind,
): readonly Extract<PastedFact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<PastedFact, { kind: Kind }> => fact.kind === kind);
}

export const isHigh = (port: number | null): boolean => port !== null && port >= 1024;
export const isControl = (port: number | null): boolean => port === 21 || port === 990;

/** What facts mean, if there are any. */
export function readingOf(meaning: string, facts: readonly PastedFact[], votes: Votes): readonly Reading[] {
  return facts.length === 0 ? [] : [{ meaning, lines: facts.slice(0, 2).map(quoteOf), votes }];
}

/** Cisco's ASA: the server's side of a control connection that was let through. */
export const letThrough =
  /%(?:ASA|PIX|FTD)-\d-302013: Built \w+ TCP connection .*\b(?:for|to) \S+?:(?:\d{1,3}\.){3}\d{1,3}\/(\d{2,4}) \(/;

/** What a client says or a person types to connect: with the port behind the host. */
const connects: readonly RegExp[] = [
  /^(?:ftp> ?)?open (?:-\w+ )*\S+ (\d{1,5})$/,
  /^(?:(?:[\w@.~-]+[:~]?\S* ?)?[$#%>] ?)?(?:l?ftp|tnftp|pftp) (?:-\w+ )*[\w.-]+ (\d{1,5})$/,
  /\bftp(?:e?s)?:\/\/[^\s/]*?[^\s/:]:(\d{1,5})\b/i,
  letThrough,
  /(?:Connect(?:ing|ed) (?:to|with)|Trying|Resolving|Verbinde mit|Connexion à|Conectando|正在连接) .{1,120}?(?::| port )(\d{1,5})\b/i,
];

/** What people write of the port. */
const toldPort =
  /\b(?:control (?:port|connection(?: on)?)|listens? (?:on|at)(?: port)?|port for control)\s(?:tcp )?(\d{2,5})\b/i;

/** Where the server's own settings have it listen (vsftpd.conf). */
const listens = /\blisten_port ?= ?(\d{1,5})\b/;

/** The control port that the client dials, or else that the server listens on, where a line names one. */
export function controlPortOf({
  lines,
  unread,
  arranged,
}: Scene): { readonly port: number; readonly line: LogLine } | null {
  const first = arranged === null ? lines.length : lines.indexOf(arranged.command);
  const before = [...lines.slice(0, Math.max(first, 0)), ...unread].filter(
    ({ direction, by }) => direction === "*" && by === undefined,
  );
  for (const line of before) {
    const port = connects.map((form) => form.exec(line.text)?.[1]).find((found) => found !== undefined);
    if (port !== undefined) return { port: Number(port), line };
  }
  const told = unread.find(({ text }) => toldPort.test(text));
  const [, port] = toldPort.exec(told?.text ?? "") ?? [];
  if (told !== undefined && port !== undefined) return { port: Number(port), line: told };
  const set = [...lines, ...unread].find(({ text }) => listens.test(text));
  const [, own] = listens.exec(set?.text ?? "") ?? [];
  return set === undefined || own === undefined ? null : { port: Number(own), line: set };
}
