import { readFileSync } from "node:fs";
import {
  parseDenials,
  dialogueLogFormat,
  parseDialogue,
  parseSessionLines,
  parseTransferLines,
} from "../../../../harness/evidence/text/server-log";

const fixture = (name: string): string => readFileSync(`test/fixtures/parse/${name}.txt`, "utf8");

test("the format has as many fields as are read, with real tabs between them", () => {
  expect(dialogueLogFormat.split("\t")).toEqual([
    "%{epoch}.%{millisecs}",
    "%P",
    "%a",
    "%{remote-port}",
    "%s",
    "%r",
    "%S",
  ]);
});

test("a command is told with its reply, its session and its peer", () => {
  const dialogue = parseDialogue(fixture("ipv6-firewall-helper.dialogue"));
  expect(dialogue).toHaveLength(45);
  expect(dialogue[4]).toEqual({
    at: 1795345269.514,
    session: "37",
    peer: "2001:db8:1::1:40",
    peerPort: 46721,
    command: "EPSV",
    replyCode: 229,
    reply: "Entering Extended Passive Mode (|||50708|)",
  });
  expect(new Set(dialogue.map(({ session }) => session)).size).toBe(5);
});

test("refusals are exchanges like others", () => {
  const refused = parseDialogue(fixture("tls-required-reuse.dialogue")).filter(
    ({ replyCode }) => replyCode !== null && replyCode >= 400,
  );
  expect(refused.map(({ command, replyCode, reply }) => [command, replyCode, reply])).toEqual([
    ["USER lab", 550, "SSL/TLS required on the control channel"],
    ["CCC", 534, "Unwilling to accept security parameters"],
  ]);
});

test("a command that the server never answered has no code and no reply", () => {
  const last = parseDialogue(fixture("odd-commands.dialogue")).at(-1);
  expect(last).toMatchObject({ command: "LIST", replyCode: null, reply: "", at: 1795345570.083 });
});

test("tabs, quotes and percent signs in names stay what they are", () => {
  const replies = parseDialogue(fixture("odd-commands.dialogue")).map(({ reply }) => reply);
  expect(replies).toContain("a\tb: No such file or directory");
  expect(replies).toContain('x\\y"z: No such file or directory');
  expect(replies).toContain("%s%n%{epoch}: No such file or directory");
});

test("passwords do not come out of the server's log", () => {
  const commands = parseDialogue(fixture("odd-commands.dialogue")).map(({ command }) => command);
  expect(commands.filter((command) => command.startsWith("PASS"))).toEqual(Array(3).fill("PASS (hidden)"));
});

test("a connection logged without a command is no exchange", () => {
  expect(parseDialogue("1795345565.119\t137\t127.0.0.1\t33214\t-\t\t-\n")).toEqual([]);
});

test("a TLS log is told session by session, without stamps", () => {
  const sessions = parseSessionLines(fixture("tls-required-reuse.tls-log"));
  expect([...sessions.keys()]).toEqual(["37", "38", "39"]);
  expect(sessions.get("37")).toEqual(["SSL/TLS required but absent for authentication, denying USER command"]);
  expect(sessions.get("38")?.at(-1)).toBe(
    "CCC: unwilling to accept security parameters: TLSRequired setting does not allow for unprotected control channel",
  );
  expect(sessions.get("39")).toContain("client reused TLS session for data connection");
});

test("a system log is told without host and peer, which may hold colons", () => {
  const sessions = parseSessionLines(fixture("odd-commands.system-log"));
  expect(sessions.get("133")?.[0]).toMatch(/^ProFTPD 1\.3\.8c/);
  expect(sessions.get("137")).toEqual([
    "USER nobody: no such user found from 127.0.0.1 [127.0.0.1] to 127.0.0.1:21",
    "notice: user lab0: aborting transfer: Data connection closed",
    "Data transfer stall timeout: 4 seconds",
  ]);
  const v6 =
    "2026-11-22 11:01:07,792 0bcdb6aeaff0 proftpd[32] 2001:db8:2::10 (2001:db8::1[2001:db8::1]): FTP session closed.";
  expect(parseSessionLines(v6)).toEqual(new Map([["32", ["FTP session closed."]]]));
});

test("a transfer log is told user by user", () => {
  const line = (user: string, name: string): string =>
    `Sun Nov 22 12:45:31 2026 0 203.0.113.33 65536 /srv/ftp/lab/upload/${name} b _ i r ${user} ftp 0 * c`;
  const lines = parseTransferLines(
    [line("lab1", "a"), line("lab2", "b"), "no such line", line("lab1", "c"), ""].join("\n"),
  );
  expect(lines).toEqual(
    new Map([
      ["lab1", [line("lab1", "a"), line("lab1", "c")]],
      ["lab2", [line("lab2", "b")]],
    ]),
  );
});

test("what ProFTPD's main process turned away is told with its time", () => {
  const text = [
    "2026-11-30 07:18:47,924 server proftpd[12] server: MaxInstances (1) reached, new connection denied",
    "2026-11-30 07:18:48,000 server proftpd[12] server: MaxConnectionRate (1/3 secs) reached, new connection denied",
    "2026-11-30 07:18:48,100 server proftpd[14] server (203.0.113.33[203.0.113.33]): FTP session opened.",
  ].join("\n");
  expect(parseDenials(text)).toEqual([
    { at: Date.UTC(2026, 10, 30, 7, 18, 47, 924) / 1000, text: "MaxInstances (1) reached, new connection denied" },
    {
      at: Date.UTC(2026, 10, 30, 7, 18, 48) / 1000,
      text: "MaxConnectionRate (1/3 secs) reached, new connection denied",
    },
  ]);
});
