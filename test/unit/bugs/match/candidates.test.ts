import { loadCatalog } from "../../../../harness/cli/catalog";
import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOf } from "../../../../harness/bugs/logs/symptom";
import { candidatesOf } from "../../../../harness/bugs/match/candidates";
import { sessionsBeside, siblingsIn, type OtherSession } from "../../../../harness/bugs/match/known-traits";
import { questionFor } from "../../../../harness/bugs/match/question";
import { knownCells } from "../../../../harness/bugs/match/table";
import { pastedLogs } from "../../../support/pasted-logs";

const cells = knownCells(loadCatalog());
const siblings = siblingsIn(cells, "direct");

function candidates(text: string, others: readonly OtherSession[] = []) {
  const log = readLog(text);
  if (log === null) throw new Error("no log was found");
  return candidatesOf(symptomOf(log), cells, siblings, others);
}
const causes = (text: string, others: readonly OtherSession[] = []): string[] =>
  candidates(text, others).map(({ cause }) => cause);
const plain = (worked: boolean): OtherSession => ({ mode: "ftp", data: null, inside: false, worked });

describe("candidates", () => {
  // The cause that the threads came to.
  it.each<[keyof typeof pastedLogs, string]>([
    ["filezillaActive", "helper-blind-to-tls"],
    ["filezillaFrench", "no-helper"],
    ["filezillaHidden227", "helper-blind-to-tls"],
    ["basicFtp425", "tls-session-not-reused"],
    ["curlPrivate227", "helper-blind-to-tls"],
    ["lftpCccRefused", "ccc-refused"],
    ["ftplibEprt", "active-address-refused"],
    ["wgetRefused", "passive-address-unroutable"],
    ["winscp", "tls-required"],
    ["nodeFtp", "no-helper"],
    ["basicFtpTimeout", "no-helper"],
    ["curlTlsRequired", "tls-required"],
    ["lftpFixesAddress", "helper-blind-to-tls"],
    ["ftplibTimeout", "no-helper"],
    ["transcriptActive", "active-connection-blocked"],
    ["transcript", "tls-required"],
  ])("of %s have %s among the first three", (name, cause) => {
    expect(causes(pastedLogs[name]).slice(0, 3)).toContain(cause);
  });

  const login = "220 a\nUSER b\n331 c\nPASS d\n230 e\n";
  const tls = `${login}PBSZ 0\n200 f\nPROT P\n200 g\nPASV\n227 h (x,x,x,x,195,80)\nLIST\n150 i\n`;

  it.each<[string, string]>([
    ["522 SSL connection failed: session reuse required", "tls-session-not-reused"],
    ["425 Unable to build data connection: TLS session of data connection not resumed.", "tls-session-not-reused"],
    [
      "425 data connection ip address 172.17.0.3 does not match control connection ip address 172.17.0.1",
      "foreign-data-peer",
    ],
  ])("are shown by the reply %s", (reply, cause) => {
    const [first] = candidates(`${tls}${reply}\nQUIT\n221 bye`);
    expect(first).toMatchObject({ cause, confidence: "shown" });
  });

  it("fit the same cells whatever address 227 names, once there is a data connection", () => {
    const refused = `${tls}425 k: Operation not permitted`;
    for (const address of ["10,0,0,5", "203,0,113,9"]) {
      const [first] = candidates(refused.replace("x,x,x,x", address));
      expect(first).toMatchObject({ cause: "tls-session-not-reused", confidence: "fits" });
    }
  });

  it("have a private address among them though nobody shows what was dialled", () => {
    const named = (address: string) => causes(`${login}PASV\n227 f (${address},195,80)\nLIST\nConnection timed out`);
    expect(named("10,0,0,5")).toContain("passive-address-unroutable");
    expect(named("203,0,113,9")).not.toContain("passive-address-unroutable");
  });

  it("are a line that is taken out, where the connection is cut off at a command", () => {
    expect(causes(`${login}PASV\ncontrol: Connection reset by peer`)).toEqual(["control-line-blocked"]);
    expect(causes(`${login}PASV\nError: Connection timed out`)).toEqual(["control-line-blocked"]);
  });

  it("are the certificate's where it is refused on the data connection", () => {
    const log = `Connected to 203.0.113.9:21 (No encryption)
< 220 a
> AUTH TLS
< 234 b
> USER c
< 331 d
> PASS ###
< 230 e
> PBSZ 0
< 200 f
> PROT P
< 200 g
> EPSV
< 229 h (|||50123|)
> STOR i
< 150 File status okay; about to open data connection.
Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: localhost.`;
    expect(candidates(log)[0]).toMatchObject({ cause: "certificate-name-mismatch", confidence: "shown" });
  });

  it("are none of networks where PASV is refused, or TLS ends that was granted", () => {
    expect(causes(`${login}PASV\n502 no`)[0]).toBe("data-command-refused");
    const handshake =
      "<--- 220 a\n---> AUTH TLS\n<--- 234 b\n**** gnutls_handshake: A TLS packet with unexpected length was received.";
    expect(causes(handshake)[0]).toBe("tls-versions-do-not-meet");
  });

  it("are those of the usual networks first", () => {
    const [first, second] = causes(`${login}PASV\n227 f (203,0,113,9,195,80)\nLIST\n425 g`);
    expect([first, second]).toEqual(["passive-port-not-forwarded", "no-helper"]);
    const unknown = causes("ftp_nlist(): php_connect_nonb() failed: Operation now in progress (115)").slice(0, 3);
    expect(unknown).toContain("passive-port-not-forwarded");
    expect(unknown).not.toContain("helper-missed-first-line-after-ccc");
  });

  it("take into account what worked in another session of the log", () => {
    const failed = `${login}EPSV\n229 f (|||50123|)\nConnection timed out\n`;
    const log = readLog(`${failed}${login}PASV\n227 f (203,0,113,9,195,80)\nLIST\n150 g\n226 h`);
    if (log === null) throw new Error("no log was found");
    const symptom = symptomOf(log);
    expect(sessionsBeside(symptom)).toEqual([{ mode: "ftp", data: "pasv", inside: false, worked: true, line: 9 }]);
    expect(candidatesOf(symptom, cells, siblings, sessionsBeside(symptom))[0]?.cause).toBe("helper-does-not-know-line");
  });

  it("are fewer once it is known what else works", () => {
    expect(causes(pastedLogs.filezillaHidden227)).toContain("passive-port-not-forwarded");
    const [first, ...others] = candidates(pastedLogs.filezillaHidden227, [plain(true)]);
    expect(first).toMatchObject({ cause: "helper-blind-to-tls", confidence: "fits" });
    expect(others.filter(({ confidence }) => confidence === "fits")).toEqual([]);
    const [blocked] = candidates(pastedLogs.filezillaHidden227, [plain(false)]);
    expect(blocked?.cause).toBe("passive-port-not-forwarded");
  });

  it("that the log itself proves come first, whatever the cells show", () => {
    expect(candidates(pastedLogs.lftpCccRefused)[0]).toMatchObject({ cause: "ccc-refused", confidence: "shown" });
  });

  it("name cells that show the same", () => {
    for (const { cells: shown } of candidates(pastedLogs.filezillaActive)) {
      for (const { cell, expected } of shown) {
        expect([cell.mode, cell.data, expected.stage]).toEqual(["ftps", "port", "data-connect"]);
      }
    }
  });

  it("are none for a session that worked", () => {
    const done = "220 a\nUSER a\n331 c\nPASS d\n230 e\nPASV\n227 ok (203,0,113,5,195,80).\nLIST\n150 b\n226 done";
    expect(causes(done)).toEqual([]);
  });
});

