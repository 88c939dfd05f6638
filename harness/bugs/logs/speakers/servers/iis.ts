import { nothingSaid, type LineReader, type Reading, type Said, type SpeakerForm } from "../speaker-form";

/** Names of Windows' errors that stand in sc-win32-status of FTP logs (winerror.h), without `ERROR_` and `WSA`. */
const windowsErrors: ReadonlyMap<string, string> = new Map([
  ["2", "file not found"],
  ["3", "path not found"],
  ["5", "access denied"],
  ["32", "sharing violation"],
  ["38", "end of file"],
  ["53", "network path not found"],
  ["64", "network name no longer available"],
  ["87", "invalid parameter"],
  ["112", "disk full"],
  ["121", "semaphore timeout"],
  ["995", "operation aborted"],
  ["1225", "connection refused"],
  ["1231", "network unreachable"],
  ["1236", "connection aborted"],
  ["1326", "logon failure"],
  ["1330", "password expired"],
  ["1331", "account disabled"],
  ["1385", "logon type not granted"],
  ["1907", "password must change"],
  ["1909", "account locked out"],
  ["10048", "address already in use"],
  ["10053", "connection aborted"],
  ["10054", "connection reset"],
  ["10060", "connection timed out"],
  ["10061", "connection refused"],
]);

/** Reasons of sc-substatus that no Windows error has (Microsoft, "The FTP status codes in IIS 7.0 and later versions"). */
const reasons: ReadonlyMap<string, string> = new Map([
  ["1", "authorization rules denied the access"],
  ["4", "IP restriction rules denied the access"],
  ["11", "file extension was denied"],
  ["15", "data channel timed out"],
  ["17", "invalid site configuration"],
  ["18", "invalid configuration"],
  ["19", "maximum connection limit was reached"],
  ["24", "SSL policy requires SSL for data channel"],
  ["25", "SSL policy requires SSL for control channel"],
  ["26", "SSL policy requires SSL for credentials"],
  ["27", "SSL policy denies SSL for data channel"],
  ["28", "SSL policy denies SSL for data channel"],
  ["29", "SSL policy denies SSL for credentials"],
  ["30", "SSL policy denies SSL for commands"],
  ["31", "SSL certificate was not configured"],
  ["33", "home directory lookup failed"],
  ["36", "all authentication methods are disabled"],
  ["38", "Client IP on the control channel didn't match the client IP on the data channel"],
  ["39", "maximum file size was exceeded"],
  ["42", "anonymous authentication is not allowed"],
  ["43", "PROT command with recognized parameter must precede this command"],
  ["44", "SSL certificate was not found"],
  ["45", "private key was not found for the SSL certificate"],
  ["47", "SSL policy requires client certificate"],
  ["48", "invalid client certificate"],
  ["51", "command filtering rules denied the access"],
]);

const accessDenied = "5";

const row = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d |^\d\d:\d\d:\d\d \d/;
/** What IIS logs in the place of a command. IIS 6 puts the session's number before each. */
const method =
  /^(?:\[(\d{1,10})\])?([A-Z]{3,4}|(?:Control|Data)Channel(?:Opened|Closed)|created|sent|appended|closed)$/;

/** The W3C log of IIS' FTP service; `#Fields:` tells the columns, else they are found by the command among them. */
export const iis: SpeakerForm = {
  id: "iis-w3c-log",
  title: "IIS' log",
  by: "server",
  software: "IIS",
  begin: readIis,
};

function readIis(): LineReader {
  let fields: readonly string[] | null = null;
  return (text) => {
    const line = text.trim();
    const [, columns] = /^#Fields: (.*)$/.exec(line) ?? [];
    if (columns !== undefined) {
      fields = columns.split(/\s+/);
      // Firewalls have columns of their own, and so has the web server.
      const isFtp =
        fields.includes("cs-method") && !fields.some((field) => field.startsWith("cs(") || field === "cs-uri-query");
      if (!isFtp) fields = null;
      return isFtp ? nothingSaid : null;
    }
    if (line.startsWith("#Software: Microsoft Internet Information")) return nothingSaid;
    if (!row.test(line)) return null;
    const words = line.split(/\s+/);
    const at = words.findIndex((word, index) => {
      return method.test(word) && /^(?:\d{3}|0|-)$/.test(words[index + 2] ?? "");
    });
    if (at < 0) return null;
    const column = (name: string, otherwise: number): string | undefined => {
      const index = fields?.indexOf(name) ?? -1;
      return index < 0 ? (fields === null ? words[at + otherwise] : undefined) : words[index];
    };
    return reading(words[at] ?? "", column("cs-uri-stem", 1) ?? words[at + 1] ?? "-", {
      status: column("sc-status", 2) ?? "-",
      win32: column("sc-win32-status", 3) ?? "-",
      substatus: column("sc-substatus", 4) ?? "-",
      session: column("x-session", 5),
    });
  };
}

type Outcome = {
  readonly status: string;
  readonly win32: string;
  readonly substatus: string;
  readonly session: string | undefined;
};

function reading(written: string, stem: string, { status, win32, substatus, session }: Outcome): Reading {
  const [, number, verb = ""] = method.exec(written) ?? [];
  const id = number ?? session;
  const of = id === undefined ? {} : { session: id };
  const isCommand = /^[A-Z]{3,4}$/.test(verb);
  const said: Said[] = isCommand ? [{ direction: ">", text: stem === "-" ? verb : `${verb} ${stem}`, ...of }] : [];
  if (isCommand && /^[1-6]\d\d$/.test(status)) said.push({ direction: "<", text: status, ...of });
  // Before a login has its password the event log's number of it stands there.
  const isError = /^[1-9]\d{0,9}$/.test(win32) && !(status === "331" || status === "230");
  const reason = status.startsWith("2") ? undefined : reasons.get(substatus);
  if (isError || reason !== undefined) {
    // A policy's refusal is access that is denied too, and says less of it.
    const meaning = reason !== undefined && win32 === accessDenied ? undefined : windowsErrors.get(win32);
    const beside = [
      ...(isError ? [`sc-win32-status ${win32}${meaning === undefined ? "" : ` (${meaning})`}`] : []),
      ...(/^[1-9]\d*$/.test(substatus)
        ? [`sc-substatus ${substatus}${reason === undefined ? "" : ` (${reason})`}`]
        : []),
    ];
    said.push({ direction: "*", text: `${verb}: ${beside.join(", ")}`, ...of });
  } else if (!isCommand) said.push({ direction: "*", text: verb, ...of });
  return { said };
}
