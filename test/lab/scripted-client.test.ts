import { reproduceText } from "../support/reproduce-text";

// The image of the programs is built when it is not there yet.
jest.setTimeout(600_000);

const report = `title: Manners of a scripted client
reported: { text: It works. }
network: direct
server: tls-optional
client:
  script:
    steps: [AUTH TLS, "USER {user}", "PASS {password}", PBSZ 0, PROT P, CCC, NOOP, EPSV, "LIST {folder}", QUIT]
mode: ftps-ccc
data: epsv
variants:
  reported: { shows: { result: worked, says: "226" } }
  ccc-first:
    change: close_notify at once.
    client: { script: { tls: { ccc: first } } }
    shows: { result: worked }
  ccc-deadlock:
    change: Client and server each wait for the other's close_notify.
    server: { from: scripted, script: { tls: { ccc: answer } } }
    client: { script: { patience: 2 s } }
    shows: { result: failed, stage: ccc, says: no close_notify within 2 s, lasts: { least: 2 s, most: 4 s } }
  active:
    change: Its own PORT, in clear, and a file fetched.
    mode: ftp
    data: port
    session: { download: 32 kB }
    client: { script: { steps: ["USER {user}", "PASS {password}", TYPE I, PORT, "RETR {folder}/{file}", QUIT] } }
    shows: { result: worked, says: ["> PORT 203,0,113,", "226"] }
  no-listener:
    change: Nothing listens on the port that EPRT names.
    mode: ftp
    data: eprt
    client: { script: { data: { listens: false }, steps: ["USER {user}", "PASS {password}", EPRT, LIST] } }
    shows: { result: failed, reply: 425 }
  reuse:
    change: The server wants the session resumed, and it is.
    server: tls-required-reuse
    mode: ftps-implicit
    session: { upload: 32 kB }
    client: { script: { steps: &upload ["USER {user}", "PASS {password}", PBSZ 0, PROT P, TYPE I, EPSV, "STOR {folder}/{file}"] } }
    shows: { result: worked, stored: complete }
  no-reuse:
    change: It is not.
    server: tls-required-reuse
    mode: ftps-implicit
    session: { upload: 32 kB }
    client: { script: { steps: *upload, data: { resumes: false } } }
    shows: { result: failed, stage: data-tls, cause: tls-session-not-reused }
  broken:
    change: The upload is reset in the middle.
    mode: ftps-implicit
    session: { upload: 32 kB }
    client: { script: { steps: *upload, data: { breaks: { after: 16 kB, by: reset } } } }
    shows: { result: failed, stage: transfer, stored: partial }
  silent:
    change: The data connection is opened, and nothing is done on it.
    client: { script: { patience: 2 s, data: { silent: true } } }
    shows: { result: failed }
  raw:
    change: A command in pieces, what no client sends, and a reset.
    mode: ftp
    session: login
    client:
      script:
        steps: [{ send: "SY" }, { wait: 500 ms }, { send: "ST\\r\\n" }, reply, { send: "\\r\\n" }, reply, "USER {user}", reset]
    shows: { result: worked, says: ["215 UNIX", "> SY", "500"] }
  own-certificate:
    change: It checks the server's certificate.
    server: tls-optional+self-signed
    client: { script: { steps: [{ send: "AUTH TLS\\r\\n" }, reply, tls] } }
    shows: { result: failed, cause: certificate-untrusted, says: CERTIFICATE_VERIFY_FAILED }
`;

test("a scripted client does what its lines say, and beside it what an ordinary client does", async () => {
  const { variants, labErrors } = await reproduceText(report);
  expect(labErrors).toEqual([]);
  const differences = variants.map(({ variant, verdict }) => [
    variant.id,
    verdict?.difference,
    verdict?.told?.result.message,
  ]);
  expect(differences.filter(([, difference]) => difference !== null)).toEqual([]);
});