describe("the question", () => {
  it("is answered differently by the two likeliest causes", () => {
    const found = candidates(pastedLogs.filezillaHidden227);
    const question = questionFor(found, siblings);
    expect(question).toMatchObject({ mode: "ftp", data: "pasv", inside: false });
    expect(question?.ifWorks.cause).toBe("helper-blind-to-tls");
    // Answered, it leaves the cause that it was said to speak for.
    const answer = (worked: boolean): OtherSession => ({ mode: "ftp", data: "pasv", inside: false, worked });
    expect(causes(pastedLogs.filezillaHidden227, [answer(true)])[0]).toBe(question?.ifWorks.cause);
    expect(causes(pastedLogs.filezillaHidden227, [answer(false)])[0]).toBe(question?.ifFails.cause);
  });

  it("tells others apart where no session tells the two likeliest", () => {
    const found = candidates("220 a\nUSER b\n331 c\nPASS d\n230 e\nPASV\n227 f (203,0,113,9,195,80)\nLIST\n425 g");
    const [first, second] = found;
    const question = questionFor(found, siblings);
    expect(question).not.toBeNull();
    expect([question?.ifWorks, question?.ifFails]).not.toEqual(expect.arrayContaining([first, second]));
  });

  it("is not asked where there is one candidate", () => {
    expect(questionFor(candidates(pastedLogs.lftpCccRefused), siblings)).toBeNull();
  });
});
