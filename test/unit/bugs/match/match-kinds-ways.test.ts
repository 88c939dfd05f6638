/** What lines tell of the way of a connection, and what then is not told: each with a paste that differs in one thing. */
import { answerTo } from "../../../support/answers";

const login = ["220 ready", "USER bob", "331 Password required", "PASS x", "230 Logged in"];
const curl = (port: number): readonly string[] => [
  `*   Trying 203.0.113.19:${port}...`,
  `* Connected to 203.0.113.19 (203.0.113.19) port ${port}`,
  "< 220 ready",
  "> USER bob",
  "< 331 more",
  "> PASS x",
  "< 230 in",
  "> PASV",
  "< 227 Entering Passive Mode (203,0,113,19,156,70)",
  "* connect to 203.0.113.19 port 40006 failed: Connection timed out",
  "curl: (28) Failed to connect",
];

function causesOf(...pastes: readonly (readonly string[])[]): readonly (readonly [string, string])[] {
  const answer = answerTo(pastes.map((lines) => lines.join("\n")));
  return (answer?.candidates ?? []).map(({ cause, confidence }) => [cause, confidence]);
}

const namesOf = (...pastes: readonly (readonly string[])[]): readonly string[] =>
  causesOf(...pastes).map(([cause]) => cause);

describe("a control connection to another port than 21", () => {
  it("may be one that no router follows, and is where the same does well on port 21", () => {
    expect(namesOf(curl(2121))).toContain("helper-not-on-port");
    expect(namesOf(curl(21))).not.toContain("helper-not-on-port");
    expect(namesOf([...curl(2121), "The same on port 21 of another server is ok."])[0]).not.toBe("no-helper");
  });

  it("is one that FortiOS does not follow whose session helper is on 21", () => {
    const helper = ["# show system session-helper", "edit 4", "set name ftp", "set protocol 6", "set port 21", "next"];
    expect(causesOf(curl(2121), helper)[0]).toEqual(["helper-not-on-port", "shown"]);
    expect(namesOf(curl(21), helper)).not.toContain("helper-not-on-port");
    const tftp = helper.map((line) => line.replace("ftp", "tftp"));
    expect(causesOf(curl(2121), tftp)[0]).not.toEqual(["helper-not-on-port", "shown"]);
  });
});

test("a packet that FortiOS' flow trace has as denied was stopped by a router, on its way out", () => {
  const trace = (verdict: string): readonly string[] => [
    'id=1 trace_id=12 func=print_pkt_detail line=5845 msg="vd-root:0 received a packet(proto=6, 10.1.20.55:50548->203.0.113.19:40006) from internal. flag [S], seq 9"',
    'id=1 trace_id=12 func=vf_ip_route_input_common line=2605 msg="find a route: flag=04000000 gw-198.51.100.1 via wan1"',
    `id=1 trace_id=12 func=fw_forward_handler line=732 msg="${verdict}"`,
  ];
  expect(namesOf(curl(21), trace("Denied by forward policy check (policy 0)"))[0]).toBe("egress-blocked");
  expect(causesOf(curl(21), trace("Allowed by Policy-14: SNAT")).map(([, confidence]) => confidence)).not.toContain(
    "shown",
  );
});

describe("what the helper expects", () => {
  const expected =
    "    [NEW] 300 proto=6 src=192.0.2.17 dst=198.51.100.77 sport=0 dport=50312 mask-src=255.255.255.255 helper=ftp";
  const dropped = (port: number): string =>
    `kernel: FW-DROP IN=eth1 OUT=eth0 SRC=192.0.2.17 DST=198.51.100.77 LEN=60 PROTO=TCP SPT=41016 DPT=${port} SYN URGP=0`;

  it("is not accepted where a rule stops just that", () => {
    expect(causesOf(["ftp through the router fails", expected, dropped(50312)])[0]).toEqual([
      "related-not-accepted",
      "shown",
    ]);
  });

  it("is another connection where the port is another", () => {
    expect(namesOf(["ftp through the router fails", expected, dropped(50999)])).not.toContain("related-not-accepted");
  });
});

describe("a command that the server denies", () => {
  const session = (verb: string): readonly string[] => [
    ...login,
    "FEAT",
    "550 Permission denied.",
    ...(verb === "NLST" ? ["PASV", "227 Entering Passive Mode (203,0,113,5,117,49)."] : []),
    verb,
    "550 Permission denied.",
  ];

  it("is told by a setting that does not allow it", () => {
    const setting = "cmds_allowed=USER,PASS,TYPE,PASV,PORT,STOR,QUIT";
    expect(causesOf([...session("NLST"), setting])[0]).toEqual(["server-denies-command", "shown"]);
    const allowed = `${setting},NLST`;
    expect(causesOf([...session("NLST"), allowed])[0]).not.toEqual(["server-denies-command", "shown"]);
  });

  it("is likelier than a file where what names no file is answered alike", () => {
    expect(namesOf(session("NLST"))[0]).toBe("server-denies-command");
    const named = [...login, "RETR a.bin", "550 Permission denied."];
    expect(namesOf(named)[0]).toBe("server-denies-file");
  });
});

