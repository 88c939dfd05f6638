import { caseIn } from "../../../support/read-case";
import { curesOf } from "../../../../harness/bugs/match/cures";
import { settingOf } from "../../../../harness/bugs/match/setting";
import { shownIn } from "../../../../harness/bugs/match/shown";
import type { CauseId } from "../../../../harness/model/diagnosis";

/** What is told to do about the likeliest cause, or about another one, in the order in which it is told. */
function told(text: string, cause?: CauseId): string {
  const read = caseIn([text]);
  const candidate = read?.candidates.find((one) => cause === undefined || one.cause === cause);
  if (read === null || candidate === undefined) throw new Error("no such answer");
  const cures = curesOf(candidate, settingOf(read.symptom, [text]), shownIn([text], read.symptom));
  return cures
    .map(({ party, onlyIf, what, lines }) => [`${party}: ${onlyIf ?? ""}`, what, ...lines].join(" "))
    .join("\n");
}

const login = "220 ready\nUSER a\n331 Password required.\nPASS ###\n230 Logged in.\n";

describe("cures fit what the paste shows", () => {
  it("makes room where the server has none, whatever program repeats it", () => {
    expect(told("FtpCommandException: Disk full - please upload later\n   at FTP.UploadData()")).toContain("Make room");
  });

  it("lets a client with many connections open fewer", () => {
    expect(
      told("[12:00:00] ERROR Error: Too many connections (8) from this IP\n at ftp/lib/connection.js:113"),
    ).toMatch(/^user: .*fewer connections/m);
  });

  it("raises the time limit of a server that ends silent sessions itself", () => {
    const text = `2025-04-04T13:25:54.191Z [192.0.2.30] Server: 220 Ready
2025-04-04T13:25:54.288Z [192.0.2.30] Client: user a
2025-04-04T13:25:55.289Z [192.0.2.30] Server: 230 User logged in, proceed
2025-04-04T13:25:57.290Z [192.0.2.30] Client: PASV
2025-04-04T13:25:57.294Z [192.0.2.30] Server: 227 PASV OK (192,0,2,1,4,1)
2025-04-04T13:25:58.301Z [192.0.2.30] Client: STOR a.dat
2025-04-04T13:25:58.309Z [192.0.2.30] Server: 150 Ready
2025-04-04T13:35:58.312Z [192.0.2.30] command socket: timeout, no command for 600000 ms, closing`;
    expect(told(text, "control-connection-dropped-idle")).toContain("Raise the server's own time limit");
    expect(told(text, "control-connection-dropped-idle")).not.toContain("TCP keepalives");
  });

  it("lets an old client in where it cannot be updated", () => {
    const text =
      "mod_tls/2.9[1]: TLS/TLS-C requested, starting TLS handshake\nmod_tls/2.9[1]: unable to accept TLS connection: protocol error:\n  (1) error:14209102:SSL routines:tls_early_post_process_client_hello:unsupported protocol";
    expect(told(text)).toContain("server admin: the client cannot be updated Let the server take that version too");
  });

  it("takes an option away that asks for one version", () => {
    expect(
      told(
        "$ curl -3 --ftp-ssl ftp://a@192.0.2.1/\n< 220 x\n> AUTH SSL\n< 234 AUTH SSL successful\ncurl: (35) error:14094410:SSL routines:SSL3_READ_BYTES:sslv3 alert handshake failure",
        "tls-versions-do-not-meet",
      ),
    ).toContain("Leave out the option");
  });

  it("opens nothing before a server where the client's own firewall filters what goes out", () => {
    const text = `the firewall here has a strict egress policy\n${login}AUTH TLS\n234 ok\nPASV\n227 Entering Passive Mode (203,0,113,9,193,20).\nLIST\ncurl: (28) Connection timed out`;
    expect(told(text, "helper-blind-to-tls")).toContain("Let connections out");
    expect(told(text, "helper-blind-to-tls")).not.toContain("Forward");
  });

  it("looks for no router where both are on one switch", () => {
    const text = `camera and server are on the same switch\n${login}EPSV\n229 Extended Passive mode OK (|||50001|)\ncurl: (28) Connection timed out`;
    expect(told(text, "passive-port-not-forwarded")).not.toMatch(/router/);
  });

  it("says what else opens the ports where CCC was to show them", () => {
    const text = `${login.replace("USER", "AUTH TLS\n234 ok\nUSER")}PBSZ 0\n200 ok\nPROT P\n200 ok\nCCC\n`;
    expect(told(`our NAT router needs it\n${text}curl: (28) timed out`, "ccc-unanswered")).toContain(
      "open the server's passive ports",
    );
    expect(told(`${text}curl: (28) timed out`, "ccc-unanswered")).not.toContain("passive ports");
  });

  it("sets the encoding of a client that cannot decode names", () => {
    expect(
      told(
        "Traceback (most recent call last):\n  File \"/usr/lib/python3.8/ftplib.py\", line 461, in retrlines\nUnicodeDecodeError: 'utf-8' codec can't decode byte 0xf8 in position 41: invalid start byte",
      ),
    ).toContain("Set the encoding");
  });

  it("does not look at the configuration for what shows at a login", () => {
    const oops = "500 OOPS: vsftpd: refusing to run with writable root inside chroot()";
    expect(told(`220 (vsFTPd 3.0.3)\nUSER a\n331 Please specify the password.\nPASS ###\n${oops}`)).not.toContain(
      "-olisten",
    );
  });
});
