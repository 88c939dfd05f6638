import type { LogFormat, SaidLine } from "../format";
import { rubyFrame } from "../lone-ending";
import { bare } from "./bare";

/** `connect': Operation timed out - connect(2) (Errno::ETIMEDOUT)`: the first line of a backtrace ends with the error's class. */
const complaint = /\((?:[A-Z]\w*::)*[A-Z]\w*\)$|^(?:Net|Errno|OpenSSL|Timeout|SocketError)\b(?:::\w+)*[ :(]/;

function read(line: string): SaidLine | readonly SaidLine[] | null {
  // With `debug_mode = true`.
  const [, said, text = ""] = /^(put|get): ?(.*)$/.exec(line) ?? [];
  if (said !== undefined) return { direction: said === "put" ? ">" : "<", text };
  return rubyFrame.test(line) || complaint.test(line) ? { direction: "*", text: line } : bare.read(line);
}

/** Ruby's Net::FTP: backtraces, and what it logs of the dialogue. */
export const netFtp: LogFormat = {
  id: "net-ftp",
  title: "Ruby's Net::FTP (debug_mode, or a backtrace)",
  client: null,
  signature: rubyFrame,
  read,
  complaint,
};
