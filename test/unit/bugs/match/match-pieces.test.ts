import { filezillaNotDialled } from "../../../support/pasted-logs";
import { candidatesIn } from "../../../support/read-case";

const login = "220 a\nUSER b\n331 c\nPASS d\n230 e\n";

/** Pieces of public threads, made anonymous: most show one line of a session, from either end. */
const pieces: readonly (readonly [string, string, string])[] = [
  [
    "a 227 with a URL in it, before a refused PORT",
    `${login}PASV\n227 PASV OK (ftp://0,0,0,0,70,80)\nPORT 192,168,1,91,253,224\n500 Illegal PORT`,
    "server-reply-malformed",
  ],
  [
    "a 229 with another delimiter that the client does not know",
    "Can't parse response to 'EPSV': 229 Entering Extended Passive Mode (!!!46934!).",
    "client-cannot-parse-reply",
  ],
  [
    "a 227 in the place of a 229",
    "Can't parse response to 'EPSV': 227 Entering Passive Mode (203,0,113,97,201,133)",
    "server-reply-malformed",
  ],
  [
    "TLS that was granted and came to nothing",
    "Command: AUTH TLS\nResponse: 234 AUTH TLS OK.\nError: Unable to connect\nStatus: Disconnected",
    "tls-versions-do-not-meet",
  ],
  [
    "a setting that the server complains of",
    "230 Login successful.\nPASV\n500 OOPS: invalid pasv_address\n421 Service not available",
    "server-setting-broken",
  ],
  [
    "a packet that the server's own firewall logs",
    "[UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.77 DST=10.180.0.3 PROTO=TCP SPT=53039 DPT=8190 SYN",
    "server-host-firewall",
  ],
  ["an address that the client did not dial, over TLS", filezillaNotDialled, "helper-blind-to-tls"],
  [
    "mod_tls's refusal in a warning of PHP",
    "PHP Warning:  ftp_nlist(): Unable to build data connection: Operation not permitted in /srv/a.php on line 3",
    "tls-session-not-reused",
  ],
  ["a 426 that curl repeats", "curl: (18) server did not report OK, got 426", "transfer-end-lost"],
  ["CCC without an answer", "---> CCC\n**** Timeout - reconnecting", "ccc-unanswered"],
  [
    "two ends of TLS after CCC",
    `2026-01-01 10:00:00,123 mod_tls/2.9.2[12]: received CCC, clearing control channel protection
2026-01-01 10:00:00,124 mod_tls/2.9.2[12]: SSL_shutdown error: wrong version number`,
    "ccc-shutdown-mismatch",
  ],
  [
    "a session that was not resumed, in an event of XML",
    `<event time="1" desc="FTP data connection failed."><error message="TLS session for the data connection was not resumed or does not match"/></event>`,
    "tls-session-not-reused",
  ],
  ["the other family", "425 LIST: Address family not supported by protocol", "address-family-refused"],
];

describe("a piece of a paste", () => {
  it.each(pieces)("with %s has its cause first", (_, text, cause) => {
    expect(candidatesIn([text])[0]?.cause).toBe(cause);
  });

  it("rests on lines of the paste", () => {
    for (const [, text] of pieces) {
      for (const { because } of candidatesIn([text])) {
        expect(because.length).toBeGreaterThan(0);
        for (const { lines } of because) {
          expect(lines.length).toBeGreaterThan(0);
          for (const { line } of lines) expect(text.split("\n")[line - 1]).toBeDefined();
        }
      }
    }
  });
});
