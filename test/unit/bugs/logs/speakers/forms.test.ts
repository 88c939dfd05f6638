import { readSpeakers } from "../../../../../harness/bugs/logs/speakers/read-speakers";
import { readPastes } from "../../../../../harness/bugs/logs/read-pastes";
import { speakerForms } from "../../../../../harness/bugs/logs/speakers/forms";
import { pastedLogs } from "../../../../support/pasted-logs";
import { speakerSamples } from "../../../../support/speaker-samples";

type Sample = keyof typeof speakerSamples;

function saidIn(sample: Sample): readonly string[] {
  return readSpeakers(speakerSamples[sample]).lines.map(({ line }) => `${line.direction} ${line.text}`);
}

describe("a server's log", () => {
  it.each<[Sample, readonly string[]]>([
    [
      "vsftpd-log",
      ["> PASV", "< 227 Entering Passive Mode (10,0,0,5,195,80).", "* FAIL UPLOAD: /up/a.bin, 0.00Kbyte/sec"],
    ],
    ["pure-ftpd-syslog", ["> PASV", "> MLSD", "* Timeout - try typing a little faster next time"]],
    ["pyftpdlib-log", ["> PORT 10,0,0,5,252,236", "* Rejected data connection to foreign address 10.0.0.5:64748."]],
    ["sftpgo-log", ["> PASV", "< 227 Entering Passive Mode (172,17,0,38,195,80)"]],
    [
      "structured-log",
      [
        "> USER web",
        "< 227 Entering Passive Mode (10,0,0,5,195,80)",
        "* accept failed: accept tcp [::]:50000: i/o timeout",
        "< 425 Can't open data connection",
      ],
    ],
    ["sftpgo-console", ["< 220 SFTPGo_2.6.6", "> USER test-user"]],
    ["filezilla-server-log", ["> AUTH TLS", "* TLS session of data connection not resumed."]],
    [
      "filezilla-server-0.9",
      ["> USER web", '< 425 Can\'t open data connection for transfer of "/"', "* disconnected."],
    ],
    ["proftpd-log", ["* unable to open data connection: TLS negotiation failed"]],
    ["proftpd-debug", ["> PASV", "* Entering Passive Mode (10,0,0,5,163,174).", "> MLSD"]],
    ["proftpd-extended-log", ["> EPSV", "< 229", "> LIST", "< 425"]],
    ["proftpd-tls-log", ["* SSL_shutdown error: wrong version number"]],
    ["iis-w3c-log", ["> PASV", "< 227", "* STOR: sc-win32-status 10060 (connection timed out)"]],
    [
      "iis-without-fields",
      [
        "* DataChannelClosed: sc-win32-status 1236 (connection aborted), sc-substatus 38 (Client IP on the control channel didn't match the client IP on the data channel)",
        "> STOR file.txt",
      ],
    ],
    ["serv-u-log", ["> PASV", "< 425 Cannot open data connection (10060)."]],
    ["cerberus-log", ["> LIST", "< 425 Unable to open the data connection"]],
    ["crushftp-log", ["> PASV", "< 425 Can't open data connection."]],
    ["apache-ftpserver-log", ["> PASV", "< 227 Entering Passive Mode (10,0,0,5,195,80)"]],
    ["syslog-ftpd", ["> PASV", "< 227 Entering Passive Mode (10,0,0,5,195,80)"]],
    ["winscp-xml", ["* Timeout detected. (data connection)", "* Could not retrieve directory listing"]],
    ["xml-events", ["* FTP data connection failed."]],
  ])("%s is read as commands, replies and remarks", (sample, expected) => {
    expect(saidIn(sample)).toEqual(expect.arrayContaining([...expected]));
  });

  it("has a command once, however many modules ProFTPD gives it to", () => {
    expect(saidIn("proftpd-debug").filter((line) => line === "> PASV")).toHaveLength(1);
  });

  it("is told from another one's by its form", () => {
    const software = (sample: Sample) =>
      readPastes([{ name: "a", text: speakerSamples[sample] }])?.sources.map(({ by, software: name }) => [by, name]);
    expect(software("vsftpd-log")).toEqual([["server", "vsftpd"]]);
    expect(software("pure-ftpd-syslog")).toEqual([["server", "pure-ftpd"]]);
    expect(software("proftpd-log")).toEqual([["server", "proftpd"]]);
    expect(software("iis-w3c-log")).toEqual([["server", "IIS"]]);
  });

  it("is known behind what compose and the journal put before each line", () => {
    const text = speakerSamples["pure-ftpd-syslog"];
    const said = (prefix: string) =>
      readSpeakers(text.replace(/^/gm, prefix)).lines.map(({ line }) => `${line.direction} ${line.text}`);
    expect(said("ftpd-1  | ")).toEqual(saidIn("pure-ftpd-syslog"));
    expect(said("2026-01-04T11:14:17+01:00 nas ")).toEqual(saidIn("pure-ftpd-syslog"));
  });

  it("shows no password", () => {
    for (const text of Object.values(speakerSamples)) {
      const read = JSON.stringify(readPastes([{ name: "a", text }]));
      expect(read).not.toMatch(/PASS (?!###)\S/);
    }
  });
});

describe("forms", () => {
  it("take no line of a client's log", () => {
    const naming = [
      "Respuesta:\t500 OOPS: vsftpd: refusing to run with writable root inside chroot()",
      "< 220-pure-ftpd: (see the notes) [INFO] of the day",
      "<--- 421 proftpd: too many connections, FTP Server is full",
      "Response:\t220 FTP Server ready [ftp.example.com]",
      "> STOR /var/log/iptables -A INPUT.txt",
    ];
    for (const text of [...Object.values(pastedLogs), ...naming]) expect(readSpeakers(text).forms).toEqual([]);
  });

  it("are each known by their own sample", () => {
    const found = new Set(Object.values(speakerSamples).map((text) => readSpeakers(text).forms[0]?.id));
    expect(speakerForms.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });
});
