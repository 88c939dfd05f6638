import { caseIn } from "../../../support/read-case";
import type { CauseId } from "../../../../harness/model/diagnosis";

/** Causes that lines show or hint at: what known networks show is left out. */
function said(...texts: readonly string[]): readonly CauseId[] {
  return (caseIn(texts)?.candidates ?? []).filter(({ because }) => because.length > 0).map(({ cause }) => cause);
}

const login = "220 ready\nUSER a\n331 Password required.\nPASS ###\n230 Logged in.\n";

describe("a client that begins again after the same reply", () => {
  const session = (end: string): string =>
    `Wed Jul  9 10:12:01 2025 [pid 1] CONNECT: Client "192.0.2.64"
Wed Jul  9 10:12:01 2025 [pid 1] FTP response: Client "192.0.2.64", "220 Welcome."
Wed Jul  9 10:12:01 2025 [pid 1] FTP command: Client "192.0.2.64", "USER cam"
Wed Jul  9 10:12:01 2025 [pid 1] [cam] FTP response: Client "192.0.2.64", "331 Please specify the password."
Wed Jul  9 10:12:01 2025 [pid 1] [cam] FTP command: Client "192.0.2.64", "PASS <password>"
Wed Jul  9 10:12:01 2025 [pid 2] [cam] FTP response: Client "192.0.2.64", "230 Login successful."
${end}`;
  const allo = `Wed Jul  9 10:12:01 2025 [pid 2] [cam] FTP command: Client "192.0.2.64", "ALLO 1"
Wed Jul  9 10:12:01 2025 [pid 2] [cam] FTP response: Client "192.0.2.64", "202 ALLO command ignored."`;
  const type = `Wed Jul  9 10:12:01 2025 [pid 2] [cam] FTP command: Client "192.0.2.64", "TYPE I"
Wed Jul  9 10:12:01 2025 [pid 2] [cam] FTP response: Client "192.0.2.64", "200 Switching to Binary mode."`;

  it("does not understand it", () => {
    expect(said(`${session(allo)}\n${session(allo)}`)[0]).toBe("client-cannot-parse-reply");
  });

  it("is none if the sessions end after different commands, or there is one", () => {
    expect(said(`${session(allo)}\n${session(type)}`)).toEqual([]);
    expect(said(session(allo))).toEqual([]);
  });
});

describe("a packet that the kernel's helper took for a part of a line", () => {
  const kernel =
    "[183021.551203] nf_ct_ftp: dropping packet: partial matching of `227 ' IN= OUT= SRC=192.168.88.11 DST=192.168.88.2 LEN=65 TOS=0x10 PREC=0x00 TTL=64 ID=21753 DF PROTO=TCP SPT=21 DPT=52558 SEQ=1495310752 ACK=1151444886 WINDOW=1019 RES=0x00 ACK PSH FIN URGP=0";
  const capture = (line: string, length: number): string =>
    `10:41:12.118204 IP 192.168.88.11.21 > 192.168.88.2.52558: Flags [P.], seq 1:${length + 1}, ack 1, win 1019, length ${length}: FTP: ${line}`;

  it("was a whole line, if a capture has all of it", () => {
    expect(said(kernel, capture("227 Logout.", 13))[0]).toBe("helper-dropped-line");
  });

  it("was a part, if the capture has a part or nothing", () => {
    expect(said(kernel, capture("227 Ent", 7))[0]).toBe("helper-dropped-partial-line");
    expect(said(kernel)[0]).toBe("helper-dropped-partial-line");
  });
});

describe("a reply that somebody quotes from the server's end", () => {
  const client = `${login}PASV\n227 Entering Passive Mode (203,0,113,70,141,112).\nftp: connect: Connection timed out`;
  const quoting = (port: string): string =>
    `${client}\n\nwith tcpdump inside the container the reply leaves as "227 Entering Passive Mode (203,0,113,70,${port})." It is so with all clients.`;

  it("was altered, if it has another port", () => {
    expect(said(quoting("82,14"))).toContain("line-altered-on-the-way");
  });

  it("was not, if it has the same one", () => {
    expect(said(quoting("141,112"))).not.toContain("line-altered-on-the-way");
  });
});

describe("a refusal in a log of replies alone", () => {
  const upload = "227 Entering Passive Mode (192,0,2,151,236,252)\n";
  const opened = "220 Welcome\n331 Password required\n230 OK.\n";

  it("is what the session ends with, if nothing but the goodbye follows", () => {
    const read = caseIn([`${opened}${upload}553 Can't open that file: Permission denied\n221 Logout.`]);
    expect(read?.symptom).toMatchObject({ result: "failed", replyCode: 553 });
  });

  it("is not, if the transfer was then done, or no data connection was arranged", () => {
    const done = `${opened}550 No such folder\n${upload}150 Opening\n226 Transfer complete\n221 Logout.`;
    expect(caseIn([done])?.symptom.replyCode).toBeNull();
    const folder = `${opened}${upload}150 Opening\n226 Transfer complete\n550 No such folder\n221 Logout.`;
    expect(caseIn([folder])?.symptom.stage).not.toBe("transfer");
    const other = `${opened}${upload}200 TYPE is now ASCII\n550 No such folder\n221 Logout.`;
    expect(caseIn([other])?.symptom.stage).not.toBe("transfer");
  });
});

describe("a firewall's inspection of FTP", () => {
  const counters = (packets: number, drops: number): string =>
    `the listing hangs, FTP on port 2121\n      Inspect: ftp, packet ${packets}, lock fail 0, drop ${drops}, reset-drop 0`;

  it("that has read nothing looks at another port", () => {
    expect(said(counters(0, 0))[0]).toBe("helper-not-on-port");
    expect(said(counters(0, 0))).not.toContain("control-line-blocked");
  });

  it("that has read packets and stopped none is no cause", () => {
    expect(said(counters(12, 0))).not.toContain("helper-not-on-port");
    expect(said(counters(12, 0))).not.toContain("control-line-blocked");
  });

  it("that has stopped some stops lines", () => {
    expect(said(counters(12, 3))).toContain("control-line-blocked");
  });
});
