import { causes as registry } from "../../../../harness/diagnose/causes/registry";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { offersOf } from "../../../../harness/diagnose/offers";
import { passiveInstead } from "../../../../harness/diagnose/remedies/data-commands";
import { causeIds, type Finding } from "../../../../harness/model/diagnosis";
import type { CellEvidence, ServerEvidence } from "../../../../harness/model/evidence";
import { notReused, simulate, stoppedAt, withAttempt } from "../../../support/simulated-evidence";
import { gap } from "../../../support/evidence";

const root = (evidence: CellEvidence): Finding | undefined => diagnose(evidence).findings[0];
const causes = (evidence: CellEvidence): string[] => diagnose(evidence).findings.map(({ cause }) => cause);
const withServer = (evidence: CellEvidence, change: Partial<ServerEvidence>): CellEvidence => ({
  ...evidence,
  server: { ...evidence.server!, ...change },
});

describe("the registry", () => {
  it("holds every cause but unknown, once, under the name of its file", () => {
    expect(registry.map(({ id }) => id).toSorted()).toEqual(causeIds.filter((id) => id !== "unknown").toSorted());
  });

  it.each(registry)("tells of $id in sentences", ({ title, looksLike, why }) => {
    for (const text of [title, looksLike, why]) expect(text).toMatch(/^\S.*[^.]\.$/);
    expect(title).toMatch(/^[A-Z][^\n]{20,110}\.$/);
  });
});

describe("port-unreachable", () => {
  it("tells a refusal from silence and from a missing route", () => {
    const at = (message: string): CellEvidence => stoppedAt("control-connect", [], { message });
    expect(root(at("connect ECONNREFUSED 203.0.113.10:21"))).toMatchObject({
      cause: "port-unreachable",
      confidence: "shown",
    });
    expect(root(at("connect ECONNREFUSED 203.0.113.10:21"))?.explanation).toMatch(/was refused/);
    expect(root(at("connect EHOSTUNREACH 203.0.113.10:21"))?.explanation).toMatch(/found no route/);
    expect(root(at("Timeout (control socket) after 2000 ms"))?.explanation).toMatch(/got no answer/);
  });
});

describe("implicit-explicit-mismatch", () => {
  const configuration = "Port 21\n<VirtualHost 192.0.2.1>\n  Port 2990\n  TLSOptions UseImplicitSSL\n</VirtualHost>";

  it("is a greeting that never comes on a port of the other kind", () => {
    const silent = simulate({ topology: "server-nat", mode: "ftp", data: "pasv" });
    const toImplicit = {
      ...withAttempt(silent, { stage: "greeting", transcript: [], message: "Timeout", replyCode: null }),
      routers: silent.routers.map((router) => ({
        ...router,
        packets: [],
        connections: router.connections.map((connection) => ({
          ...connection,
          original: { ...connection.original, destinationPort: 990 },
        })),
      })),
    };
    expect(root(toImplicit)).toMatchObject({ cause: "implicit-explicit-mismatch", confidence: "likely" });
    expect(root(toImplicit)?.explanation).toMatch(/expected plain FTP on port 990 and got no byte/);
  });

  it("is known by the server's configuration on ports that say nothing by themselves", () => {
    const explicit = stoppedAt("greeting", [], { mode: "ftps-implicit", message: "Timeout" });
    expect(causes(withServer(explicit, { configuration }))).toEqual(["implicit-explicit-mismatch"]);
  });

  it("is TLS that finds clear text", () => {
    const message = "write EPROTO 0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number";
    expect(causes(stoppedAt("auth-tls", [], { mode: "ftps-implicit", message }))).toEqual([
      "implicit-explicit-mismatch",
    ]);
    expect(root(stoppedAt("auth-tls", [], { mode: "ftps-implicit", message }))?.explanation).toMatch(
      /something other than TLS/,
    );
  });

  it("is not the reason of silence on the right port, nor once the server has spoken", () => {
    const configured = (lines: readonly string[], mode: "ftp" | "ftps-implicit"): CellEvidence =>
      withServer(stoppedAt("greeting", lines, { mode, message: "Timeout" }), { configuration });
    expect(causes(configured([], "ftp"))).toEqual(["unknown"]);
    expect(causes(configured(["< 220 ready"], "ftps-implicit"))).toEqual(["unknown"]);
  });
});

