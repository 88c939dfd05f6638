import type { LogFormat } from "../format";
import { filezilla } from "./filezilla";

/** What FluentFTP alone says: its version, its methods, what it waits for. */
const own =
  /^(?:# \w+\(|> +\w+\(|(?:Status: +)?(?:FluentFTP\b|Waiting for response to: |Waiting for a response|FTPS authentication successful|(?:Closing\/)?Disposing|Connecting to IP #))|\bFluentFTP\.\w/i;
const exception = /^(?:Unhandled exception\. |-+> )?(?:\w+\.){0,8}\w*Exception: /;

/** FluentFTP, which writes FileZilla's words, and more than FileZilla says. */
export const fluentFtp: LogFormat = {
  id: "fluentftp",
  title: "FluentFTP",
  client: null,
  signature: own,
  extends: filezilla,
  read: (line) => {
    // What a command left unread is the answer to it.
    const stale = /^Stale: +(\d{3}[ -].*)$/.exec(line)?.[1];
    if (stale !== undefined) return { direction: "<", text: stale };
    const read = filezilla.read(line);
    return read ?? (exception.test(line) ? { direction: "*", text: line } : null);
  },
  complaint: new RegExp(`^Error: |${exception.source}`),
  tells: { explicitTls: /^FTPS authentication successful/i },
};
