import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOf } from "../../../../harness/bugs/logs/symptom";
import type { Symptom } from "../../../../harness/model/symptom";
import { pastedLogs } from "../../../support/pasted-logs";

function symptomIn(text: string): Symptom {
  const log = readLog(text);
  if (log === null) throw new Error("no log was found");
  return symptomOf(log);
}

describe("a pasted log", () => {
  it.each<[keyof typeof pastedLogs, Partial<Symptom>]>([
    [
      "filezillaActive",
      {
        format: "filezilla",
        mode: "ftps",
        data: "port",
        operation: "list",
        stage: "data-connect",
        dialled: "203.0.113.7",
        announced: { address: "10.0.0.7", port: 60250 },
        message: "Connection timed out after 20 seconds of inactivity",
      },
    ],
    [
      "filezillaFrench",
      { format: "filezilla", mode: "ftp", data: "pasv", stage: "data-connect", dialled: "203.0.113.7" },
    ],
    [
      "filezillaHidden227",
      { format: "filezilla", mode: "ftps", data: "pasv", stage: "data-connect", hidesPrivateAddress: true },
    ],
    [
      "basicFtp425",
      { format: "basic-ftp", mode: "ftps", data: "epsv", stage: "data-tls", replyCode: 425, server: "ProFTPD" },
    ],
    [
      "curlPrivate227",
      {
        format: "curl",
        mode: "ftps",
        data: "pasv",
        stage: "data-connect",
        dialled: "192.0.2.10",
        announced: { address: "192.168.178.2", port: 63037 },
      },
    ],
    ["lftpCccRefused", { format: "lftp", mode: "ftps-ccc", stage: "ccc", replyCode: 534 }],
    ["ftplibEprt", { format: "ftplib", mode: "ftp", data: "eprt", stage: "data-command", replyCode: 500 }],
    ["wgetRefused", { format: "wget", client: "wget", mode: "ftp", data: "pasv", stage: "data-connect" }],
    ["winscp", { format: "winscp", client: null, stage: "login", replyCode: 530, server: "vsFTPd 3.0.5" }],
    ["nodeFtp", { format: "node-ftp", client: null, data: "pasv", stage: "data-connect" }],
    [
      "basicFtpTimeout",
      { format: "basic-ftp", mode: "ftp", data: "epsv", stage: "data-connect", dialled: "203.0.113.5" },
    ],
    ["curlTlsRequired", { format: "curl", client: "curl", mode: "ftp", data: null, stage: "login", replyCode: 550 }],
    [
      "lftpFixesAddress",
      {
        format: "lftp",
        mode: "ftps",
        data: "pasv",
        stage: "data-connect",
        announced: { address: "192.168.1.20", port: 50008 },
      },
    ],
    ["ftplibTimeout", { format: "ftplib", mode: "ftp", data: "pasv", stage: "data-connect", server: "vsFTPd 3.0.5" }],
    [
      "transcriptActive",
      { format: "transcript", data: "port", stage: "data-connect", replyCode: 425, server: "Pure-FTPd" },
    ],
    ["transcript", { format: "transcript", mode: "ftp", stage: "login", replyCode: 550, server: "ProFTPD 1.3.6" }],
  ])("%s is read", (name, expected) => {
    expect(symptomIn(pastedLogs[name])).toMatchObject({ result: "failed", ...expected });
  });

  it("shows no password", () => {
    for (const text of Object.values(pastedLogs)) {
      const sent = symptomIn(text).lines.filter(({ text: line }) => line.startsWith("PASS"));
      expect(sent.every(({ text: line }) => line === "PASS ###")).toBe(true);
    }
    expect(symptomIn(pastedLogs.basicFtp425).lines.map(({ text }) => text)).toContain("PASS ###");
  });

  it("knows how CCC was followed", () => {
    const ccc = (next: string) =>
      symptomIn(`220 a\nAUTH TLS\n234 b\nUSER a\n331 c\nPASS d\n230 e\nCCC\n200 f\n${next}`).mode;
    expect(ccc("PASV\n227 Entering Passive Mode (203,0,113,5,195,80).")).toBe("ftps-ccc-unprimed");
    expect(ccc("NOOP\n200 g\nPASV\n227 Entering Passive Mode (203,0,113,5,195,80).")).toBe("ftps-ccc");
  });

  it("of a session that worked says so", () => {
    const done =
      "220 a\nUSER a\n331 c\nPASS d\n230 e\nPASV\n227 ok (203,0,113,5,195,80).\nLIST\n150 b\n226 done\nQUIT\n221 bye";
    expect(symptomIn(done)).toMatchObject({ result: "worked", stage: null, operation: "list" });
  });

  it("is told from what is no log", () => {
    expect(readLog("Hello,\nmy listing hangs.\n")).toBeNull();
    expect(readLog("")).toBeNull();
  });

  it("inside Markdown is found by its lines' numbers in the whole text", () => {
    const text = `My client fails:\n\n\`\`\`\n${pastedLogs.transcript.trim()}\n\`\`\`\nThanks!\n`;
    expect(symptomIn(text).lines.map(({ line }) => line)).toEqual([4, 5, 6]);
  });

  it("of which only the refusal is shown is placed by its reply", () => {
    const refused = "425 Unable to build data connection: Operation not permitted";
    for (const text of [refused, `ftplib.error_temp: ${refused}`, `FTPError: ${refused}`]) {
      expect(symptomIn(text)).toMatchObject({ mode: null, stage: "data-tls", replyCode: 425 });
    }
    expect(symptomIn("425 Can't open data connection.").stage).toBe("data-connect");
    expect(symptomIn(refused).client).toBeNull();
  });

  it("is read through a terminal's colours and a page's entities", () => {
    const text =
      "\u001b[31m&lt; 220 ready\u001b[0m\n&gt; USER a\n&lt; 331 b\n&gt; PASS c\n&lt; 530 d\ncurl: (67) Access denied: 530";
    expect(symptomIn(text)).toMatchObject({ format: "curl", stage: "login", replyCode: 530 });
  });

  it("is read from its end where it is too long", () => {
    expect(symptomIn(`${"noise\n".repeat(30_000)}${pastedLogs.transcript}`).stage).toBe("login");
  });

  it("shows no password of an address", () => {
    expect(JSON.stringify(symptomIn("220 a\nUSER b\nfailed: ftp://b:secret@203.0.113.5/"))).not.toContain("secret");
  });

  it.each([
    'FTP Tx: "*"',
    "2026-02-03 10:00:00,123 [main] DEBUG net.ftp - *",
    '[pid 1] FTP command: Client "198.51.100.7", "*"',
  ])("is read behind what a program logs before each line: %s", (prefix) => {
    const lines = ["220 a", "USER b", "331 c", "PASS d", "230 e", "PASV", "227 f (10,0,0,5,195,80).", "LIST", "425 g"];
    const text = lines.map((line) => prefix.replace("*", line)).join("\n");
    expect(symptomIn(text)).toMatchObject({
      format: "transcript",
      data: "pasv",
      stage: "data-connect",
      replyCode: 425,
    });
  });

  it("of a classic ftp is not taken for lftp's", () => {
    const text =
      "Connected to 203.0.113.5.\n220 a\n---> USER b\n331 c\n---> PASS d\n230 e\n---> EPSV\n229 f (|||50123|)\nftp: timed out";
    expect(symptomIn(text)).toMatchObject({ format: "transcript", stage: "data-connect", dialled: "203.0.113.5" });
  });
});
