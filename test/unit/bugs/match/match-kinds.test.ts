import type { MatchReport } from "../../../../harness/model/match";
import { answerTo } from "../../../support/answers";

/** Pastes of one kind as lines, with their first cause; `null` where nothing in them is of FTP. */
type Kind = { readonly about: string; readonly pastes: readonly (readonly string[])[]; readonly cause: string | null };

const login = ["220 ready", "USER bob", "331 Password required", "PASS x", "230 Logged in"];
const passive = [...login, "PASV", "227 Entering Passive Mode (10,0,0,5,200,1)", "LIST"];

const kinds: readonly Kind[] = [
  {
    about: "a login that is refused because TLS is wanted",
    pastes: [
      ["> USER bob", "< 530 Please use TLS to log in.", "error: login failed"],
      ["Command: USER bob", "Response: 421 Use FTPS instead.", "Error: Could not connect to server"],
      ["220 ready", "USER bob", "530 Secure login required."],
    ],
    cause: "tls-required",
  },
  {
    about: "AUTH that is answered as if it were out of turn",
    pastes: [
      ["220 ready", "AUTH TLS", "530 Please login with USER and PASS."],
      ["220 ready", "AUTH TLS", "503 Bad sequence of commands.", "Error: could not connect"],
    ],
    cause: "tls-not-offered",
  },
  {
    about: "a refusal that a client quotes with its command",
    pastes: [
      ["ftpget: unexpected server response to RETR: 550 Failed to open file."],
      ["ftpput: unexpected server response to STOR: 452 Insufficient storage space"],
      ["upload.sh: response to STOR was: 553 Users may not upload files"],
    ],
    cause: "server-denies-file",
  },
  {
    about: "a file that a server of another system has no room for, or that something holds",
    pastes: [
      [
        ...passive.slice(0, 7),
        "STOR 'A.B'",
        "125 Storing",
        "451-System completion code and reason: B37-04",
        "451 Transfer aborted.",
      ],
      [...passive.slice(0, 7), "STOR A.BCK", "150 Opening", "552-%RMS-F-FUL, device full", "552 Transfer aborted."],
      [...passive.slice(0, 7), "STOR A", "550-Data set A is allocated to another job", "550 and is not available now"],
      [
        ...passive.slice(0, 7),
        "STOR A",
        "150 Sending",
        "426-Not able to open or create file A in library B.",
        "426 Data transfer ended.",
      ],
      [
        "System.Net.WebException: The remote server returned an error: (451) Local error in processing.",
        "at System.Net.FtpWebRequest.GetResponse()",
      ],
    ],
    cause: "server-denies-file",
  },
  {
    about: "a refusal that begins with the name of the data command",
    pastes: [
      ["WebException: Server returned an error: 501 PASV: Operation not permitted"],
      ["Error: 500 EPSV: command not allowed here"],
      [...login, "PASV", "502 PASV: Operation not permitted"],
    ],
    cause: "data-command-refused",
  },
  {
    about: "a private address that Wget dials, in its languages",
    pastes: [
      ["正在连接 203.0.113.13:21... 已连接。", "==> PASV ... 无法连接到 10.2.2.1 端口 65057：连接超时"],
      [
        "Verbindungsaufbau zu ftp.example (ftp.example)|203.0.113.80|:21 … verbunden.",
        "==> TYPE I ... fertig.  ==> PASV ... Verbindungsaufbau zu 172.16.4.20 Port 50012 nicht möglich: abgelaufen",
      ],
      [
        "Connexion à ftp.example|203.0.113.80|:21… connecté.",
        "==> PASV ... impossible de joindre 10.0.0.4 port 40000 : refusé",
      ],
    ],
    cause: "passive-address-unroutable",
  },
  {
    about: "a server that greets late",
    pastes: [
      [
        ". 2021-01-01 10:00:00.000 Connecting to 192.0.2.9 ...",
        ". 2021-01-01 10:00:00.050 Connected with 192.0.2.9. Waiting for welcome message...",
        ". 2021-01-01 10:00:15.000 Timeout detected. (control connection)",
      ],
      [
        "Statut : Connexion établie, attente du message d'accueil...",
        "Erreur : Connexion interrompue après 20 secondes d'inactivité",
      ],
    ],
    cause: "server-slow",
  },
  {
    about: "a router's log of the very packet",
    pastes: [
      [
        ...passive,
        "Connection timed out",
        "Mar  3 09:10:11 gw kernel: FWD-REJ: IN=eth1 OUT=eth0 SRC=192.168.5.20 DST=10.0.0.5 LEN=52 PROTO=TCP SPT=51111 DPT=51201 WINDOW=64240 SYN URGP=0",
      ],
    ],
    cause: "rule-blocks-data-connection",
  },
  {
    about: "a host's own firewall that stops what the host sends",
    pastes: [
      [
        "200 PORT command successful.",
        "425 Failed to establish connection.",
        "Feb 11 10:02:01 srv kernel: OUT-DROP IN= OUT=eth0 SRC=203.0.113.10 DST=198.51.100.7 LEN=60 PROTO=TCP SPT=20 DPT=50123 WINDOW=29200 SYN URGP=0",
      ],
    ],
    cause: "server-host-firewall",
  },
  {
    about: "an upload of hours of which everything arrived",
    pastes: [
      [
        ...passive.slice(0, 7),
        "STOR a.bin",
        "150 Ok to send data.",
        "100 40.1G    0     0  100 40.1G      0  4672k  2:30:02  2:30:02 --:--:-- 4610k",
        "* We are completely uploaded and fine",
        "* Recv failure: Connection timed out",
      ],
    ],
    cause: "control-connection-dropped-idle",
  },
  {
    about: "425 after transfers that worked",
    pastes: [
      [
        ...passive,
        "150 ok",
        "226 ok",
        "PASV",
        "227 Entering Passive Mode (10,0,0,5,200,2)",
        "RETR a",
        "425 Failed to establish connection.",
      ],
      ["INFO : a.txt: Copied (new)", "ERROR : b.txt: Failed to copy: open: 425 Failed to establish connection"],
    ],
    cause: "server-limit-reached",
  },
  {
    about: "a helper that watches another port than the one that is dialled",
    pastes: [
      [
        "*raw",
        "-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp",
        "COMMIT",
        "ftp> open 198.51.100.40 2121",
        "Connected to 198.51.100.40.",
        "---> PORT 192,168,1,23,212,61",
        "500 Illegal PORT command.",
      ],
    ],
    cause: "helper-not-on-port",
  },
  {
    about: "a range whose ports run out, in servers' own words",
    pastes: [
      [...login, "PASV", "421 Can't find a valid unprivileged port to bind."],
      [...login, "PASV", "421 Could not listen for passive connection: could not find any port to listen to"],
      [...login, "EPSV", "425 Sorry."],
    ],
    cause: "passive-range-exhausted",
  },
  {
    about: "long packets that are lost",
    pastes: [
      [
        "our FTP server, through the tunnel:",
        "# ping -M do -s 1472 -c 3 10.99.0.17",
        "3 packets transmitted, 0 received, 100% packet loss, time 2033ms",
        "# ping -M do -s 1372 -c 3 10.99.0.17",
        "3 packets transmitted, 3 received, 0% packet loss, time 2003ms",
      ],
    ],
    cause: "path-mtu-black-hole",
  },
  {
    about: "421 when the time is up",
    pastes: [
      ["FTPError: 421 Idle timeout (600 seconds): closing control connection"],
      ["Error: 421 Login timeout (300 seconds): closing control connection"],
      ["400 level error from server", "FTPError: 421 No transfer timeout (60 seconds): closing control connection"],
    ],
    cause: "server-limit-reached",
  },
  {
    about: "a socket that the server cannot make",
    pastes: [
      [...login, "EPSV", "421 Failed to create data socket.", "LIST", "503 Bad sequence of commands."],
      [...login, "PASV", "425 Cannot open passive connection: unable to bind socket."],
      ["---> PASV", "<--- 421 Could not create socket.", "---> RETR a.txt", "<--- 503 Bad sequence of commands."],
    ],
    cause: "passive-range-exhausted",
  },
  {
    about: "a data connection of another address",
    pastes: [
      [...passive, "425 Security: Bad IP connecting."],
      [
        "ftp1 proftpd[10] 192.0.2.10 (203.0.113.1[203.0.113.1]): SECURITY VIOLATION: Passive connection from foreign IP address 198.51.100.6 rejected (does not match client IP address 203.0.113.1).",
      ],
    ],
    cause: "foreign-data-peer",
  },
  {
    about: "a 227 that its client's parser throws away",
    pastes: [
      [
        "put: PASV",
        "get: 227 10,0,0,5,200,1",
        "/usr/lib/ruby/net/ftp.rb:1399:in `parse227': 227 10,0,0,5,200,1 (Net::FTPProtoError)",
      ],
    ],
    cause: "client-cannot-parse-reply",
  },
  {
    about: "SFTP",
    pastes: [
      [
        "---- Running connect program (ssh -a -x h.example sftp)",
        "---> sending a packet, length=5, type=1(INIT), id=0",
        "---- protocol version set to 6",
      ],
      [
        '. Looking up host "h.example" for SSH connection',
        "> Type: SSH_FXP_INIT, Size: 5, Number: -1",
        ". Asynchronous error",
      ],
    ],
    cause: null,
  },
  {
    about: "a client that crashes on a reply that was in order",
    pastes: [
      [
        "goftp: 0.050 #1 sending command EPSV",
        "goftp: 0.051 #1 got 500-Unknown command",
        "goftp: 0.052 #1 sending command PASV",
        "goftp: 0.053 #1 got 227-Entering Passive Mode (10,0,0,5,200,1)",
        "goftp: 0.053 #1 error opening data connection: error parsing PASV response (Unknown command)",
        "panic: error parsing PASV response (Unknown command)",
      ],
    ],
    cause: "client-cannot-parse-reply",
  },
  {
    about: "a transfer without a data connection, behind an address that the server refused",
    pastes: [
      [...login, "PORT 10,0,0,9,200,1", "500 Illegal PORT command.", "LIST", "425 Use PORT or PASV first."],
      [
        ...login,
        "EPRT |1|10.0.0.9|51201|",
        "501 I won't open a connection to 10.0.0.9",
        "NLST",
        "425 No data connection",
      ],
    ],
    cause: "active-address-refused",
  },
  {
    about: "a folder or a file that vsftpd's log has as failed",
    pastes: [
      ['Mon Dec  1 10:36:53 2025 [pid 3] [bob] FAIL MKDIR: Client "192.0.2.7", "/a/b"'],
      ['Mon Dec  1 10:36:53 2025 [pid 3] [bob] FAIL DELETE: Client "192.0.2.7", "/a/b"'],
    ],
    cause: "server-denies-file",
  },
  {
    about: "a number of IBM i in the place of words for a certificate",
    pastes: [
      ["220 ready.", "234 AUTH command OK. Initializing SSL connection.", "Secure connection error, return code -18."],
      ["220 ready.", "234 AUTH command OK. Initializing SSL connection.", "Secure connection error, return code -23."],
    ],
    cause: "certificate-untrusted",
  },
  {
    about: "an address that a client leaves for the control connection's, where both are public",
    pastes: [
      [
        "* Connected to ftp.example.net (203.0.113.100) port 21 (#0)",
        ...login.map((line) => (/^\d/.test(line) ? `< ${line}` : `> ${line}`)),
        "> PASV",
        "< 227 Entering Passive Mode (198,51,100,7,200,1)",
        "* Skip 198.51.100.7 for data connection, uses 203.0.113.100 instead",
        "*   Trying 203.0.113.100:51201...",
        "* connect to 203.0.113.100 port 51201 failed: Connection refused",
      ],
    ],
    cause: "passive-address-not-dialled",
  },
  {
    about: "a server that has waited in vain for a transfer after PASV",
    pastes: [
      [
        "2022-04-06 09:01:10,611 h proftpd[18112] h (203.0.113.200[203.0.113.200]): USER bob: Login successful.",
        "2022-04-06 09:01:41,024 h proftpd[18112] h (203.0.113.200[203.0.113.200]): Passive data transfer failed, possibly due to network issues",
      ],
    ],
    cause: "passive-port-not-forwarded",
  },
];

