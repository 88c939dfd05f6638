import { readPastes } from "../../../../harness/bugs/logs/read-pastes";
import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOfPastes } from "../../../../harness/bugs/logs/symptom-of-pastes";
import { pastedLogs } from "../../../support/pasted-logs";
import { speakerSamples } from "../../../support/speaker-samples";

const client = `10:00:00 < 220 (vsFTPd 3.0.5)
10:00:01 > PASV
10:00:02 < 227 Entering Passive Mode (203,0,113,9,195,80).
10:00:03 > LIST
10:00:50 Error: Timeout (data socket)`;
/** The same session in another zone: half past ten in the evening, a day before. */
const server = `Sat Feb  7 22:30:00 2026 [pid 1] FTP response: Client "198.51.100.7", "220 (vsFTPd 3.0.5)"
Sat Feb  7 22:30:01 2026 [pid 1] FTP command: Client "198.51.100.7", "PASV"
Sat Feb  7 22:30:02 2026 [pid 1] FTP response: Client "198.51.100.7", "227 Entering Passive Mode (10,0,0,5,195,80)."
Sat Feb  7 22:30:03 2026 [pid 1] FTP command: Client "198.51.100.7", "LIST"
Sat Feb  7 22:31:03 2026 [pid 1] FTP response: Client "198.51.100.7", "425 Failed to establish connection."`;
const kernel =
  "Feb  7 14:00:02 gw kernel: [UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.7 DST=10.0.0.5 PROTO=TCP SPT=53039 DPT=50000 SYN";

describe("several pastes of one case", () => {
  it("stand on one time line, whatever their zones", () => {
    const pastes = readPastes([
      { name: "client.log", text: client },
      { name: "server.log", text: server },
      { name: "kernel.log", text: kernel },
    ]);
    expect(pastes?.order).toBe("by-time");
    expect(pastes?.sources).toMatchObject([
      { name: "client.log", by: "client", shiftMs: 0 },
      { name: "server.log", by: "server", software: "vsftpd", shiftMs: 11.5 * 3_600_000 },
      { name: "kernel.log", by: "kernel", shiftMs: -4 * 3_600_000 },
    ]);
    expect(pastes?.lines.map(({ text }) => text)).toEqual([
      ...["220 (vsFTPd 3.0.5)", "220 (vsFTPd 3.0.5)", "PASV", "PASV"],
      "227 Entering Passive Mode (203,0,113,9,195,80).",
      "227 Entering Passive Mode (10,0,0,5,195,80).",
      ...["LIST", "LIST", "Error: Timeout (data socket)", "425 Failed to establish connection."],
    ]);
    expect(pastes?.log?.lines.every(({ paste, by }) => paste === 0 && by === undefined)).toBe(true);
    expect(pastes?.facts).toMatchObject([{ kind: "logged-packet", paste: 2, line: 1 }]);
  });

  it("keep their order where nothing tells how their clocks differ", () => {
    const pastes = readPastes([
      { name: "client.log", text: client },
      { name: "kernel.log", text: kernel.replace("50000", "50001") },
    ]);
    expect(pastes?.order).toBe("as-given");
    expect(pastes?.sources.map(({ shiftMs }) => shiftMs)).toEqual([0, null]);
  });

  it("let the client tell the dialogue, and the server where no client does", () => {
    const both = [
      { name: "server.log", text: server },
      { name: "client.log", text: client },
    ];
    expect(readPastes(both)?.log?.format.id).toBe("basic-ftp");
    expect(readPastes(both.slice(0, 1))?.log?.format).toMatchObject({ id: "vsftpd-log", by: "server", client: null });
  });

  it("make one symptom: the client's session with the server's words and all facts", () => {
    const pastes = readPastes([
      { name: "client.log", text: client },
      { name: "server.log", text: server },
      { name: "kernel.log", text: kernel },
    ]);
    const symptom = pastes === null ? null : symptomOfPastes(pastes);
    expect(symptom).toMatchObject({
      format: "basic-ftp",
      data: "pasv",
      announced: { address: "203.0.113.9", port: 50000 },
    });
    expect(symptom?.lines.filter(({ by }) => by === "server")).toHaveLength(5);
    expect(symptom?.facts).toHaveLength(1);
  });
});

