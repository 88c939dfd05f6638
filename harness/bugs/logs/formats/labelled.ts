import type { LogFormat, SaidLine } from "../format";

/** FileZilla's words for what a line is, in the languages in which logs are most often pasted. */
const sent = "Command|Commande|Befehl|Comando|Commando|Opdracht|Polecenie|Команда|命令";
const received = "Response|Reply|Réponse|Antwort|Respuesta|Risposta|Resposta|Antwoord|Odpowiedź|Ответ|响应";
const wrong = "Error|Erreur|Fehler|Errore|Erro|Fout|Błąd|Ошибка|错误";
const status = "Status|Statut|Estado|Stato|Статус|状态";

const line = new RegExp(
  `^(?:\\d\\d:\\d\\d:\\d\\d\\s+)?(${sent}|${received}|${wrong}|${status})\\s?[:：]\\s*(.*)$`,
  "u",
);
const isOneOf = (words: string, word: string): boolean => words.split("|").includes(word);

/** FileZilla's message log, in several languages; its makers' ftptest.net writes Reply. */
export const filezilla: LogFormat = {
  id: "filezilla",
  title: "FileZilla",
  client: "filezilla",
  signature: new RegExp(`^(${sent}|${received}|${status})\\s?[:：]\\s`, "u"),
  read: (text) => {
    const [, word = "", rest = ""] = line.exec(text) ?? [];
    if (word === "") return null;
    if (isOneOf(sent, word)) return { direction: ">", text: rest };
    if (isOneOf(received, word)) return { direction: "<", text: rest };
    return { direction: "*", text: isOneOf(wrong, word) ? `Error: ${rest}` : rest };
  },
  complaint: /^Error: /,
  begins:
    /^(?:Resolving address of|Connecting to|Auflösen der IP-Adresse|Verbinde mit|Connexion à|Connessione a|Conectando a)\s/,
  tells: {
    privateAddress: /unroutable address/i,
    explicitTls: /Initializing TLS|Initialisation de TLS|Initialisiere TLS|Inicializando TLS|Inizializzazione TLS/i,
  },
};

/** lftp with `debug`. */
export const lftp: LogFormat = {
  id: "lftp",
  title: "lftp (debug)",
  client: "lftp",
  // The arrow of what is sent is also that of `ftp -d`.
  signature: /^<--- |^(----|\*{4}) \S/,
  read: (text) => {
    const [, arrow, rest = ""] = /^(--->|<---|----|\*{4}) (.*)$/.exec(text) ?? [];
    if (arrow === "--->") return { direction: ">", text: rest };
    if (arrow === "<---") return { direction: "<", text: rest };
    if (arrow !== undefined) return { direction: "*", text: arrow === "****" ? `Error: ${rest}` : rest };
    return /Fatal error|Access failed|Login failed/.test(text) ? { direction: "*", text: `Error: ${text}` } : null;
  },
  complaint: /^Error: /,
};

/** The last line of a traceback. */
const complaintOfPython = /^[\w.]*(Error|error_(perm|temp|proto|reply)|timeout|gaierror)\b/;

/** `*cmd* 'PASV'`, `*resp* '227 ...'` of Python's ftplib with `set_debuglevel(1)`. */
export const ftplib: LogFormat = {
  id: "ftplib",
  title: "Python's ftplib (debug level 1)",
  client: "ftplib",
  signature: /^\*(cmd|resp|put|get|welcome)\* /,
  read: (text) => {
    const [, kind, , quoted = ""] = /^\*(cmd|resp|welcome)\* (['"])(.*)\2$/.exec(text) ?? [];
    if (kind === "cmd") return { direction: ">", text: quoted };
    // A reply of several lines is one string.
    if (kind !== undefined) return { direction: "<", text: quoted.split("\\n").at(-1) ?? quoted };
    return complaintOfPython.test(text) ? { direction: "*", text } : null;
  },
  complaint: complaintOfPython,
};

const complaintOfWget = /couldn't connect|failed:|Error|timed out|Login incorrect/;

/** Wget's own log: commands and what came of them, several in a line; with `--debug`, `--> PASV` and the replies. */
export const wget: LogFormat = {
  id: "wget",
  title: "GNU Wget",
  client: "wget",
  signature: /^==> |^--> [A-Z]{3,4}\b/,
  read: (text) => {
    if (text.startsWith("==> ")) return text.split(/(?:^|\s+)==> /).flatMap(stepOfWget);
    if (text.startsWith("--> ")) return { direction: ">", text: text.slice(4) };
    if (/^\d{3}[ -]/.test(text)) return { direction: "<", text };
    return complaintOfWget.test(text) || text.startsWith("Connecting to ") ? { direction: "*", text } : null;
  },
  complaint: complaintOfWget,
};

/** `PASV ... couldn't connect to 192.0.2.1 port 50000: Connection refused`: the address is the one in 227. */
function stepOfWget(step: string): readonly SaidLine[] {
  const [, command = "", outcome = ""] = /^([A-Z]{3,4}\b.*?)\s+\.\.\.\s*(.*)$/.exec(step) ?? [];
  if (command === "") return [];
  const said: readonly SaidLine[] = [{ direction: ">", text: command }];
  const [, address, port] = /couldn't connect to (\d+\.\d+\.\d+\.\d+) port (\d+)/.exec(outcome) ?? [];
  if (address === undefined) {
    return outcome.startsWith("done") ? [...said, { direction: "<", text: "200 done, as Wget tells" }] : said;
  }
  const numbers = [...address.split("."), String(Math.floor(Number(port) / 256)), String(Number(port) % 256)];
  return [
    ...said,
    { direction: "<", text: `227 Entering Passive Mode (${numbers.join(",")}), as Wget tells` },
    { direction: "*", text: outcome },
  ];
}

/** WinSCP's session log: `> 2026-01-01 10:00:00.000 PASV`. */
export const winscp: LogFormat = {
  id: "winscp",
  title: "WinSCP",
  client: null,
  signature: /^[<>.!*] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
  read: (text) => {
    const [, kind = "", rest = ""] = /^([<>.!*]) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d* (.*)$/.exec(text) ?? [];
    if (kind === "") return null;
    return { direction: kind === ">" || kind === "<" ? kind : "*", text: rest };
  },
  complaint: /timed? ?out|Could not|error|failed|refused|unreachable/i,
};