describe("tls-not-offered", () => {
  it("is AUTH TLS with an answer of 400 or more", () => {
    const lines = ["< 220 ready", "> AUTH TLS", "< 500 AUTH not understood"];
    const evidence = stoppedAt("auth-tls", lines, { replyCode: 500, message: "500 AUTH not understood" });
    expect(root(evidence)).toMatchObject({
      cause: "tls-not-offered",
      explanation: expect.stringMatching(/500/) as string,
    });
    expect(causes(stoppedAt("auth-tls", lines.slice(0, 2), { message: "Timeout" }))).toEqual(["unknown"]);
  });
});

describe("tls-required", () => {
  const user = ["< 220 ready", "> USER lab1"];

  it.each([
    "550 SSL/TLS required on the control channel",
    "530 Non-anonymous sessions must use encryption.",
    "421 Sorry, cleartext sessions are not accepted",
  ])("is a login in clear that is answered with: %s", (reply) => {
    const replyCode = Number(reply.slice(0, 3));
    const evidence = stoppedAt("login", [...user, `< ${reply}`], { mode: "ftp", replyCode, message: reply });
    expect(causes(evidence)).toEqual(["tls-required"]);
  });

  it("is told by the reply to the login where the client goes on and is refused again", () => {
    const lines = [
      ...user,
      "< 550 SSL/TLS required on the control channel",
      "> PORT 1,2,3,4,5,6",
      "< 530 Please login",
    ];
    const evidence = stoppedAt("login", [...lines, "> QUIT", "< 221 Goodbye."], {
      mode: "ftp",
      replyCode: 550,
      message: "Login failed.",
    });
    expect(causes(evidence)).toEqual(["tls-required"]);
    expect(root(evidence)?.proofs).toEqual([
      { witness: "client", text: "> USER lab1 < 550 SSL/TLS required on the control channel" },
    ]);
  });

  it("is 522 to a transfer of a session without PROT, and not to one with it", () => {
    const lines = ["> PASV", "< 227 OK", "> LIST -a", "< 522 SSL/TLS required on the data channel"];
    const at = { mode: "ftp", replyCode: 522, message: "522 SSL/TLS required on the data channel" } as const;
    expect(causes(stoppedAt("protection", lines, at))).toEqual(["tls-required"]);
    const protectedLines = ["> AUTH TLS", "< 234 OK", "> PROT C", "< 200 OK", ...lines];
    expect(causes(stoppedAt("protection", protectedLines, { ...at, mode: "ftps-clear-data" }))).toEqual([
      "protection-refused",
    ]);
  });

  it("is not the reason under TLS, nor of an EPSV that the server does not know (522, RFC 2428)", () => {
    const lines = ["> AUTH TLS", "< 234 OK", ...user.slice(1), "< 550 SSL/TLS required on the control channel"];
    expect(causes(stoppedAt("login", lines, { replyCode: 550 }))).toEqual(["login-refused"]);
    const epsv = ["> EPSV", "< 522 Network protocol not supported, use (1)"];
    expect(causes(stoppedAt("data-command", epsv, { mode: "ftp", replyCode: 522 }))).toEqual(["data-command-refused"]);
  });
});

