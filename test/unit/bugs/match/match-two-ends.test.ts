import { caseIn } from "../../../support/read-case";

/** The first cause of several pastes of one case, and how sure the answer is of it. */
function firstOf(...pastes: readonly (readonly string[])[]): readonly unknown[] {
  const [first] = caseIn(pastes.map((lines) => lines.join("\n")))?.candidates ?? [];
  return [first?.cause, first?.confidence];
}

const login = ["220 (vsFTPd 3.0.5)", "USER bob", "331 Please specify the password.", "PASS x", "230 Login successful."];
const logged = (time: string, said: string): string => `Sun Dec  1 ${time} 2024 [pid 3] [bob] ${said}`;
const serverSays = (command: string, reply: string): readonly string[] => [
  logged("10:12:05", `FTP command: Client "198.51.100.9", "${command}"`),
  logged("10:12:05", `FTP response: Client "198.51.100.9", "${reply}"`),
];

describe("a case that both ends logged", () => {
  it("is a line altered on the way where another data command arrives than was sent", () => {
    const client = [...login, "PASV", "229 Entering Extended Passive Mode (|||40033|)", "error: bad reply to PASV"];
    const altered = serverSays("EPSV", "229 Entering Extended Passive Mode (|||40033|)");
    expect(firstOf(client, altered)).toEqual(["line-altered-on-the-way", "shown"]);
  });

  it("is none where what arrives is what was sent", () => {
    const client = [...login, "PASV", "227 Entering Passive Mode (203,0,113,5,156,97)", "error: connection timed out"];
    const same = serverSays("PASV", "227 Entering Passive Mode (203,0,113,5,156,97).");
    expect(firstOf(client, same)[0]).not.toBe("line-altered-on-the-way");
  });
});

const upload = [
  "10:00:00 Command: PASV",
  "10:00:00 Response: 227 Entering Passive Mode (192,0,2,80,23,150)",
  "10:00:00 Command: STOR dump.tar",
  "10:00:00 Response: 150 Accepted data connection",
  "10:12:00 Error: Connection timed out after 20 seconds of inactivity",
  "10:12:00 Error: File transfer failed after transferring 4,510,613,504 bytes in 720 seconds",
];
const stored = (time: string): readonly string[] => [
  "Nov 22 10:00:00 host pure-ftpd: (bob@198.51.100.14) [DEBUG] Command [pasv] []",
  "Nov 22 10:00:00 host pure-ftpd: (bob@198.51.100.14) [DEBUG] Command [stor] [dump.tar]",
  `Nov 22 ${time} host pure-ftpd: (bob@198.51.100.14) [NOTICE] /srv/dump.tar uploaded  (4510613504 bytes, 6264.74KB/sec)`,
];

describe("an upload that the server has whole", () => {
  it("was confirmed too late where the server had it after the client gave up", () => {
    expect(firstOf(upload, stored("10:13:00"))).toEqual(["server-slow", "possible"]);
  });

  it("lost its control connection where the server had it before", () => {
    expect(firstOf(upload, stored("10:11:40"))).toEqual(["control-connection-dropped-idle", "possible"]);
  });
});

const refused = [...login, "PASV", "227 Entering Passive Mode (172,18,0,4,138,75)", "Passive mode address mismatch."];
const unanswered = [
  ...login,
  "PASV",
  "227 Entering Passive Mode (172,18,0,4,138,75)",
  "LIST",
  "425 Connection timed out",
];

describe("another tool's try of the named port", () => {
  it("leaves no way for the address to be out of reach where it answers", () => {
    expect(firstOf([...refused, "", "nc -vz 172.18.0.4 35403 -> succeeded!"])[0]).toBe(
      "passive-address-rejected-by-client",
    );
    const causes = caseIn([[...unanswered, "", "Connection to 172.18.0.4 35403 port [tcp/*] succeeded!"].join("\n")]);
    expect(causes?.candidates.map(({ cause }) => cause)).not.toContain("passive-address-unroutable");
  });

  it("says nothing where it fails, or tries another port", () => {
    for (const probe of [
      "nc: connect to 172.18.0.4 port 35403 (tcp) failed",
      "Connection to 172.18.0.4 21 port succeeded!",
    ])
      expect(firstOf([...unanswered, "", probe])[0]).toBe("passive-address-unroutable");
  });
});

describe("what a program told before somebody tried by hand", () => {
  const told = "2026/02/03 10:00:00 Failed to lsd: x509: certificate signed by unknown authority";
  const byHand = ["220 Hello", "USER bob", "331 Password required"];

  it("counts where the hand-made session did not fail", () => {
    expect(firstOf([told, "", ...byHand])).toEqual(["certificate-untrusted", "shown"]);
  });

  it("is no program's word where a person says it", () => {
    const said = "I wonder whether a certificate signed by unknown authority would fail here.";
    expect(firstOf([said, "", ...byHand])[1]).not.toBe("shown");
  });
});