describe("two programs in one paste", () => {
  const typed = ["ftp> ls", "227 Entering Passive Mode (10,254,11,3,161,77).", "150 Here it comes.", "226 Sent."];
  const library = [
    "-> EPSV",
    "<- 229 Entering Extended Passive Mode (|||41206|)",
    "dial tcp 10.254.11.3:41206: i/o timeout",
  ];

  it("are two sessions: what works with PASV and not with EPSV is not known to what follows FTP", () => {
    expect(namesOf([...library, "the same with ftp:", ...typed])[0]).toBe("helper-does-not-know-line");
  });

  it("are one where a person's prompt stands before the first data command", () => {
    const one = answerTo([
      [...login, "ftp> ls", "227 Entering Passive Mode (10,0,0,5,200,1)", "425 Failed."].join("\n"),
    ]);
    expect(one?.symptom.beside).toEqual([]);
  });
});

describe("what keeps no connection from being made", () => {
  const tls = [
    "> AUTH TLS",
    "< 234 go",
    "> USER a",
    "< 331 b",
    "> PASS c",
    "< 230 d",
    "> PBSZ 0",
    "< 200 e",
    "> PROT P",
    "< 200 f",
  ];

  it("is a full stop behind the port of 229", () => {
    const trace = [
      'File "/v/aioftp/client.py", line 329, in parse_epsv_response',
      "ValueError: invalid literal for int() with base 10: ').'",
    ];
    const lines = [...login, "EPSV", "229 Entering Extended Passive Mode (|||50006|).", ...trace];
    const causes = namesOf(lines);
    expect(causes[0]).toBe("client-cannot-parse-reply");
    expect(causes).not.toContain("passive-port-not-forwarded");
  });

  it("is a handshake that begins before the transfer command", () => {
    const lines = ["< 220 a", ...tls, "> EPSV", "< 229 Entering Extended Passive Mode (|||51321|)"];
    const early = namesOf([...lines, "* TCP connected, ClientHello sent (517 bytes)", "* timed out, no ServerHello"]);
    expect(early[0]).toBe("data-tls-too-early");
    expect(early).not.toContain("helper-blind-to-tls");
    const late = namesOf([...lines, "> LIST", "< 150 go", "* ClientHello sent (517 bytes)", "* timed out"]);
    expect(late[0]).not.toBe("data-tls-too-early");
  });

  it("is 0.0.0.0, which a client dials at its own host", () => {
    const lines = [...login, "PASV", "227 (0,0,0,0,163,121)", "ftp: connect: Connection refused"];
    expect(namesOf(lines)[0]).toBe("passive-address-unroutable");
    expect(namesOf(lines)).not.toContain("passive-port-not-forwarded");
  });
});

test("a private address in a server's own log is no stranger's to a client of the same network", () => {
  const log = (client: string): readonly string[] => [
    `[${client}] Server: 220 Ready`,
    `[${client}] Client: user a`,
    `[${client}] Server: 331 b`,
    `[${client}] Client: pass c`,
    `[${client}] Server: 230 d`,
    `[${client}] Client: pasv`,
    `[${client}] Server: 227 PASV OK (192,168,223,5,39,17)`,
    `[${client}] Connection closed`,
  ];
  expect(namesOf(log("192.168.223.30"))).not.toContain("passive-address-unroutable");
  expect(namesOf(log("198.51.100.9"))).toContain("passive-address-unroutable");
});

test("what somebody types at a shell shows nothing but the question", () => {
  const typed = "[root@ftp ~]# sysctl -a | grep rp_filter";
  const session = [...login, "PASV", "227 Entering Passive Mode (203,0,113,5,200,1)", "LIST", "error: timed out"];
  expect(causesOf([...session, typed])).not.toContainEqual(["reverse-path-filtered", "shown"]);
  const martian = "kernel: IPv4: martian source 198.51.100.14 from 203.0.113.90, on dev eth1";
  expect(causesOf([...session, typed, martian])[0]).toEqual(["reverse-path-filtered", "shown"]);
});

