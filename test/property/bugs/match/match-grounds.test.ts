import { readFileSync } from "node:fs";
import { createColors } from "picocolors";
import { fitness } from "../../../../harness/bugs/match/cures";
import { remedies } from "../../../../harness/diagnose/remedies/registry";
import type { MatchedCure, MatchReport } from "../../../../harness/model/match";
import { isPrivateIPv4 } from "../../../../harness/net/blocks";
import { matchText } from "../../../../reports/match-text";
import { answerTo, ownWords, strangersIn } from "../../../support/answers";

type Answer = { readonly id: string; readonly text: string; readonly report: MatchReport; readonly printed: string };

/** Pastes after public threads, by people who had not seen the reader, with what an expert would accept. */
type Truth = {
  readonly id: string;
  readonly files: readonly string[];
  readonly kind: "failure" | "nothing-failed" | "incomplete" | "no-ftp";
  readonly causes: readonly string[];
};

const folder = "test/fixtures/pastes";
const truths = JSON.parse(readFileSync(`${folder}/truth.json`, "utf8")) as readonly Truth[];

/** Every paste of the fixtures with its answer. */
const answers: readonly Answer[] = truths.flatMap(({ id, files }) => {
  const texts = files.map((name) => readFileSync(`${folder}/${name}`, "utf8"));
  const report = answerTo(texts);
  if (report === null) return [];
  const printed = matchText(report, { colours: createColors(false), unicode: true });
  return [{ id, text: texts.join("\n"), report, printed }];
});

/** The answers in which something is said that must not be. */
function where(says: (answer: Answer) => readonly string[]): readonly string[] {
  return answers.flatMap((answer) => says(answer).map((words) => `${answer.id}: ${words}`));
}

const curesIn = ({ candidates }: MatchReport): readonly MatchedCure[] => candidates.flatMap(({ cures }) => cures);
const unconditional = (report: MatchReport): readonly MatchedCure[] =>
  curesIn(report).filter(({ onlyIf }) => onlyIf === null);
const inFull = ({ what, lines }: MatchedCure): string => [what, ...lines].join(" / ");

/** A line about a router, or two addresses of which one is hidden behind the other. */
function hasRouter({ text, report: { symptom } }: Answer): boolean {
  const named = symptom.announced?.address ?? null;
  const isHidden =
    symptom.dialled !== null && named !== null && isPrivateIPv4(named) && !isPrivateIPv4(symptom.dialled);
  return (
    isHidden ||
    /\brouter|\bNAT\b|forward(?:ed|ing)?\b|ALG\b|gateway|balancer|firewall|IN=\S+ OUT=\S+|filterlog|%ASA|PREROUTING/i.test(
      text,
    ) ||
    /only to \d/.test(text)
  );
}

const programs = [
  ...["vsftpd", "ProFTPD", "Pure-FTPd", "pyftpdlib", "FileZilla Server", "IIS", "WinSCP", "lftp", "Wget", "curl"],
  ...["ftplib", "basic-ftp", "Cisco", "Schannel", "GnuTLS", "OpenSSL", "haproxy", "docker", "kubectl"],
];

describe("what people paste", () => {
  const reports = new Map(answers.map(({ id, report }) => [id, report]));

  test.each(truths)("$id: $kind $causes", ({ id, kind, causes }) => {
    const report = reports.get(id) ?? null;
    if (kind === "no-ftp") {
      expect(report).toBeNull();
      return;
    }
    if (kind !== "failure") {
      const result = kind === "incomplete" ? "cut-off" : "worked";
      expect([report?.symptom.result, report?.candidates]).toEqual([result, []]);
      return;
    }
    expect(causes).toContain(report?.candidates[0]?.cause ?? "unknown");
    const named = report?.candidates.filter(({ confidence }) => confidence === "shown").map(({ cause }) => cause) ?? [];
    // What lines name by themselves is the cause, or its next of kin.
    expect(named.filter((cause) => !causes.includes(cause))).toEqual([]);
  });
});

