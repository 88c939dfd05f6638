import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { simulate, stoppedAt } from "../../../support/simulated-evidence";

const granted = ["< 220 ready", "> AUTH TLS", "< 234 AUTH TLS successful"];
const causes = (evidence: CellEvidence): string[] => diagnose(evidence).findings.map(({ cause }) => cause);
const handshake = (message: string, lines: readonly string[] = granted): CellEvidence =>
  stoppedAt("auth-tls", lines, { message });

describe("tls-versions-do-not-meet", () => {
  // As OpenSSL (Node, curl, Python), GnuTLS, Go and Java tell it.
  it.each([
    "8068F889E57F0000:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/record/rec_layer_s3.c:918:SSL alert number 70",
    "write EPROTO 139:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version",
    "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version (_ssl.c:992)",
    "error:0A000102:SSL routines::unsupported protocol",
    "[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:992)",
    "A packet with illegal or unsupported version was received.",
    "remote error: tls: protocol version not supported",
    "Received fatal alert: protocol_version",
  ])("is told by the client: %s", (message) => {
    expect(causes(handshake(message))).toEqual(["tls-versions-do-not-meet"]);
  });

  it("is an alert that came before TLS had begun, as a server with no usable version sends it", () => {
    // Recorded: ProFTPD with TLSProtocol TLSv1.1, where OpenSSL has TLS 1.1 switched off.
    const message = "Client network socket disconnected before secure TLS connection was established";
    const [finding, ...others] = diagnose(
      handshake(message, [...granted, "< \u0015\u0003\u0003\u0000\u0002\u0002F421 TLS handshake failed"]),
    ).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ cause: "tls-versions-do-not-meet", confidence: "shown" });
    expect(finding?.explanation).toMatch(/granted AUTH TLS.*over the version of TLS/);
    expect(causes(handshake(message))).toEqual(["unknown"]);
    // handshake_failure (40) says nothing of versions.
    expect(causes(handshake(message, [...granted, "< \u0015\u0003\u0003\u0000\u0002\u0002(421 failed"]))).toEqual([
      "unknown",
    ]);
  });

  it("is an alert that was taken for the reply to QUIT, where the clear 421 behind it broke TLS itself", () => {
    // Recorded, in one of 25 sessions with the same server.
    const message =
      "8008:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../ssl/record/methods/tlsany_meth.c:77:";
    const dialogue = [...granted, "> QUIT", "< \u0015\u0003\u0003\u0000\u0002\u0002F"];
    expect(causes(handshake(message, dialogue))).toEqual(["tls-versions-do-not-meet"]);
    expect(causes(handshake(message))).toEqual(["implicit-explicit-mismatch"]);
  });

  it("names both parties' ways out, the user's where the client was told to take versions away", () => {
    const remedies = (client: string): readonly (readonly string[])[] => {
      const evidence = handshake("SSL alert number 70");
      const { findings } = diagnose({ ...evidence, cell: { ...evidence.cell, client } });
      return findings.flatMap((finding) => finding.remedies.map(({ id, lines }) => [id, ...lines]));
    };
    expect(remedies("curl")).toEqual([["offer-tls-versions", "TLSProtocol TLSv1.2 TLSv1.3"]]);
    expect(remedies("curl+tls1.2")[0]).toEqual(["any-tls-version", expect.stringMatching(/^curl .*--user NAME ftp:/)]);
  });

  it.each([
    "8088B54E9B7F0000:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../ssl/record/rec_layer_s3.c:918:SSL alert number 40",
    "error:0A00010B:SSL routines::wrong version number",
  ])("is not the reason of other failures of TLS: %s", (message) => {
    expect(causes(handshake(message))).not.toContain("tls-versions-do-not-meet");
  });

  it("is likely behind an alert without a name, where the server's configuration allows one version alone", () => {
    const evidence = handshake("gnutls_handshake: A TLS fatal alert has been received.");
    const withProtocol = (protocol: string): CellEvidence => ({
      ...evidence,
      server: { ...simulate({ mode: "ftps" }).server!, configuration: `TLSProtocol ${protocol}` },
    });
    expect(diagnose(withProtocol("TLSv1.3")).findings[0]).toMatchObject({
      ...{ cause: "tls-versions-do-not-meet", confidence: "likely" },
    });
    expect(causes(withProtocol("TLSv1.2 TLSv1.3"))).not.toContain("tls-versions-do-not-meet");
  });

  it("is not read out of what a later stage or a session that worked has said", () => {
    expect(causes(stoppedAt("data-tls", granted, { message: "SSL alert number 70" }))).toEqual(["unknown"]);
    expect(causes(simulate({ mode: "ftps" }))).toEqual([]);
  });
});
