import { diagnose } from "../../../../harness/diagnose/diagnose";
import { observe } from "../../../../harness/diagnose/observe/observe";
import type { SoftwareId } from "../../../../harness/model/ids";
import type { CauseId, Finding } from "../../../../harness/model/diagnosis";
import type { CellEvidence, ServerExchange } from "../../../../harness/model/evidence";
import { decisionRecording, type DecisionRecording } from "../../../support/decision-recordings";
import { line, simulate, stoppedAt, withAttempt } from "../../../support/simulated-evidence";

const innocent = "The network is not the cause: every packet arrived.";

function root(evidence: CellEvidence): Finding | undefined {
  return diagnose(evidence).findings[0];
}

function causes(evidence: CellEvidence): readonly CauseId[] {
  return diagnose(evidence).findings.map(({ cause }) => cause);
}

/** A session that ended with a reply, as the client alone tells it: what a pasted log holds. */
function pasted(stage: "greeting" | "login" | "data-command" | "transfer", lines: readonly string[]): CellEvidence {
  const last = lines.at(-1)?.slice(2) ?? "";
  const code = Number(last.slice(0, 3));
  const evidence = stoppedAt(stage, lines, { mode: "ftp", message: last, replyCode: Number.isNaN(code) ? null : code });
  return { ...evidence, server: null, routers: [], missing: [] };
}

const loggedIn = ["< 220 ready", "> USER lab1", "< 331 Password", "> PASS ###", "< 230 Logged in"];
const listing = [...loggedIn, "> PASV", "< 227 Entering Passive Mode (203,0,113,1,195,81)."];

/** The same session with a server that has this in its logs or its configuration. */
function heardBy(
  evidence: CellEvidence,
  software: SoftwareId,
  change: {
    readonly systemLog?: readonly string[];
    readonly configuration?: string;
    readonly exchanges?: readonly ServerExchange[];
  },
): CellEvidence {
  const peer = "203.0.113.33";
  const server = {
    software,
    peer,
    exchanges: [],
    tlsLog: [],
    systemLog: [],
    transferLog: [],
    configuration: "",
    ...change,
  };
  return { ...evidence, server };
}

