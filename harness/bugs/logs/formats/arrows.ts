import type { LogFormat, SaidLine } from "../format";
import { tellsTrouble } from "../trouble";

/** `> PASV`, `< 227 ...`; quotes and escapes around a line, as JavaScript libraries print them, are taken off. */
export function readArrows(line: string): readonly SaidLine[] | null {
  const [, arrow, rest = ""] = /^(?:\[(?:connection|parser)\] )?([<>]) ?(.*)$/.exec(line) ?? [];
  // A line of prose may be quoted with the same mark.
  if (arrow === undefined || (arrow === ">" && !/^['"]?(?:[A-Z]{3,4}\b|[1-6]\d\d[ -])/.test(rest))) return null;
  const direction = arrow === ">" ? ">" : "<";
  // Several lines of a reply may come in one string; older basic-ftp has one arrow for both sides.
  return rest
    .replace(/^(['"])(.*)\1,?$/, "$2")
    .split(/\\r\\n|\\n/)
    .filter((text) => text !== "")
    .map((text) => ({ direction: direction === ">" && /^[1-6]\d\d[ -]/.test(text) ? "<" : direction, text }));
}

/** basic-ftp with `client.ftp.verbose = true`; node-ftp and vscode-sftp print much the same. */
export const basicFtp: LogFormat = {
  id: "basic-ftp",
  title: "basic-ftp (verbose)",
  client: "basic-ftp",
  signature:
    /^(Login security: |Control socket is using: |Trying to find optimal transfer strategy|Optimal transfer strategy found|Connected to (?:\[[\da-f:]+\]|(?:\d{1,3}\.){3}\d{1,3}):\d+|(?:Down|Up)loading (?:from|to) \S+:\d+ \()|basic-ftp\/dist\/|\((control|data) socket\)|\bFTPError\b/,
  read: (line) =>
    readArrows(line) ??
    (/^(Connected to|Login security|Control socket|Trying|Transferring|Downloading|Uploading|Sending|Listing)/.test(
      line,
    ) || tellsTrouble(line)
      ? { direction: "*", text: line }
      : null),
  complaint: /\b(\w*Error(?: \[\w+\])?: |E[A-Z]{4,}\b|Timeout|\((control|data) socket\))/,
  tells: { implicitTls: /^Connected to \S+ \((?:TLS|SSL)v/, noTls: /No encryption\b/ },
};

/** mscdex's node-ftp and what is built on it: `[connection] > 'PASV'`. */
export const nodeFtp: LogFormat = {
  id: "node-ftp",
  title: "node-ftp (debug)",
  client: null,
  signature: /^\[(connection|parser)\] [<>] '|^[<>] '.*'$/,
  read: (line) => readArrows(line) ?? (tellsTrouble(line) ? { direction: "*", text: line } : null),
  complaint: /^/,
};
