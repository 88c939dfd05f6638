import type { LogFormat, SaidLine } from "../format";

/** Wget's words in English. */
const complaintWords =
  /^ERROR: |couldn't connect|failed:|Failed to|Error|[Tt]imed out|Login incorrect|refuses login|Connection (?:closed|reset)|Cannot (?:initiate|parse)|Invalid PORT|No such (?:file|directory)/;
const ipv4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
/** `couldn't connect to 192.0.2.1 port 50000: ` in any of its languages (po/*.po): an address, a port, and the system's word behind a colon. */
const dialledInVain = new RegExp(String.raw`(${ipv4})\)?(?::|\D{1,24}?)(\d{1,5})[^\d.…]{0,40}?[:：](?!\d)`);
/** `Connecting to host|192.0.2.1|:21... connected.`, and with a colon where it failed. */
const connecting = new RegExp(String.raw`^\D{1,60}(?:\S{1,255}\|)?${ipv4}\|?:\d{1,5}\)? ?(?:\.{3}|…)`);
const connectedInVain = new RegExp(
  String.raw`^\D{1,60}(?:\S{1,255}\|)?${ipv4}\|?:\d{1,5}\)? ?(?:\.{3}|…)[^.…]{1,40}[:：]`,
);
/** `Logging in as NAME ... Logged in!` */
const loggedIn = /^(?!==>).{1,120} (?:\.\.\.|…) ?.{1,40}[!！]$/;
const complaintOfWget = new RegExp(
  `${complaintWords.source}|^(?!==>)\\D{0,80}${dialledInVain.source}|${connectedInVain.source}`,
);

/** Wget's own log: commands and what came of them, several in a line; with `--debug`, `--> PASV` and the replies. */
export const wget: LogFormat = {
  id: "wget",
  title: "GNU Wget",
  client: "wget",
  signature: /^==> |^--\d{4}-\d\d-\d\d.*\bftps?:\/\/|^Connecting to \S+(?: \(\S+\))?\|[\d.]+\|:\d+|^--> [A-Z]{3,4}\b/,
  read: (text) => {
    if (text.startsWith("==> ")) {
      const steps = text.split(/(?:^|\s+)==> /);
      // It goes on to the next step when one is done.
      return steps.flatMap((step, index) => stepOfWget(step, index < steps.length - 1));
    }
    if (text.startsWith("--> ")) return { direction: ">", text: text.slice(4) };
    if (/^\d{3}[ -]/.test(text)) return { direction: "<", text };
    return complaintOfWget.test(text) ||
      connecting.test(text) ||
      loggedIn.test(text) ||
      /^(?:Connecting to|Logging in as) /.test(text)
      ? { direction: "*", text }
      : null;
  },
  // Wget puts no arrow before replies.
  forText: (lines) => (lines.some((line) => /^<-{1,3} ?\d{3}\b/.test(line)) ? null : wget),
  complaint: complaintOfWget,
  tells: { noTls: loggedIn },
};

/** `done.`, `fertig.`, `完成。`, or the size that SIZE was answered with. */
const done = /^(?:done\b|\d+$|[\p{L}]{1,12}[.。]$)/u;

/** `PASV ... couldn't connect to 192.0.2.1 port 50000: Connection refused`: the address is the one in 227. */
function stepOfWget(step: string, isFollowed: boolean): readonly SaidLine[] {
  const [, command = "", outcome = ""] = /^([A-Z]{3,4}\b.*?)\s+(?:\.\.\.|…)\s*(.*)$/.exec(step) ?? [];
  if (command === "") return [];
  const said: readonly SaidLine[] = [{ direction: ">", text: command }];
  const [, address, port] = dialledInVain.exec(outcome) ?? [];
  if (address === undefined) {
    const isDone = isFollowed || done.test(outcome);
    return isDone ? [...said, { direction: "<", text: "200 done", implied: true }] : said;
  }
  const numbers = [...address.split("."), String(Math.floor(Number(port) / 256)), String(Number(port) % 256)];
  return [
    ...said,
    // Wget dials what 227 names.
    { direction: "<", text: `227 (${numbers.join(",")})`, implied: true },
    { direction: "*", text: outcome },
  ];
}
