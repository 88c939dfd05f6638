import { loadCatalog } from "../../../harness/cli/catalog";
import { readLog } from "../../../harness/logs/read-log";
import { symptomOf } from "../../../harness/logs/symptom";
import { candidatesOf } from "../../../harness/match/candidates";
import { siblingsIn, type OtherSession } from "../../../harness/match/clues";
import { questionFor } from "../../../harness/match/question";
import { knownCells } from "../../../harness/match/table";
import { pastedLogs } from "../../support/pasted-logs";

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

  it("are fewer once it is known what else works", () => {
    expect(causes(pastedLogs.filezillaHidden227)).toContain("passive-port-not-forwarded");
    const [first, ...others] = candidates(pastedLogs.filezillaHidden227, [plain(true)]);
    expect(first).toMatchObject({ cause: "helper-blind-to-tls", confidence: "fits" });
    expect(others.filter(({ confidence }) => confidence === "fits")).toEqual([]);
    const [blocked] = candidates(pastedLogs.filezillaHidden227, [plain(false)]);
    expect(blocked?.cause).toBe("passive-port-not-forwarded");
  });

  it("that the log itself proves come first, whatever the cells show", () => {
    expect(candidates(pastedLogs.lftpCccRefused)[0]).toMatchObject({ cause: "ccc-refused", confidence: "proven" });
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

  it("is not asked where there is one candidate", () => {
    expect(questionFor(candidates(pastedLogs.lftpCccRefused), siblings)).toBeNull();
  });
});
