import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { ServerLogs } from "../../../../harness/evidence/text/server-log";
import { readPureFtpdLogs } from "../../../../harness/catalog/servers/pure-ftpd-log";
import { softwares } from "../../../../harness/catalog/servers/registry";
import { readVsftpdLogs } from "../../../../harness/catalog/servers/vsftpd-log";

/** Two sessions side by side, behind the helper router: plain PASV that worked (lab1), and EPSV under TLS that did not (lab3). */
const recorded = (name: string): string =>
  readFileSync(join(__dirname, "../../../fixtures/parse", `${name}.received.txt`), "utf8");

function dialogueOf({ exchanges }: ServerLogs, peer: string): readonly string[] {
  return exchanges.filter((exchange) => exchange.peer === peer).map(({ command, reply }) => `${command} = ${reply}`);
}

describe("vsftpd's log", () => {
  const logs = readVsftpdLogs(recorded("vsftpd"));

  it("gives each command its last reply, whichever process of the session wrote it", () => {
    expect(dialogueOf(logs, "203.0.113.33").filter((text) => !text.startsWith("FEAT"))).toEqual([
      "USER lab1 = 331 Please specify the password.",
      "PASS <password> = 230 Login successful.",
      "TYPE I = 200 Switching to Binary mode.",
      expect.stringMatching(/^PASV = 227 Entering Passive Mode \(192,168,10,10,\d+,\d+\)\.$/),
      "LIST -a /list = 226 Directory send OK.",
      "QUIT = 221 Goodbye.",
    ]);
  });

  it("tells two sessions apart, each being one over both of its processes", () => {
    const sessions = new Set(logs.exchanges.map(({ session, peer }) => `${session} ${peer}`));
    expect(sessions.size).toBe(2);
  });

  it("keeps what TLS says by session", () => {
    const [session] = logs.exchanges.flatMap(({ session, command }) => (command === "AUTH TLS" ? [session] : []));
    expect(logs.tlsLog.get(session ?? "")).toEqual([expect.stringContaining("SSL version: TLSv1.3")]);
  });

  it("takes a second session of one login name for another one", () => {
    const again = recorded("vsftpd").replaceAll("[pid 7", "[pid 97").replaceAll("[pid 8", "[pid 98");
    const both = readVsftpdLogs(`${recorded("vsftpd")}${again}`);
    expect(new Set(both.exchanges.map(({ session }) => session)).size).toBe(4);
  });
});

describe("Pure-FTPd's log", () => {
  const logs = readPureFtpdLogs(recorded("pure-ftpd"));

  it("gives each command, in upper case, its last reply", () => {
    expect(dialogueOf(logs, "203.0.113.35").filter((text) => !text.startsWith("FEAT"))).toEqual([
      "AUTH TLS = 234 AUTH TLS OK.",
      "USER lab3 = 331 User lab3 OK. Password required",
      "PASS <*> = 230 OK. Current restricted directory is /",
      "TYPE I = 200 TYPE is now 8-bit binary",
      "PBSZ 0 = 200 PBSZ=0",
      'PROT P = 200 Data protection level set to "private"',
      "EPSV = 229 Extended Passive mode OK (|||50772|)",
      "QUIT = 221 Logout.",
    ]);
  });

  it("keeps remarks by session, those about TLS apart", () => {
    const [session = ""] = logs.exchanges.flatMap(({ session, command }) => (command === "AUTH TLS" ? [session] : []));
    expect(logs.tlsLog.get(session)).toEqual([expect.stringContaining("Enabled TLSv1.3")]);
    expect(logs.systemLog.get(session)).toContain("lab3 is now logged in");
  });

  it("takes its word at the session's end for no answer to the command before it", () => {
    const closed = recorded("pure-ftpd")
      .replaceAll("221 Logout.", "229 Logout.")
      .replace(/^.*\[quit\].*\n/gim, "");
    expect(closed).toContain("229 Logout.");
    expect(dialogueOf(readPureFtpdLogs(closed), "203.0.113.35").at(-1)).toBe(
      "EPSV = 229 Extended Passive mode OK (|||50772|)",
    );
  });
});

it("no text makes a reader of logs or settings throw", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(...recorded("vsftpd").split("\n"), ...recorded("pure-ftpd").split("\n")),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join("\n");
      for (const software of softwares) {
        software.readLogs({ dialogue: text, tlsLog: text, systemLog: text, transferLog: text });
        software.readSettings(text);
      }
    }),
  );
});