const firstOf = (lines: readonly string[]): string | null | undefined => {
  const report = answerTo([lines.join("\n")]);
  return report === null ? null : report.candidates[0]?.cause;
};

test.each(kinds.flatMap(({ about, pastes, cause }) => pastes.map((lines) => ({ about, lines, cause }))))(
  "$about: $lines",
  ({ lines, cause }) => {
    expect(firstOf(lines)).toBe(cause);
  },
);

const reportOf = (...texts: readonly (readonly string[])[]): MatchReport => {
  const report = answerTo(texts.map((lines) => lines.join("\n")));
  if (report === null) throw new Error("nothing of FTP was read");
  return report;
};
const curesIn = ({ candidates }: MatchReport): string =>
  candidates.flatMap(({ cures }) => cures.map(({ what }) => what)).join("\n");

describe("an answer", () => {
  it("takes both ends' logs of one session for one session", () => {
    const client = [
      "Connected to 10.0.0.5.",
      "220 ready",
      "331 ok",
      "230 ok",
      "ftp> ls",
      "200 PORT command successful",
    ];
    const server = ["USER bob", "PASS x", "PORT 10,0,0,9,200,1", "NLST", "Guru Meditation Error: Core 1 panic'ed"];
    const { symptom, candidates } = reportOf(client, server);
    expect(symptom.beside).toEqual([]);
    expect([candidates[0]?.cause, candidates[0]?.confidence]).toEqual(["server-process-died", "shown"]);
  });

  it("names nothing of the control connection that the session's own replies rule out", () => {
    const built =
      "Feb 11 2019 13:22:40: %ASA-6-302013: Built inbound TCP connection 8 for outside:203.0.113.9/51021 (203.0.113.9/51021) to dmz:192.168.10.5/21 (198.51.100.18/21)";
    const denied =
      'Feb 11 2019 13:22:40: %ASA-4-106023: Deny tcp src outside:203.0.113.9/51021 dst dmz:192.168.10.5/21 by access-group "in"';
    for (const line of [built, denied]) {
      const session = [...passive, "ftp: connect: Connection timed out", line];
      const named = answerTo([session.join("\n")])?.candidates.filter(({ confidence }) => confidence === "shown");
      expect(named?.map(({ cause }) => cause)).toEqual([]);
    }
  });

  it("takes a packet for stopped only where a word of its line says so", () => {
    const packet = "IN=eth0 OUT= SRC=198.51.100.7 DST=10.0.0.5 PROTO=TCP SPT=40000 DPT=51201 SYN";
    const session = [...passive, "ftp: connect: Connection timed out"];
    const told = (prefix: string): readonly string[] =>
      (answerTo([[...session, `kernel: ${prefix} ${packet}`].join("\n")])?.candidates ?? [])
        .filter(({ confidence }) => confidence === "shown")
        .map(({ cause }) => cause);
    expect(told("[UFW BLOCK]")).toEqual(["server-host-firewall"]);
    expect(told("ftp-data:")).toEqual([]);
  });

  it("speaks of no data connection where a transfer was refused for its file", () => {
    const session = [...login, "PORT 10,0,0,9,200,1", "200 PORT ok", "STOR a", "550 a: Permission denied"];
    const causes = answerTo([session.join("\n")])?.candidates.map(({ cause }) => cause);
    expect(causes?.[0]).toBe("server-denies-file");
    expect(causes).not.toContain("active-connection-blocked");
    expect(causes).not.toContain("no-helper");
  });

  it("does not call a login refused because its client says that it failed", () => {
    const lines = ["220 (vsFTPd 3.0.3)", "USER bob", "331 Password", "PASS x", "500 OOPS: chroot", "Login failed!"];
    const causes = answerTo([lines.join("\n")])?.candidates.filter(({ confidence }) => confidence === "shown");
    expect(causes?.map(({ cause }) => cause)).toEqual(["server-setting-broken"]);
  });

  it("calls TLS implicit only where the session's beginning is shown", () => {
    const rest = ["USER a", "331 ok", "PASS b", "230 ok", "PBSZ 0", "200 ok", "PROT P", "200 ok", "PASV", "425 no"];
    expect(reportOf(rest).symptom.mode).toBe("ftps");
    expect(reportOf(["220 ready", ...rest]).symptom.mode).toBe("ftps-implicit");
  });

  it("asks for no more sessions where the time was up", () => {
    const cures = curesIn(reportOf(["FTPError: 421 Idle timeout (600 seconds): closing control connection"]));
    expect(cures).toContain("time limit");
    expect(cures).not.toMatch(/more sessions|keepalive|silent connections/);
  });

  it("sends nobody to passive mode whose client has none", () => {
    const refused = ["ftp> dir", "200 Port request OK.", "425 Unable to open data connection."];
    expect(curesIn(reportOf(refused))).toContain("Use passive mode");
    const known = [...refused, "ftp> passive", "?Invalid command"];
    expect(curesIn(reportOf(known))).not.toContain("Use passive mode");
    expect(curesIn(reportOf(known))).toContain("Use a client that has passive mode");
  });

  it("tells a server to offer no version that only an old client lacks", () => {
    const old = ["> AUTH SSL", "< 234 AUTH SSL successful", "* SSLv3, TLS handshake, Client hello (1):"];
    const alert = "curl: (35) error:14094410:SSL routines:SSL3_READ_BYTES:sslv3 alert handshake failure";
    expect(curesIn(reportOf([...old, alert]))).not.toContain("Let the server offer TLS 1.2");
  });

  it("takes a paste that ends within a line for cut off", () => {
    const { symptom, candidates } = reportOf(["Response: 220-Welcome", "Response: 220-Still", "Respo"]);
    expect([symptom.result, candidates]).toEqual(["cut-off", []]);
  });

  it("asks for no session in clear where the server takes none", () => {
    const refused = ["-> PASV", "227 Entering Passive Mode (203,0,113,5,200,1)", "-> LIST", "error: timed out"];
    const explicit = ["220 (vsFTPd 3.0.3)", "-> AUTH TLS", "234 Proceed with negotiation.", "-> USER a", "331 ok"];
    const session = [...explicit, "-> PASS b", "230 Login successful.", "-> PROT P", "200 ok", ...refused];
    expect(reportOf(session).question?.mode).toBe("ftp");
    const demand = "With FTP I get: 530 Non-anonymous sessions must use encryption.";
    expect(reportOf([demand, ...session]).question?.mode).not.toBe("ftp");
  });
});