describe("several servers behind one address", () => {
  const pods = (second: string): readonly string[] => [
    "ftp works every second time since we scaled it to 2",
    "vsftpd-a 1/1 Running 0 2d 10.244.1.17 node1",
    `vsftpd-b 1/1 Running 0 2d ${second} node2`,
  ];
  const refused = [
    "10:02:19.641120 IP 10.244.0.1.49822 > 10.244.2.23.40006: Flags [S], seq 1, win 64240, length 0",
    "10:02:19.641139 IP 10.244.2.23.40006 > 10.244.0.1.49822: Flags [R.], seq 0, ack 2, win 0, length 0",
  ];

  it("are the reason where the port that one named came to another", () => {
    expect(causesOf(curl(21), [...pods("10.244.2.23"), ...refused])[0]).toEqual([
      "data-connection-to-other-server",
      "shown",
    ]);
  });

  it("are none where who refused it is no server that is listed", () => {
    const causes = causesOf(curl(21), [...pods("10.244.9.9"), ...refused]);
    expect(causes).not.toContainEqual(["data-connection-to-other-server", "shown"]);
  });
});

describe("a SYN that is sent again", () => {
  const packet = (link: string, way: string, flags: string): string =>
    way === "In"
      ? `23:41:07.1 ${link}  In  IP 203.0.113.77.50112 > 198.51.100.21.40006: Flags [${flags}], seq 1, win 64240, length 0`
      : `23:41:07.2 ${link}  Out IP 198.51.100.21.40006 > 203.0.113.77.50112: Flags [${flags}], seq 2, ack 2, win 64240, length 0`;
  const from = (link: string): readonly string[] => [
    packet("eth1", "In", "S"),
    packet(link, "Out", "S."),
    packet("eth1", "In", "S"),
    packet(link, "Out", "S."),
  ];

  it("after an answer by another link has its way back missing", () => {
    expect(namesOf(curl(21), from("eth0"))[0]).toBe("return-route-missing");
    expect(namesOf(curl(21), from("eth0"))).not.toContain("passive-port-not-forwarded");
  });

  it("was heard where the opener goes on", () => {
    const heard = [packet("eth1", "In", "S"), packet("eth0", "Out", "S."), packet("eth1", "In", ".")];
    expect(namesOf(curl(21), heard)[0]).not.toBe("return-route-missing");
  });
});

test("a packet that a filter without an interface stopped was stopped on the side that it came from", () => {
  const flow = (from: string, to: string): readonly string[] => [
    `2 123456789012 eni-0a1b2c3d ${from} ${to} 48412 40006 6 4 240 1795601102 1795601160 REJECT OK`,
  ];
  expect(namesOf(curl(21), flow("10.0.3.25", "203.0.113.19"))[0]).toBe("egress-blocked");
  expect(namesOf(curl(21), flow("198.51.100.7", "10.0.3.25"))[0]).toBe("server-host-firewall");
});

test("RouterOS' helper on port 21 does not follow another port, and one that is disabled follows none", () => {
  const listing = (flag: string): readonly string[] => [
    "[admin@MikroTik] > /ip firewall service-port print",
    "Flags: X - disabled, I - invalid",
    " #   NAME          PORTS",
    ` 0 ${flag} ftp           21`,
    " 1   tftp          69",
  ];
  expect(causesOf(curl(2121), listing(" "))[0]).toEqual(["helper-not-on-port", "shown"]);
  expect(causesOf(curl(2121), listing("X"))[0]).not.toEqual(["helper-not-on-port", "shown"]);
});

test("a firewall that forgot the control connection is named by its own words of that connection alone", () => {
  const begun = [
    ...login,
    "PASV",
    "227 Entering Passive Mode (203,0,113,5,200,1)",
    "RETR a",
    "150 go",
    "error: timed out",
  ];
  const teardown = (port: number): string =>
    `%ASA-6-302014: Teardown TCP connection 9 for outside:203.0.113.5/${port} to inside:192.0.2.9/51622 duration 1:00:02 bytes 1187 Connection timeout`;
  expect(causesOf([...begun, teardown(21)])[0]).toEqual(["control-connection-dropped-idle", "shown"]);
  expect(causesOf([...begun, teardown(51201)])).not.toContainEqual(["control-connection-dropped-idle", "shown"]);
});

test("an empty trust store is the client's, and a word of the IP header none of TLS", () => {
  const ended = ["< 220 a", "> AUTH TLS", "< 234 go"];
  const java = "javax.net.ssl.SSLException: the trustAnchors parameter must be non-empty";
  expect(causesOf([...ended, java])[0]).toEqual(["certificate-untrusted", "shown"]);
  const header = "Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2";
  expect(causesOf([...ended, header])).not.toContainEqual(["tls-versions-do-not-meet", "shown"]);
});
