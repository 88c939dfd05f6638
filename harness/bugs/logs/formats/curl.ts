import type { LogFormat } from "../format";
import { readArrows } from "./arrows";

/** What curl remarks where it gives up (lib/ftp.c, lib/connect.c, lib/vtls); of a failed EPSV it only says that it goes on with PASV. */
const wentWrong =
  /^(?!.*(?:Disabling EPSV|left intact|Trying again))(?:.*\b(?:timed? ?out|timeout|refused|unreachable|no route|reset by peer|could ?n[o']t|can(?:not|'t)|failed|failure|aborted|bad PASV|denied|did not report OK|Weirdly formatted|Access denied|error|not found|problem)\b)/i;

/** curl --verbose, of any age, and what --trace and --trace-ascii write. */
export const curl: LogFormat = {
  id: "curl",
  title: "curl --verbose",
  client: "curl",
  signature:
    /^(\* +(Trying|Connected to|Connecting to|About to connect|SSL connection|TLSv1|Connection #|Connect data stream|Failed EPSV|Connection to host)|== Info: |curl: \(\d+\)|[{}] \[(?:data not shown|\d+ bytes data)\])/,
  read: (line) => {
    if (/^curl: \(\d+\)/.test(line)) return { direction: "*", text: line };
    const [, info] = /^== Info: (.*)$/.exec(line) ?? [];
    if (info !== undefined) return { direction: "*", text: info };
    // `--trace-ascii` has what was sent and received as a dump.
    const [, dumped = ""] = /^0000: (.*)$/.exec(line) ?? [];
    if (/^\d{3}[ -]/.test(dumped)) return { direction: "<", text: dumped };
    if (/^[A-Z]{3,4}(?: \S|$)/.test(dumped)) return { direction: ">", text: dumped };
    if (line.startsWith("* ")) return { direction: "*", text: line.slice(2).trim() };
    return readArrows(line);
  },
  complaint: new RegExp(`^curl: \\(\\d+\\)|${wentWrong.source}`, "i"),
  goesOn: /Disabling EPSV/,
  ends: /^curl: \(\d+\)/,
  tells: { implicitTls: /^(URL|Host): ?ftps:\/\//i, tls: /\bTLS handshake\b|^SSL connection using|^ALPN/ },
};
