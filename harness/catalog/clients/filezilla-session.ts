import { isPassive, traitsOf } from "../../model/axes";
import type { ProgramCommand, ProgramSession } from "../../model/program";
import { queueWith } from "./filezilla-queue";
import { filezillaProtocol, remotePath } from "./filezilla-site";

const queue = ".config/filezilla/queue.sqlite3";

/** A display of its own, FileZilla's message log as it is written, and an answer for a certificate that it asks about: no. */
const opening = `
mkfifo display lines
Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>display >/dev/null 2>&1 &
read -r number <display
export DISPLAY=:$number
: >log.txt
tail --lines=+1 --follow log.txt >lines 2>/dev/null &
xdotool search --sync --name '^Unknown certificate$' >/dev/null 2>&1 && {
  echo 'Dialog: Unknown certificate'
  xdotool key Escape
} &
`.trimStart();

/** Lines of the log after which it would connect again, as the patterns of a shell's `case`. */
const failures = [
  "'Error: '*'data connection could not be established'*",
  "'Error: '*'Failed to retrieve directory listing'",
  "'Error: '*'Could not connect to server'",
  "'Error: '*'File transfer failed'*",
]
  .map((pattern) => `*${pattern}`)
  .join(" | ");

/**
 * Opens the site. What the remote pane then shows is told by the queue: everything in it is put there by the pane's own menu, and
 * FileZilla writes the queue down when it ends.
 */
const listing = `${opening}
filezilla --site 0/lab >/dev/null 2>&1 &
program=$!
while read -r line; do
  printf '%s\\n' "$line"
  case $line in
    *'Directory listing of '*' successful') break ;;
    ${failures})
      kill -KILL $program
      exit 1
      ;;
  esac
done <lines
xdotool mousemove 800 500 click 1 key ctrl+a key Menu key a
while kill -0 $program 2>/dev/null; do
  # Escape, since a menu that had nothing to offer stays open, and takes every key.
  xdotool key Escape key ctrl+q
  sleep 0.1
done
sqlite3 -separator ' ' ${queue} "SELECT 'Pane:', source_file FROM files"
`;

/** Has FileZilla load a queue and process it, which is a key of its main window (Transfer, Process queue). */
const transfer = `${opening}
files=$1
sqlite3 ${queue} <queue.sql
touch made
filezilla >/dev/null 2>&1 &
program=$!
{
  xdotool search --sync --onlyvisible --name '^FileZilla$' >/dev/null 2>&1
  # It empties the file once the queue is loaded. To look into the file could keep it from that.
  until [ ${queue} -nt made ]; do sleep 0.05; done
  xdotool key ctrl+p
} &
while read -r line; do
  printf '%s\\n' "$line"
  case $line in
    *'Status: File transfer successful'*)
      files=$((files - 1))
      if [ "$files" = 0 ]; then exit 0; fi
      ;;
    ${failures})
      kill -KILL $program
      exit 1
      ;;
  esac
done <lines
`;

/** A listing of the folder by a site in the site manager, as a person would enter it; transfers by the queue. */
export function filezillaCommand(session: ProgramSession): ProgramCommand {
  const isListing = session.operation === "list";
  return {
    argv: ["sh", "session.sh", String(session.files.length)],
    files: [
      { path: "session.sh", text: isListing ? listing : transfer },
      { path: ".config/filezilla/filezilla.xml", text: settings(session) },
      { path: ".config/filezilla/trustedcerts.xml", text: document(insecureHost(session)) },
      isListing
        ? { path: ".config/filezilla/sitemanager.xml", text: document(site(session)) }
        : { path: "queue.sql", text: queueWith(session) },
    ],
  };
}

function settings({ home, options }: ProgramSession): string {
  const values = {
    // No questions and no news at the start.
    "Greeting version": "999.0.0",
    "Update Check": "0",
    "Logging file": `${home}/log.txt`,
    "Reconnect count": "0",
    "Allow transfermode fallback": "0",
    // All files over one control connection.
    "Number of Transfers": "1",
    "Trust system trust store": options.includes("untrusted") ? "0" : "1",
  };
  const lines = Object.entries(values).map(([name, value]) => `<Setting name="${name}">${escaped(value)}</Setting>`);
  return document(`<Settings>\n${lines.join("\n")}\n</Settings>`);
}

function site(session: ProgramSession): string {
  const { host, port, user, password, folder } = session;
  const fields = {
    Host: host,
    Port: String(port),
    Protocol: String(filezillaProtocol(session)),
    Type: "0",
    User: user,
    Pass: password,
    Logontype: "1",
    PasvMode: isPassive(session.data) ? "MODE_PASSIVE" : "MODE_ACTIVE",
    EncodingType: "Auto",
    Name: "lab",
    RemoteDir: remotePath(folder),
  };
  const lines = Object.entries(fields).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return `<Servers>\n<Server>\n${lines.join("\n")}\n</Server>\n</Servers>`;
}

/** That clear text is wanted: FileZilla asks else. */
function insecureHost({ mode, host, port }: ProgramSession): string {
  if (traitsOf(mode).tls !== "none") return "";
  return `<InsecureHosts>\n<Host Port="${port}">${escaped(host)}</Host>\n</InsecureHosts>`;
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<FileZilla3>\n${content}\n</FileZilla3>\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