describe("an answer to what people paste", () => {
  it("names no address, port and reply code that no line shows", () => {
    expect(where(({ text, report }) => strangersIn(text, report))).toEqual([]);
  });

  it("quotes lines of the paste, and gives each candidate a ground", () => {
    const lines = (text: string): string => text.replace(/\bPASS .*/g, "PASS ###").replace(/\s+/g, " ");
    const unquoted = where(({ text, report: { candidates } }) => {
      const pasted = lines(text);
      return candidates.flatMap(({ because }) =>
        because.flatMap(({ lines: quoted }) =>
          quoted.map((quote) => lines(quote.text)).filter((quote) => !quote.includes("###") && !pasted.includes(quote)),
        ),
      );
    });
    expect(unquoted).toEqual([]);
    expect(
      where(({ report: { candidates } }) =>
        candidates.filter(({ because }) => because.length === 0).map(({ cause }) => cause),
      ),
    ).toEqual([]);
  });

  it("names no program that no line names, but the client whose form of a log it is", () => {
    const named = where(({ text, report }) =>
      programs.filter((program) => {
        const isClients = program.toLowerCase() === report.symptom.client;
        const shows = new RegExp(program.replace("vsftpd", "vsftpd|vsFTPd|/etc/vsftpd"), "i").test(text);
        const isServers = report.symptom.server?.toLowerCase().includes(program.toLowerCase()) === true;
        return (
          !isClients &&
          !shows &&
          !isServers &&
          ownWords(report).some((words) => new RegExp(String.raw`\b${program}\b`).test(words))
        );
      }),
    );
    expect(named).toEqual([]);
  });

  it("speaks of a router on a condition, unless one is shown", () => {
    const strange = where((answer) =>
      hasRouter(answer)
        ? []
        : unconditional(answer.report)
            .map(inFull)
            .filter((words) => /\brouter|\bNAT\b|PREROUTING|\bFORWARD\b/.test(words)),
    );
    expect(strange).toEqual([]);
  });

  it("gives a condition no lines to paste, and tells it after what has none", () => {
    expect(
      where(({ report }) =>
        curesIn(report)
          .filter(({ onlyIf, lines }) => onlyIf !== null && lines.length > 0)
          .map(inFull),
      ),
    ).toEqual([]);
    const unordered = where(({ report: { candidates } }) =>
      candidates.flatMap(({ cause, cures }) => {
        const firstIf = cures.findIndex(({ onlyIf }) => onlyIf !== null);
        return firstIf >= 0 && cures.slice(firstIf).some(({ onlyIf }) => onlyIf === null) ? [cause] : [];
      }),
    );
    expect(unordered).toEqual([]);
  });

  it("asks for no server's log where one is pasted", () => {
    const asked = where(({ report }) =>
      report.symptom.lines.some(({ by }) => by === "server")
        ? [...report.paste, ...curesIn(report).map(({ what }) => what)].filter((words) =>
            /server's (?:own )?log|SystemLog|TLSLog/.test(words),
          )
        : [],
    );
    expect(asked).toEqual([]);
  });

  it("gives an administrator of Windows no commands of Linux", () => {
    const strange = where(({ text, report }) =>
      /Microsoft FTP Service|FileZilla Server|sc-win32-status/.test(text)
        ? unconditional(report)
            .filter(({ party }) => party === "server admin")
            .map(inFull)
            .filter((words) => /iptables|\bls -|\bdf -|systemctl|PassivePorts/.test(words))
        : [],
    );
    expect(strange).toEqual([]);
  });

  it("does not send packets of a loopback through a network", () => {
    const strange = where(({ report }) =>
      /^(?:127\.|::1$)/.test(report.symptom.dialled ?? "")
        ? curesIn(report)
            .filter(({ party }) => party === "network admin")
            .map(inFull)
        : [],
    );
    expect(strange).toEqual([]);
  });

  it("opens no passive ports for a session in active mode", () => {
    const strange = where(({ report }) =>
      report.symptom.data === "port" || report.symptom.data === "eprt"
        ? curesIn(report)
            .map(({ what }) => what)
            .filter((words) => /^(?:Forward|Publish) the passive ports/i.test(words))
        : [],
    );
    expect(strange).toEqual([]);
  });

  it("says that nothing failed only where nothing did", () => {
    expect(
      where(({ printed, report: { candidates } }) =>
        candidates.length > 0 && /no failure|nothing to explain/.test(printed) ? [printed] : [],
      ),
    ).toEqual([]);
  });

  it("says nothing of the session where it means a data connection", () => {
    const said = where(({ report: { candidates } }) =>
      candidates.flatMap(({ because }) =>
        because
          .map(({ meaning }) => meaning)
          .filter((meaning) => /\bthe session (?:stopped|was|timed|found|ended)/.test(meaning)),
      ),
    );
    expect(said).toEqual([]);
  });

  it("counts as other sessions only those that begin with a greeting, a login, a prompt or their client's word", () => {
    const invented = where(({ report: { symptom }, text }) => {
      const sessions = symptom.beside.filter(({ isAttempt }) => isAttempt !== true);
      const begins =
        text.match(
          /\b220[ -]|\bUSER\b|Connect|Verbind|Conect|Connexion|Conness|连接|接続|established|>>? ?opened|open |^ftp> /gim,
        ) ?? [];
      return sessions.length > 0 && begins.length < 2 ? [`${sessions.length} sessions`] : [];
    });
    expect(invented).toEqual([]);
  });

  it("tells what lines name before what they make likely", () => {
    expect(
      where(({ report: { candidates } }) =>
        candidates.flatMap(({ cause, confidence }, index) =>
          confidence === "shown" && index > 0 && candidates[index - 1]?.confidence !== "shown" ? [cause] : [],
        ),
      ),
    ).toEqual([]);
  });

  it("has nobody stop before the connection who says that it is there", () => {
    expect(
      where(({ report: { symptom } }) =>
        symptom.stage === "control-connect"
          ? symptom.lines
              .filter(({ direction, by }) => direction === "*" && by === undefined)
              .map(({ text }) => text)
              .filter((text) => /^Connected (?:to|with)\b|waiting for (?:the )?welcome/i.test(text))
          : [],
      ),
    ).toEqual([]);
  });

  it("counts as attempts only what a data command or a transfer belongs to", () => {
    const invented = where(({ text, report: { symptom } }) => {
      const lines = text.split("\n");
      return symptom.beside
        .filter(({ isAttempt }) => isAttempt === true)
        .filter(
          ({ line }) =>
            !/\b(?:PASV|EPSV|PORT|EPRT|LIST|NLST|MLSD|RETR|STOR|STOU|APPE|227|229|passive)\b/i.test(
              lines.slice(line - 1, line + 12).join(" "),
            ),
        )
        .map(({ line }) => `attempt at line ${line}`);
    });
    expect(invented).toEqual([]);
  });

  it("says that no range is forwarded only where no line forwards one", () => {
    const denied = where(({ report: { candidates } }) =>
      candidates.flatMap(({ because }) =>
        because
          .filter(({ meaning }) => meaning.includes("forwards a passive range"))
          .flatMap(({ lines }) => lines.map(({ text }) => text).filter((text) => /\d{4,5}[-:]\d{4,5}/.test(text))),
      ),
    );
    expect(denied).toEqual([]);
  });

  it("knows no network that shows the same where transfers before it worked", () => {
    expect(
      where(({ report: { candidates } }) =>
        candidates.some(({ because }) => because.some(({ meaning }) => meaning.startsWith("transfers before it")))
          ? candidates.filter(({ confidence }) => confidence === "fits").map(({ cause }) => cause)
          : [],
      ),
    ).toEqual([]);
  });

  it("speaks of TLS sessions where TLS is shown, and of a password where no address is to blame", () => {
    const strange = where(({ text, report: { candidates } }) => [
      ...(/TLS|SSL|FTPS|AUTH|PROT|encrypt|certificate|Operation not permitted/i.test(text)
        ? []
        : candidates.map(({ cause }) => cause).filter((cause) => cause === "tls-session-not-reused")),
      ...(candidates[0]?.cause === "login-refused" && /unauthori[sz]ed IP|IP (?:is )?(?:banned|not allowed)/i.test(text)
        ? ["login-refused"]
        : []),
    ]);
    expect(strange).toEqual([]);
  });

  it("sends nobody to passive mode who says that there is only the other one", () => {
    expect(
      where(({ text, report }) =>
        /\bonly (?:do )?active\b/i.test(text)
          ? curesIn(report)
              .map(({ what }) => what)
              .filter((what) => what.startsWith("Use passive mode"))
          : [],
      ),
    ).toEqual([]);
  });

  it("explains nothing beside what lines name", () => {
    const explained = where(({ printed, report: { candidates } }) =>
      candidates[0]?.confidence === "shown" && /^ {3}2 {4}/m.test(printed) ? [candidates[1]?.cause ?? ""] : [],
    );
    expect(explained).toEqual([]);
  });
});

describe("a remedy", () => {
  it("says what it presupposes of a paste", () => {
    expect(remedies.map(({ id }) => id).filter((id) => fitness[id] === undefined)).toEqual([]);
    expect(Object.keys(fitness).filter((id) => !remedies.some((remedy) => remedy.id === id))).toEqual([]);
  });
});
