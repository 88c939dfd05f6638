import type { LogFormat, SaidLine } from "../format";

const complaintOfWget =
  /couldn't connect|failed:|Failed to|Error|[Tt]imed out|Login incorrect|refuses login|Connection (?:closed|reset)|Cannot (?:initiate|parse)|Invalid PORT|No such (?:file|directory)/;

/** Wget's own log: commands and what came of them, several in a line; with `--debug`, `--> PASV` and the replies. */
export const wget: LogFormat = {
  id: "wget",
  title: "GNU Wget",
  client: "wget",
  signature: /^==> |^--\d{4}-\d\d-\d\d.*\bftps?:\/\/|^Connecting to \S+\|[\d.]+\|:\d+|^--> [A-Z]{3,4}\b/,
  read: (text) => {
    if (text.startsWith("==> ")) return text.split(/(?:^|\s+)==> /).flatMap(stepOfWget);
    if (text.startsWith("--> ")) return { direction: ">", text: text.slice(4) };
    if (/^\d{3}[ -]/.test(text)) return { direction: "<", text };
    return complaintOfWget.test(text) || /^(?:Connecting to|Logging in as) /.test(text)
      ? { direction: "*", text }
      : null;
  },
  complaint: complaintOfWget,
  tells: { noTls: /^Logging in as .* Logged in!$/ },
};

/** `PASV ... couldn't connect to 192.0.2.1 port 50000: Connection refused`: the address is the one in 227. */
function stepOfWget(step: string): readonly SaidLine[] {
  const [, command = "", outcome = ""] = /^([A-Z]{3,4}\b.*?)\s+\.\.\.\s*(.*)$/.exec(step) ?? [];
  if (command === "") return [];
  const said: readonly SaidLine[] = [{ direction: ">", text: command }];
  const [, address, port] = /couldn't connect to (\d+\.\d+\.\d+\.\d+) port (\d+)/.exec(outcome) ?? [];
  if (address === undefined) {
    return outcome.startsWith("done") ? [...said, { direction: "<", text: "200 done", implied: true }] : said;
  }
  const numbers = [...address.split("."), String(Math.floor(Number(port) / 256)), String(Number(port) % 256)];
  return [
    ...said,
    // Wget dials what 227 names.
    { direction: "<", text: `227 (${numbers.join(",")})`, implied: true },
    { direction: "*", text: outcome },
  ];
}
