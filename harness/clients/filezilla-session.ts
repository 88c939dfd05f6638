import { isPassive, traitsOf } from "../model/axes";
import type { ProgramCommand, ProgramSession } from "../model/program";

/**
 * Opens the site on a display of its own and prints FileZilla's message log until the listing is there or was given up. A certificate
 * that FileZilla asks about is declined.
 */
const script = `
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
filezilla --site 0/lab >/dev/null 2>&1 &
program=$!
while read -r line; do
  printf '%s\\n' "$line"
  case $line in
    *'Directory listing of '*' successful') exit 0 ;;
    # It would connect again after that.
    *'Error: '*'data connection could not be established'* | *'Error: '*'Failed to retrieve directory listing' | \\
      *'Error: '*'Could not connect to server')
      kill -KILL $program
      exit 1
      ;;
  esac
done <lines
`.trimStart();

/** FileZilla's site types (ServerProtocol in its server.h): FTP with implicit TLS, with explicit TLS, and without. */
const protocols = { implicit: 3, explicit: 4, none: 6 } as const;

/** A listing of the folder, by a site in the site manager, as a person would enter it. */
export function filezillaCommand(session: ProgramSession): ProgramCommand {
  return {
    argv: ["sh", "session.sh"],
    files: [
      { path: "session.sh", text: script },
      { path: ".config/filezilla/filezilla.xml", text: settings(session) },
      { path: ".config/filezilla/sitemanager.xml", text: document(site(session)) },
      { path: ".config/filezilla/trustedcerts.xml", text: document(insecureHost(session)) },
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
    "Trust system trust store": options.includes("untrusted") ? "0" : "1",
  };
  const lines = Object.entries(values).map(([name, value]) => `<Setting name="${name}">${escaped(value)}</Setting>`);
  return document(`<Settings>\n${lines.join("\n")}\n</Settings>`);
}

function site({ mode, data, host, port, user, password, folder }: ProgramSession): string {
  const fields = {
    Host: host,
    Port: String(port),
    Protocol: String(protocols[traitsOf(mode).tls]),
    Type: "0",
    User: user,
    Pass: password,
    Logontype: "1",
    PasvMode: isPassive(data) ? "MODE_PASSIVE" : "MODE_ACTIVE",
    EncodingType: "Auto",
    Name: "lab",
    RemoteDir: remotePath(folder),
  };
  const lines = Object.entries(fields).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return `<Servers>\n<Server>\n${lines.join("\n")}\n</Server>\n</Servers>`;
}

/** A path as FileZilla writes it (CServerPath::GetSafePath): its type, the length of its prefix, and each name after its length. */
function remotePath(folder: string): string {
  const names = folder.split("/").filter((name) => name !== "");
  return ["1", "0", ...names.flatMap((name) => [String(name.length), name])].join(" ");
}

/** That clear text is wanted: FileZilla asks else. */
function insecureHost({ mode, host, port }: ProgramSession): string {
  if (traitsOf(mode).tls !== "none") return "";
  return `<InsecureHosts>\n<Host Port="${String(port)}">${escaped(host)}</Host>\n</InsecureHosts>`;
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<FileZilla3>\n${content}\n</FileZilla3>\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