describe("address-family-refused", () => {
  const family = "< 522 Network protocol not supported, use (1)";

  it("is shown where a client with IPv6 names it in EPRT, or in EPSV, to a server that sees IPv4", () => {
    const evidence = simulate({ topology: "nat64", mode: "ftps", data: "eprt" });
    expect(root(evidence)).toMatchObject({ cause: "address-family-refused", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(
      /^The client sent EPRT \|2\|2001:db8:1::1:\w+\|\d+\|, and the server sees it at 203\.0\.113\.1: it answered 522\.$/,
    );
    const wget = stoppedAt("data-command", ["> EPSV 2", family, "> LPSV", "< 500 LPSV not understood"], {
      mode: "ftp",
    });
    expect(causes(wget)).toEqual(["address-family-refused"]);
  });

  it("prints the cure that can be pasted, and not the IPv6 address that only a provider can give", () => {
    const evidence = simulate({ topology: "nat64", mode: "ftps", data: "eprt" });
    expect(offersOf("address-family-refused", evidence).map(({ printed }) => printed.id)).toEqual([passiveInstead.id]);
  });

  it("is read in the server's log where the client does not show what it sent (KIO)", () => {
    const evidence = simulate({ topology: "nat64", mode: "ftp", data: "eprt" });
    const silent = evidence.attempt.transcript.filter(({ text }) => !text.startsWith("EPRT"));
    expect(causes(withAttempt(evidence, { transcript: silent, replyCode: null }))).toEqual(["address-family-refused"]);
    expect(causes({ ...withAttempt(evidence, { transcript: silent, replyCode: null }), server: null })).not.toContain(
      "address-family-refused",
    );
  });
});

describe("login-refused", () => {
  it("is any other refusal, and no silence", () => {
    const lines = ["> USER lab1", "< 331 OK", "> PASS ###", "< 530 Login incorrect."];
    const evidence = stoppedAt("login", lines, { mode: "ftp", replyCode: 530, message: "530 Login incorrect." });
    expect(causes(evidence)).toEqual(["login-refused"]);
    expect(root(evidence)?.explanation).toBe("The server answered PASS with 530.");
    const goesOn = stoppedAt("login", [...lines, "> PASV", "< 530 Please login"], { mode: "ftp", replyCode: 530 });
    expect(root(goesOn)?.explanation).toBe("The server answered PASS with 530.");
    expect(causes(stoppedAt("login", lines.slice(0, 3), { mode: "ftp" }))).toEqual(["unknown"]);
  });
});

describe("ccc-refused and protection-refused", () => {
  it("are told by the stage, with the setting that refuses", () => {
    const ccc = simulate({ mode: "ftps-ccc", server: "tls-required" });
    expect(causes(ccc)).toEqual(["ccc-refused"]);
    expect(root(ccc)?.explanation).toBe(
      "The server answered CCC with 534: its policy does not allow a clear control connection. Its configuration says TLSRequired on.",
    );
    expect(root(ccc)?.remedies.map(({ id }) => id)).toEqual(["without-ccc", "grant-ccc"]);
    expect(root(ccc)?.remedies[1]?.lines).toEqual(["TLSRequired auth+data"]);
    const prot = simulate({ mode: "ftps-clear-data", server: "tls-auth-data" });
    expect(causes(prot)).toEqual(["protection-refused"]);
    expect(root(prot)?.explanation).toMatch(/^The server answered PROT with 534\..*auth\+data/);
  });

  it("are not the reason where CCC was granted, and the client lost the connection all the same", () => {
    // Recorded: lftp 4.9.2, which read the 200 and the close_notify together.
    const lines = [
      "> AUTH TLS",
      "< 234 OK",
      "> PROT P",
      "< 200 OK",
      "> CCC",
      "< 200 Clearing control channel protection",
    ];
    const lost = stoppedAt("ccc", lines, { mode: "ftps-ccc", message: "Peer closed connection" });
    expect(causes(lost)).toEqual(["ccc-shutdown-mismatch"]);
    expect(root(lost)?.explanation).toMatch(/granted CCC with 200, and the client sent nothing after it/);
    const exchanges = [{ at: 1, command: "\u0017\u0003\u0003", replyCode: 500, reply: "not understood" }];
    expect(root({ ...lost, server: { ...lost.server!, exchanges } })).toMatchObject({ confidence: "shown" });
    const unanswered = stoppedAt("ccc", [...lines, "> PWD"], { mode: "ftps-ccc", message: "timed out" });
    expect(root(unanswered)?.explanation).toMatch(/PWD got no answer that the client could read/);
  });

  it("stand side by side where the server refuses both, CCC first", () => {
    const lines = ["> AUTH TLS", "< 234 OK", "> PROT C", "< 534 no", "> CCC", "< 534 no"];
    expect(causes(stoppedAt("ccc", lines, { mode: "ftps-ccc-clear-data", replyCode: 534 }))).toEqual([
      "ccc-refused",
      "protection-refused",
    ]);
  });

  it("are the reason where a client goes on in clear after a refused PROT C, and the server waits for TLS", () => {
    const lines = ["> AUTH SSL", "< 234 OK", "> PROT C", "< 534 no", "> PASV", "< 227 (203,0,113,10,1,2)", "> LIST"];
    const stands = [...lines, "< 150 Opening"];
    const change = { mode: "ftps-clear-data", message: "timed out" } as const;
    expect(causes(stoppedAt("transfer", stands, change))).toEqual(["protection-refused"]);
    expect(root(stoppedAt("transfer", stands, change))?.explanation).toMatch(
      /PROT with 534\. .*waits for TLS there\.$/,
    );
    const granted = stands.map((text) => text.replace("534 no", "200 OK"));
    expect(causes(stoppedAt("transfer", granted, change))).toEqual(["unknown"]);
  });

  it("are not the reason of TLS that breaks at CCC without a refusal", () => {
    expect(causes(stoppedAt("ccc", ["> CCC"], { mode: "ftps-ccc", message: "Timeout" }))).toEqual(["ccc-unanswered"]);
  });
});

describe("tls-session-not-reused", () => {
  const evidence = simulate({ server: "tls-required-reuse", client: "basic-ftp+no-resume", mode: "ftps" });

  it("is shown by the server's log", () => {
    expect(root(evidence)).toMatchObject({ cause: "tls-session-not-reused", confidence: "shown" });
    expect(root(evidence)?.proofs).toContainEqual({ witness: "server", text: notReused });
    expect(root(evidence)?.remedies.map(({ id }) => id)).toEqual(["resume-tls-session", "accept-new-sessions"]);
    expect(root(evidence)?.remedies[1]?.lines).toEqual(["TLSOptions NoSessionReuseRequired"]);
  });

  it("is shown by the server's log where the client's upload broke before it had read the reply", () => {
    const broke = { stage: "transfer", replyCode: null, message: "Send failure: Broken pipe" } as const;
    expect(root(withAttempt(evidence, broke))).toMatchObject({ cause: "tls-session-not-reused", confidence: "shown" });
    expect(causes(withAttempt(withServer(evidence, { tlsLog: [] }), broke))).toEqual(["unknown"]);
  });

  it("is cured by sessions that last, where the configuration has them end early", () => {
    const short = simulate({ server: "tls-required-reuse+short-sessions", client: "basic-ftp+idle", mode: "ftps" });
    expect(root(short)).toMatchObject({ cause: "tls-session-not-reused", confidence: "shown" });
    expect(root(short)?.explanation).toContain("sessions end after 5 s there");
    expect(root(short)?.remedies[0]?.lines).toEqual([
      "# in place of TLSSessionCache internal: 5",
      "TLSSessionCache internal: 15840",
    ]);
  });

  it("is likely by the reply alone where there is no log", () => {
    expect(root({ ...evidence, server: null })).toMatchObject({
      cause: "tls-session-not-reused",
      confidence: "likely",
    });
  });

  it("is not the reason where the log is there and tells of something else", () => {
    const other = withServer(evidence, { tlsLog: ["unable to accept TLS connection: tlsv1 alert unknown ca"] });
    expect(causes(other)).toEqual(["certificate-untrusted"]);
  });

  it("is what vsftpd means by 522, and not what 425 means before any TLS", () => {
    const message = "522 SSL connection failed: session reuse required";
    const vsftpd = withAttempt({ ...evidence, server: null }, { stage: "protection", replyCode: 522, message });
    expect(causes(vsftpd)).toEqual(["tls-session-not-reused"]);
    const refused = withAttempt(withServer(evidence, { tlsLog: [] }), {
      stage: "data-connect",
      message: "425 Unable to build data connection: Connection refused",
    });
    expect(causes(refused)).not.toContain("tls-session-not-reused");
  });
});

describe("certificates", () => {
  it.each([
    ["certificate-expired", "certificate has expired"],
    ["certificate-expired", "CERT_HAS_EXPIRED"],
    [
      "certificate-name-mismatch",
      "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames",
    ],
    ["certificate-name-mismatch", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["certificate-name-mismatch", "x509: certificate is valid for other.example.org, not ftp.example.net"],
    [
      "certificate-name-mismatch",
      "x509: cannot validate certificate for 203.0.113.10 because it doesn't contain any IP SANs",
    ],
    ["certificate-untrusted", "self-signed certificate in certificate chain"],
    ["certificate-untrusted", "unable to get local issuer certificate"],
    ["certificate-untrusted", "something that nobody has heard of"],
  ])("are told apart: %s by %s", (cause, message) => {
    expect(causes(stoppedAt("certificate", [], { message }))).toEqual([cause]);
  });

  it("are looked at on the data connection too", () => {
    const message = "Hostname/IP does not match certificate's altnames: Host: localhost.";
    const evidence = stoppedAt("data-tls", ["> LIST", "< 150 OK"], { message });
    expect(root(evidence)).toMatchObject({ cause: "certificate-name-mismatch" });
    expect(root(evidence)?.explanation).toMatch(/about the data connection/);
    expect(causes(stoppedAt("data-tls", ["> LIST", "< 150 OK"], { message: "Timeout (data socket)" }))).toEqual([
      "unknown",
    ]);
  });
});

describe("control-connection-dropped-idle", () => {
  const lines = ["> PASV", "< 227 OK (192,0,2,1,4,1)", "> STOR a.bin", "< 150 Opening"];
  const message = "Timeout (control socket) after 20000 ms";
  const stored = { at: 9, command: "STOR a.bin", replyCode: 226, reply: "Transfer complete" };
  const evidence = stoppedAt("completion", lines, { mode: "ftps", message });

  it("is shown by a 226 that the server sent and the client never saw", () => {
    const confirmed = withServer(evidence, { exchanges: [stored] });
    expect(root(confirmed)).toMatchObject({ cause: "control-connection-dropped-idle", confidence: "shown" });
    expect(root(confirmed)?.proofs).toContainEqual({ witness: "server", text: "STOR a.bin: 226 Transfer complete" });
    expect(causes(withAttempt(confirmed, { stage: "transfer" }))).toEqual(["control-connection-dropped-idle"]);
  });

  it("is likely without the server's word, once the client has all its bytes", () => {
    expect(root({ ...evidence, server: null })).toMatchObject({ confidence: "likely" });
    expect(causes({ ...withAttempt(evidence, { stage: "transfer" }), server: null })).toEqual(["unknown"]);
  });

  it("is not the reason where the server says that it failed", () => {
    const aborted = withServer(evidence, { exchanges: [{ ...stored, replyCode: 426 }] });
    expect(causes(aborted)).toEqual(["unknown"]);
    expect(causes(withAttempt(evidence, { replyCode: 451 }))).not.toContain("control-connection-dropped-idle");
  });
});

describe("foreign-data-peer", () => {
  it("is shown by the server's log, and the network is not blamed beside it", () => {
    const evidence = simulate({ topology: "server-nat", mode: "ftps", data: "epsv" });
    const line = "SECURITY VIOLATION: Passive connection from foreign IP address 203.0.113.99 rejected";
    expect(causes(withServer(evidence, { systemLog: [line] }))).toEqual(["foreign-data-peer"]);
  });

  it.each([
    ["vsftpd", "425 Security: Bad IP connecting.", "pasv_promiscuous=YES"],
    ["pyftpdlib", "425 Rejected data connection from foreign address 203.0.113.2:38750.", "permit_foreign_addresses"],
  ] as const)("is shown by the reply of %s, at whatever stage the client stops", (software, message, remedy) => {
    const evidence = withServer(simulate({ topology: "server-nat", data: "epsv" }), { software });
    for (const stage of ["data-command", "data-connect", "completion"] as const) {
      const refused = withAttempt(evidence, { stage, replyCode: 425, message });
      expect(causes(refused)).toEqual(["foreign-data-peer"]);
      expect(root(refused)?.confidence).toBe("shown");
      expect(
        root(refused)
          ?.remedies.flatMap(({ lines }) => lines)
          .join(),
      ).toContain(remedy);
    }
  });
});

describe("data-command-refused", () => {
  it("is a data command that the server does not know, after which the client stops", () => {
    const lines = ["> EPSV", "< 500 Unknown command"];
    const evidence = stoppedAt("data-command", lines, { replyCode: 500, message: "Unknown command" });
    expect(root(evidence)).toMatchObject({ cause: "data-command-refused", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/answered EPSV with 500/);
  });

  it.each([
    ["proftpd", "", ["<Limit EPSV>", "  AllowAll", "</Limit>"]],
    ["vsftpd", "cmds_denied=EPSV,DELE", ["cmds_denied=DELE"]],
    ["pure-ftpd", "", ["BrokenClientsCompatibility no"]],
    ["pyftpdlib", "", ['handler.proto_cmds["EPSV"] = {"perm": None, "auth": True, "arg": None, "help": "EPSV"}']],
  ] as const)("is cured in the words of %s", (software, configuration, lines) => {
    const refused = ["> EPSV", "< 500 Unknown command"];
    const evidence = stoppedAt("data-command", refused, { replyCode: 500, message: "Unknown command" });
    const remedies = root(withServer(evidence, { software, configuration }))?.remedies;
    expect(remedies?.find(({ party }) => party === "server admin")?.lines).toEqual(lines);
  });

  it("is cured in the words of each server where nobody knows which it is", () => {
    const refused = ["> EPSV", "< 500 Unknown command"];
    const evidence = stoppedAt("data-command", refused, { replyCode: 500, message: "Unknown command" });
    const remedies = root({ ...evidence, server: null })?.remedies;
    const lines = remedies?.find(({ party }) => party === "server admin")?.lines;
    expect(lines?.filter((text) => text.startsWith("#"))).toEqual([
      "# ProFTPD",
      "# vsftpd",
      "# Pure-FTPd",
      "# pyftpdlib",
    ]);
    expect(lines).toContain("BrokenClientsCompatibility no");
  });

  it("is not the reason where the reply was a good one, or never came", () => {
    expect(causes(stoppedAt("data-command", ["> EPSV"], {}))).not.toContain("data-command-refused");
    const good = stoppedAt("data-command", ["> EPSV", "< 229 Entering (|||50001|)"], {});
    expect(causes(good)).not.toContain("data-command-refused");
  });
});

describe("data-tls-too-early", () => {
  const lines = ["> PASV", "< 227 Entering Passive Mode (203,0,113,1,195,81)."];

  it("is TLS on the data connection with no transfer command sent", () => {
    expect(root(stoppedAt("data-tls", lines, { mode: "ftps", message: "timed out" }))).toMatchObject({
      cause: "data-tls-too-early",
      confidence: "shown",
    });
  });

  it("is not the reason once LIST has gone out, or a reply came", () => {
    const listed = stoppedAt("data-tls", [...lines, "> LIST"], { mode: "ftps", message: "timed out" });
    expect(causes(listed)).not.toContain("data-tls-too-early");
    const answered = stoppedAt("data-tls", lines, { mode: "ftps", replyCode: 425 });
    expect(causes(answered)).not.toContain("data-tls-too-early");
  });
});

describe("data-tls-broken-off", () => {
  const lines = [
    "> PASV",
    "< 227 Entering Passive Mode (203,0,113,1,195,81).",
    "> STOR empty",
    "< 150 Opening",
    "< 425 Unable",
  ];
  const message = "425 Unable to build data connection: Operation not permitted";
  const evidence = stoppedAt("data-tls", lines, { mode: "ftps", replyCode: 425, message });

  it("is told by mod_tls, or by the alert that the client gets for half a handshake", () => {
    const tlsLog = [
      "unable to accept TLS connection: protocol error: ",
      "unable to open data connection: TLS negotiation failed",
    ];
    expect(root(withServer(evidence, { tlsLog }))).toMatchObject({
      cause: "data-tls-broken-off",
      confidence: "shown",
    });
    const alert = "error:0A00041A:SSL routines:ssl3_read_bytes:tlsv1 alert decode error";
    expect(causes(stoppedAt("transfer", lines.slice(0, 4), { mode: "ftps", message: alert }))).toEqual([
      "data-tls-broken-off",
    ]);
  });

  it("is not the reason where the session was not resumed, or the log says something else", () => {
    expect(causes(withServer(evidence, { tlsLog: [notReused] }))).toEqual(["tls-session-not-reused"]);
    const other = withServer(evidence, { tlsLog: ["unable to accept TLS connection: tlsv1 alert unknown ca"] });
    expect(causes(other)).not.toContain("data-tls-broken-off");
  });
});

describe("client-never-dialled", () => {
  const evidence = stoppedAt("control-connect", [], { message: "Timeout while connecting to server" });
  const captures = ["client", "server"].map((node) => ({ node, link: "internet", packets: [], cut: null }));

  it("is a client of which no packet was seen, though all were listened to", () => {
    expect(root({ ...evidence, captures })).toMatchObject({ cause: "client-never-dialled", confidence: "shown" });
    expect(causes({ ...evidence, captures })).not.toContain("port-unreachable");
  });

  it("is not the reason where nobody listened, or the kernel said why", () => {
    expect(causes(evidence)).toEqual(["port-unreachable"]);
    expect(causes({ ...evidence, captures, missing: [gap("packets")] })).toEqual(["port-unreachable"]);
    const cut = captures.map((capture) => ({ ...capture, cut: "its bound" }));
    expect(causes({ ...evidence, captures: cut })).toEqual(["port-unreachable"]);
    const refused = stoppedAt("control-connect", [], { message: "connect EHOSTUNREACH 203.0.113.10:21" });
    expect(causes({ ...refused, captures })).toEqual(["port-unreachable"]);
  });
});

describe("client-program-failed", () => {
  const captures = ["client", "server"].map((node) => ({ node, link: "internet", packets: [], cut: null }));
  const ended = (client: string, message: string): CellEvidence => {
    const evidence = stoppedAt("control-connect", [], { message });
    return { ...evidence, cell: { ...evidence.cell, client }, captures };
  };

  it("is a user's own program that sent nothing, and its words are told", () => {
    for (const client of ["image@my~client=1", "npm@none"]) {
      const finding = root(ended(client, "TypeError: no plan"));
      expect(finding).toMatchObject({ cause: "client-program-failed", confidence: "shown" });
      expect(finding?.explanation).toContain("“TypeError: no plan”");
      expect(causes(ended(client, "TypeError: no plan"))).toEqual(["client-program-failed"]);
    }
  });

  it("is not the reason of another client's silence, or where the kernel said why", () => {
    expect(causes(ended("curl", "curl: (6) no such host"))).toEqual(["client-never-dialled"]);
    expect(causes(ended("image@a", "connect: Network is unreachable"))).toEqual(["port-unreachable"]);
  });
});