describe("what servers decided in real labs", () => {
  const cases: readonly (readonly [DecisionRecording, CauseId, Finding["confidence"], RegExp])[] = [
    ["max-clients", "server-limit-reached", "shown", /answered PASS with 530.*"530 Too many users, only 1 at a time"/],
    ["max-instances", "server-limit-reached", "shown", /closed the connection.*"MaxInstances \(1\) reached/],
    ["longest-file", "server-denies-file", "shown", /gave up RETR 32768-bytes\.bin.*"MaxRetrieveFileSize/],
    ["stopped-before-tls", "server-slow", "likely", /The server's TLS hello did not leave.*the client's had arrived/],
    ["killed-in-handshake", "server-process-died", "likely", /\(FIN\).*log of the session has a beginning and no end/],
    ["limit-all-list", "server-denies-command", "likely", /answered LIST with 226 and left files out.*<Limit ALL>/],
    ["too-many-users", "server-limit-reached", "shown", /the connection with 421.*too many connected users/],
    ["login-denied", "server-denies-address", "shown", /deny the address 203\.0\.113\.33.*"Connection from .* denied"/],
    ["tcp-wrappers", "server-denies-address", "shown", /"421 Service not available\."/],
    ["limit-write", "server-denies-command", "shown", /denies STOR.*<Limit WRITE> DenyAll <\/Limit>/],
    ["no-folder", "server-denies-file", "shown", /answered CWD list with 550/],
    [
      "oops-inside-tls",
      "server-setting-broken",
      "shown",
      /in clear.*"500 OOPS: cannot change directory:\/nothing\/here"/,
    ],
    ["session-killed", "server-process-died", "likely", /closed the control connection \(FIN\)/],
    ["killed-during-feat", "server-process-died", "likely", /\(RST\) while FEAT waited/],
    ["killed-inside-tls", "server-process-died", "likely", /\(FIN\) while FEAT waited/],
    ["slow-pasv", "server-slow", "likely", /reply to PASV did not leave the server within the 2\.0 s/],
    ["late-226", "server-slow", "likely", /reply to LIST did not leave.*within the 2\.0 s.*data connection had ended/],
    ["227-over-two-lines", "client-cannot-parse-reply", "shown", /could not read "227 \(203,0,113,10,/],
    ["229-to-pasv", "server-reply-malformed", "shown", /"229 Entering.*not answer PASV: the answer is 227/],
    ["data-reset", "transfer-end-lost", "shown", /The server ended the data connection by a reset/],
    ["no-close-notify", "transfer-end-lost", "shown", /without close_notify, which ends TLS/],
    ["426-then-again", "transfer-end-lost", "likely", /says, with 426, that the transfer broke off/],
  ];

  it.each(cases)("%s → %s", (name, cause, confidence, words) => {
    const evidence = decisionRecording(name);
    expect(causes(evidence)).toEqual([cause]);
    expect(root(evidence)).toMatchObject({ cause, confidence });
    expect(root(evidence)?.explanation).toMatch(words);
    expect(root(evidence)?.explanation).toContain(innocent);
  });

  it("is not called the network's innocence where a capture has a gap, or a packet did not arrive", () => {
    const evidence = decisionRecording("no-folder");
    const cut = { ...evidence, captures: evidence.captures.map((capture) => ({ ...capture, cut: "its bound" })) };
    expect(root(cut)?.explanation).not.toContain(innocent);
    const [client, server] = evidence.captures;
    if (client === undefined || server === undefined) throw new Error("both ends were listened to");
    const arrived = (packets: typeof client.packets) =>
      observe({ ...evidence, captures: [{ ...client, packets }, server] }).wire?.everythingArrived;
    expect(arrived(client.packets)).toBe(true);
    const lost = client.packets.filter(({ text }) => text?.startsWith("550") !== true);
    expect(arrived(lost)).toBe(false);
    const altered = client.packets.map((packet) =>
      packet.text?.startsWith("550") === true ? { ...packet, text: "550 Something else." } : packet,
    );
    expect(arrived(altered)).toBe(false);
  });
});

describe("server-limit-reached", () => {
  it.each([
    ["greeting", ["< 421 There are too many connections from your internet address."]],
    ["greeting", ["< 421 50 users (the maximum) are already logged in, sorry"]],
    ["greeting", ["< 421 Too many connections (8) from this IP"]],
    [
      "login",
      [
        "> USER bob",
        "< 331 Password",
        "> PASS ###",
        "< 530 Sorry, the maximum number of clients (2) for this user are already connected.",
      ],
    ],
    ["login", ["> USER bob", "< 421 Too many connections. Service temporarily unavailable."]],
  ] as const)("is told by the server's words, at %s: %j", (stage, lines) => {
    expect(causes(pasted(stage, lines))).toEqual(["server-limit-reached"]);
  });

  it("is no limit of tries, and no other 421", () => {
    for (const reply of ["530 Too many failed login attempts.", "421 Maximum login attempts exceeded.", "421 Timeout."])
      expect(causes(pasted("login", ["> USER bob", "< 331 Password", "> PASS ###", `< ${reply}`]))).toEqual([
        "login-refused",
      ]);
  });
});

describe("server-denies-address", () => {
  const refused = ["> USER bob", "< 331 Password", "> PASS ###", "< 530 Login incorrect."];

  it("is told by the log behind a reply that says nothing", () => {
    const evidence = heardBy(pasted("login", refused), "proftpd", {
      systemLog: ["USER bob (Login failed): Limit access denies login"],
    });
    expect(root(evidence)).toMatchObject({ cause: "server-denies-address", confidence: "shown" });
  });

  it("is likely where the configuration has such a rule, and the log is silent", () => {
    const configuration = "<Limit LOGIN>\n  Order deny,allow\n  Deny from 203.0.113.0/24\n</Limit>\n";
    const evidence = heardBy(pasted("login", refused), "proftpd", { configuration });
    expect(root(evidence)).toMatchObject({ cause: "server-denies-address", confidence: "likely" });
  });

  it("is told by servers that the lab does not have", () => {
    for (const reply of [
      "421 Your IP address is banned.",
      "530 Access denied: host not allowed.",
      "421 IP not allowed to connect.",
    ])
      expect(causes(pasted("greeting", [`< ${reply}`]))).toEqual(["server-denies-address"]);
  });

  it("is no wrong password", () => {
    expect(causes(pasted("login", refused))).toEqual(["login-refused"]);
  });

  it("is not what BSD's client says of a connection that was lost", () => {
    const evidence = withAttempt(pasted("login", refused.slice(0, 3)), {
      message: "421 Service not available, remote server has closed connection",
    });
    expect(causes(evidence)).not.toContain("server-denies-address");
  });
});

describe("server-denies-command", () => {
  it.each([
    ["proftpd", "550 LIST: Operation not permitted"],
    ["vsftpd", "550 Permission denied."],
    ["pyftpdlib", "550 Not enough privileges."],
  ] as const)("is told by %s's words: %s", (software, reply) => {
    expect(root(heardBy(pasted("transfer", [...listing, "> LIST", `< ${reply}`]), software, {}))).toMatchObject({
      cause: "server-denies-command",
      confidence: "shown",
    });
  });

  it("is likely where a command is refused that every server knows", () => {
    for (const reply of ["500 Command not understood.", "502 Command not implemented."])
      expect(root(pasted("transfer", [...listing, "> LIST", `< ${reply}`]))).toMatchObject({
        cause: "server-denies-command",
        confidence: "likely",
      });
  });

  it("quotes the rule of the configuration", () => {
    const configuration = "cmds_denied=RETR,LIST\n";
    const evidence = heardBy(pasted("transfer", [...listing, "> RETR a", "< 550 Permission denied."]), "vsftpd", {
      configuration,
    });
    expect(root(evidence)?.explanation).toMatch(/denies RETR.*cmds_denied=RETR,LIST/);
  });
});

describe("server-denies-file", () => {
  it.each([
    "550 a: No such file or directory",
    "550 Failed to open file.",
    "553 Can't open that file: Permission denied",
    "552 Disk full - please upload later",
    "452 Insufficient storage space; quota exceeded",
    "450 No files found",
  ])("is told by the reply: %s", (reply) => {
    expect(root(pasted("transfer", [...listing, "> RETR a", `< ${reply}`]))).toMatchObject({
      cause: "server-denies-file",
      confidence: "shown",
    });
  });

  it("is likely where only the code says so, and no cause where the text speaks of the connection", () => {
    expect(root(pasted("transfer", [...listing, "> STOR a", "< 553 Nein."]))).toMatchObject({
      cause: "server-denies-file",
      confidence: "likely",
    });
    for (const reply of [
      "450 TLS session of data connection not resumed.",
      "451 Data connection lost.",
      "426 Aborted.",
    ])
      expect(causes(pasted("transfer", [...listing, "> STOR a", `< ${reply}`]))).not.toContain("server-denies-file");
  });

  it("is no cause where the server's own log has another reply: something on the way has changed it", () => {
    const lines = [...listing, "> RETR a", "< 550 No such file or directory"];
    const exchanges = [{ at: 1, command: "RETR a", replyCode: 226, reply: "Transfer complete" }];
    expect(causes(heardBy(pasted("transfer", lines), "proftpd", { exchanges }))).not.toContain("server-denies-file");
  });
});

describe("server-setting-broken", () => {
  it.each([
    "500 OOPS: vsftpd: refusing to run with writable root inside chroot()",
    "500 OOPS: cannot change directory:/home/bob",
    "421 Home directory not available - aborting",
  ])("is told by the reply: %s", (reply) => {
    expect(root(pasted("login", ["> USER bob", "< 331 Password", "> PASS ###", `< ${reply}`]))).toMatchObject({
      cause: "server-setting-broken",
      confidence: "shown",
    });
  });

  it("is likely where the client has not read the reason", () => {
    expect(root(pasted("login", ["> USER bob", "< 331 Password", "> PASS ###", "< 500 OOPS: "]))).toMatchObject({
      cause: "server-setting-broken",
      confidence: "likely",
    });
  });

  it("names the setting that lets vsftpd run with a writable root", () => {
    const reply = "500 OOPS: vsftpd: refusing to run with writable root inside chroot()";
    const found = root(pasted("login", ["> USER bob", "< 331 Password", "> PASS ###", `< ${reply}`]));
    expect(found?.remedies[0]?.lines.join("\n")).toContain("allow_writeable_chroot=YES");
  });
});

describe("server-process-died", () => {
  const lines = [...listing, "> LIST"];

  it("is shown where the log names a signal", () => {
    for (const text of [
      "ProFTPD killed (signal 9)",
      "ProFTPD terminating (signal 11)",
      "ProFTPD CPU limit exceeded (signal 24)",
    ])
      expect(
        root(heardBy(withAttempt(pasted("transfer", lines), { message: "closed" }), "proftpd", { systemLog: [text] })),
      ).toMatchObject({
        cause: "server-process-died",
        confidence: "shown",
      });
  });

  it("is told by vsftpd's parent", () => {
    const evidence = heardBy(pasted("transfer", [...lines, "< 500 OOPS: child died"]), "vsftpd", {});
    expect(causes(evidence)).toContain("server-process-died");
  });

  it("is no end that the administrator asked for", () => {
    const systemLog = ["ProFTPD terminating (signal 15)"];
    expect(
      causes(heardBy(withAttempt(pasted("transfer", lines), { message: "closed" }), "proftpd", { systemLog })),
    ).not.toContain("server-process-died");
  });
});

describe("server-slow", () => {
  it("is shown where the server's log has the answer after the client's end", () => {
    const evidence = decisionRecording("slow-pasv");
    const { server, attempt } = evidence;
    if (server === null) throw new Error("the server was heard");
    const at = attempt.startedAt + attempt.durationMs / 1000 + 1.5;
    const late = { at, command: "PASV", replyCode: 227, reply: "227 Entering passive mode (203,0,113,10,195,81)." };
    const others = server.exchanges.filter(({ command }) => command !== "PASV");
    const found = root({ ...evidence, server: { ...server, exchanges: [...others, late] } });
    expect(found).toMatchObject({ cause: "server-slow", confidence: "shown" });
    expect(found?.explanation).toMatch(/left the server 1\.[45] s after the client had given up/);
  });

  it("is no server that was not reached, and none that answered in time", () => {
    const evidence = decisionRecording("slow-pasv");
    expect(causes({ ...evidence, captures: [] })).not.toContain("server-slow");
    expect(causes(withAttempt(evidence, { replyCode: 500 }))).not.toContain("server-slow");
  });
});

describe("server-reply-malformed and client-cannot-parse-reply", () => {
  const stopped = (reply: string, message: string, command = "PASV"): CellEvidence =>
    withAttempt(pasted("data-command", [...loggedIn, `> ${command}`, `< ${reply}`]), { replyCode: null, message });

  it.each([
    ["PASV", "227 Entering Passive Mode (203,0,113,10,195)."],
    ["PASV", "227 Entering Passive Mode (203.0.113.10:50000)."],
    ["PASV", "227 Entering Passive Mode (203,0,113,10,300,1)."],
    ["EPSV", "229 Entering Extended Passive Mode 50000"],
    ["EPSV", "229 Entering Extended Passive Mode (|||0|)"],
    ["PASV", "229 Entering Extended Passive Mode (|||50000|)"],
    ["EPSV", "227 Entering Passive Mode (203,0,113,10,195,80)."],
    ["EPSV", "202 Command not implemented, superfluous at this site."],
  ])("the server is to blame for %s: %s", (command, reply) => {
    expect(causes(stopped(reply, `Can't parse response to '${command}'`, command))).toEqual(["server-reply-malformed"]);
  });

  it.each([
    ["PASV", "227 =203,0,113,10,195,81", "Weird 227 format"],
    ["PASV", "227 Entering Passive Mode 203,0,113,10,195,81", "Cannot parse PASV response."],
    ["EPSV", "229 Entering Extended Passive Mode (!!!50001!)", "Can't parse response to 'EPSV'"],
  ])("the client is to blame for %s: %s", (command, reply, message) => {
    expect(causes(stopped(reply, message, command))).toEqual(["client-cannot-parse-reply"]);
  });

  it("a greeting without a code, or without an end, is malformed", () => {
    const greeted = (...greeting: readonly string[]): CellEvidence =>
      withAttempt(pasted("greeting", greeting), { replyCode: null, message: "timed out" });
    expect(causes(greeted("< Welcome to our server"))).toEqual(["server-reply-malformed"]);
    expect(causes(greeted("< 220-Welcome", "< 220-to our server"))).toEqual(["server-reply-malformed"]);
  });
});

describe("client-does-not-begin-data-tls", () => {
  /** curl 7.88 in active mode, as if nobody knew that it cannot. */
  const silent = withAttempt(decisionRecording("no-client-hello"), {
    result: "failed",
    stage: "data-tls",
    message: "timed out",
  });

  it("is an open data connection on which the client sent nothing", () => {
    expect(causes(silent)).toEqual(["client-does-not-begin-data-tls"]);
    expect(root(silent)).toMatchObject({ confidence: "shown" });
    expect(root(silent)?.explanation).toMatch(/accepted the server's data connection and sent no byte on it/);
    for (const stage of ["data-connect", "transfer"] as const)
      expect(root(withAttempt(silent, { stage }))?.cause).toBe("client-does-not-begin-data-tls");
  });

  it("is not told without packets, or of a session without PROT P", () => {
    expect(causes({ ...silent, captures: [] })).not.toContain("client-does-not-begin-data-tls");
    expect(causes({ ...silent, cell: { ...silent.cell, mode: "ftp" } })).not.toContain(
      "client-does-not-begin-data-tls",
    );
  });
});

describe("transfer-end-lost", () => {
  it.each([
    ["ftp", "curl: (18) transfer closed with 1201 bytes remaining to read"],
    ["ftp", "a.bin: received 5 bytes of 9"],
    ["ftps", "GnuTLS recv error (-110): The TLS connection was non-properly terminated."],
    ["ftps", "SSL_read: unexpected eof while reading"],
  ] as const)("is told by the client, over %s: %s", (mode, message) => {
    const base = stoppedAt("transfer", [...listing, "> RETR a", "< 150 Opening"], { mode, message });
    expect(causes({ ...base, server: null, routers: [] })[0]).toBe("transfer-end-lost");
  });

  it("is no reset that neither host sent", () => {
    const evidence = decisionRecording("data-reset");
    const [client, server] = evidence.captures;
    if (client === undefined || server === undefined) throw new Error("both ends were listened to");
    const unsent = server.packets.filter(({ flags, flow }) => !(flags.includes("RST") && flow.sourcePort > 50_000 - 1));
    const other = { ...evidence, captures: [client, { ...server, packets: unsent }] };
    expect(observe(evidence).wire?.data?.end).toMatchObject({ by: "server", how: "RST" });
    expect(observe(other).wire?.data?.end).toMatchObject({ by: "network", how: "RST" });
    expect(causes(other)).not.toContain("transfer-end-lost");
  });
});

describe("ccc-unanswered", () => {
  const lines = [...loggedIn, "> CCC"];

  it("is CCC without a reply", () => {
    const evidence = stoppedAt("ccc", lines, { mode: "ftps-ccc", message: "Timeout" });
    expect(root(evidence)).toMatchObject({ cause: "ccc-unanswered", confidence: "likely" });
  });

  it("is not said where the server's log has an answer, or the client", () => {
    const evidence = stoppedAt("ccc", lines, { mode: "ftps-ccc", message: "Timeout" });
    const exchanges = [{ at: 1, command: "CCC", replyCode: 200, reply: "Clearing control channel protection" }];
    expect(causes(heardBy(evidence, "proftpd", { exchanges }))).not.toContain("ccc-unanswered");
    const refused = stoppedAt("ccc", [...lines, "< 534 No"], { mode: "ftps-ccc", message: "534 No", replyCode: 534 });
    expect(causes(refused)).toEqual(["ccc-refused"]);
  });
});

describe("ccc-refused says why", () => {
  it.each([
    [500, "it does not know the command"],
    [533, "its policy wants the control connection protected"],
    [534, "its policy does not allow a clear control connection"],
    [550, "a rule denies the command"],
  ])("%i: %s", (code, words) => {
    const evidence = stoppedAt("ccc", [...loggedIn, "> CCC", `< ${code} no`], { mode: "ftps-ccc", replyCode: code });
    expect(root({ ...evidence, server: null })?.explanation).toBe(`The server answered CCC with ${code}: ${words}.`);
  });

  it("quotes the <Limit>", () => {
    const evidence = stoppedAt("ccc", [...loggedIn, "> CCC", "< 550 CCC: Operation not permitted"], {
      mode: "ftps-ccc",
      replyCode: 550,
    });
    const configuration = "<Global>\n<Limit CCC>\nDenyAll\n</Limit>\n</Global>\n";
    expect(root(heardBy(evidence, "proftpd", { configuration }))?.explanation).toMatch(/<Limit CCC> DenyAll <\/Limit>/);
  });
});

describe("data-command-refused", () => {
  it("is not named where the server's log has another reply to the same command", () => {
    const evidence = simulate({ topology: "direct", mode: "ftp", data: "pasv" });
    const failed = withAttempt(evidence, {
      ...{ result: "failed", stage: "data-command", replyCode: 550, message: "550 Forbidden" },
      transcript: [...loggedIn, "> PASV", "< 550 Forbidden"].map(line),
    });
    expect(causes(failed)).not.toContain("data-command-refused");
    expect(causes({ ...failed, server: null })).toEqual(["data-command-refused"]);
  });
});