describe("a server's own log", () => {
  const symptomIn = (text: string) => {
    const pastes = readPastes([{ name: "-", text }]);
    return pastes === null ? null : symptomOfPastes(pastes);
  };

  it("tells no malformed reply where it shows the code alone", () => {
    expect(symptomIn(speakerSamples["iis-w3c-log"])).toMatchObject({ data: "pasv", dataReply: null, replyCode: 425 });
    expect(symptomIn(speakerSamples["proftpd-extended-log"])).toMatchObject({ data: "epsv", dataReply: null });
  });

  it("tells nothing as the client's: where it dialled, and what it said to its user", () => {
    const symptom = symptomIn(speakerSamples["pure-ftpd-syslog"]);
    expect(symptom).toMatchObject({ dialled: null, dataDialled: null, message: null, result: "failed", client: null });
    expect(symptomIn(speakerSamples["sftpgo-log"])).toMatchObject({ dataDialled: null, message: null });
  });

  it("of remarks alone failed, at a stage that nothing tells", () => {
    expect(symptomIn(speakerSamples["proftpd-tls-log"])).toMatchObject({
      result: "failed",
      stage: null,
      message: null,
    });
  });
});

describe("a paste in which several speak", () => {
  it("is taken apart line by line", () => {
    const text = `${pastedLogs.basicFtpTimeout}\n\nand on the server:\n\n${speakerSamples["iptables-s"]}`;
    const pastes = readPastes([{ name: "-", text }]);
    expect(pastes?.sources).toMatchObject([{ by: "mixed", title: "a log of basic-ftp (verbose) and iptables' rules" }]);
    expect(pastes?.log?.lines).toEqual(readLog(pastedLogs.basicFtpTimeout)?.lines);
    expect(pastes?.facts).toHaveLength(5);
  });

  it("leaves the dialogue to the server where the client tells nothing but what failed", () => {
    const pastes = readPastes([
      { name: "a", text: "curl: (28) Failed to connect to ftp.example.com port 50000: Timed out" },
      { name: "b", text: server },
    ]);
    expect(pastes?.log?.format.id).toBe("curl");
    expect(pastes?.log?.lines.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        "PASV",
        "425 Failed to establish connection.",
        "curl: (28) Failed to connect to ftp.example.com port 50000: Timed out",
      ]),
    );
  });

  it("keeps sessions apart that a server logged among each other", () => {
    const line = (pid: number, text: string) => `Sat Feb  7 22:00:00 2026 [pid ${pid}] ${text}`;
    const text = [
      line(1, 'FTP command: Client "198.51.100.7", "PASV"'),
      line(2, 'FTP command: Client "198.51.100.8", "EPSV"'),
      line(1, 'FTP response: Client "198.51.100.7", "227 Entering Passive Mode (10,0,0,5,195,80)."'),
      line(2, 'FTP response: Client "198.51.100.8", "229 Entering Extended Passive Mode (|||50001|)"'),
    ].join("\n");
    const said = readPastes([{ name: "-", text }])?.log?.lines.map(({ text: words }) => words.slice(0, 4).trim());
    expect(said).toEqual(["PASV", "227", "EPSV", "229"]);
  });
});

describe("what is about FTP", () => {
  it.each([
    [
      "a blocked packet to a high port",
      "[UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=53039 DPT=8190 SYN",
      true,
    ],
    [
      "a blocked packet to a web server",
      "[UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=53039 DPT=443 SYN",
      false,
    ],
    ["rules for SSH alone", "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", false],
    ["a rule for all ports", "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 1:65535 -j ACCEPT", false],
    ["rules for port 21", "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT", true],
    ["events of something else", '<event id="1" desc="Backup finished.">', false],
    ["prose", "Hello,\nmy listing hangs.", false],
  ])("%s", (_, text, expected) => {
    expect(readPastes([{ name: "-", text }]) !== null).toBe(expected);
  });

  it("counts a listing without a trace of it beside a client's log", () => {
    const pastes = readPastes([
      { name: "a", text: client },
      { name: "b", text: "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT" },
    ]);
    expect(pastes?.facts).toHaveLength(2);
  });
});
