import fc from "fast-check";
import { createColors } from "picocolors";
import { stages } from "../../../harness/model/axes";
import { causeIds, type Diagnosis } from "../../../harness/model/diagnosis";
import { gapCollectors, type CellEvidence } from "../../../harness/model/evidence";
import { explainText, type ExplainOptions } from "../../../reports/explain-text";
import { displayWidth } from "../../../harness/text/width";
import { clientNatPort, ftpPasv, ftpsEpsv, ftpsPasv } from "../../fixtures/recordings/cells";
import { blind, opened } from "../../fixtures/recordings/diagnoses";
import { describeGolden } from "../../support/golden";
import { gap } from "../../support/evidence";

const plain: ExplainOptions = { colours: createColors(false), unicode: true, columns: 80 };

const shown = [
  ["ftps-pasv", ftpsPasv, blind],
  ["ftps-epsv", ftpsEpsv, blind],
  ["ftp-pasv-worked", ftpPasv, opened],
  ["client-nat-port-425", clientNatPort, blind],
] as const;

describeGolden(
  "explanations",
  "reports/explain",
  new Map(
    shown.flatMap(([name, evidence, diagnosis]) =>
      [80, 120].map((columns): [string, () => string] => [
        `${name}-${columns}.txt`,
        () => explainText(evidence, diagnosis, { ...plain, columns }),
      ]),
    ),
  ),
);

/** Rows that a terminal shows: it breaks what is too long. */
function rowsOf(text: string, columns: number): number {
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

function withMessage(message: string): CellEvidence {
  return { ...ftpsPasv, attempt: { ...ftpsPasv.attempt, message } };
}

describe("an explanation", () => {
  it("begins with cell, result, stage, cause and confidence", () => {
    const [first] = explainText(ftpsPasv, blind, { ...plain, columns: 120 }).split("\n");
    expect(first).toBe(`✗ ${ftpsPasv.cell.id} failed at data-command: helper-blind-to-tls (shown)`);
  });

  it("shows the line at both ends, and that no router could read it under TLS", () => {
    const text = explainText(ftpsPasv, blind, { ...plain, columns: 120 });
    expect(text).toContain("client  read 227 Entering Passive Mode (192,168,10,10,197,13).");
    expect(text).toContain("server  sent the 227 as the client read it, encrypted: no router could read or change it");
    expect(text).toContain("router  no expectation: helper ftp read no port");
  });

  it("shows the line as it was sent and as it was read where a router rewrote it", () => {
    const text = explainText(ftpPasv, opened, plain);
    expect(text).toContain("client  read 227 Entering Passive Mode (203,0,113,1,196,197).");
    expect(text).toContain("server  sent 227 Entering Passive Mode (192,168,10,10,196,197).");
  });

  it("shows the SYN with the policy that met it, how often it came, and its link", () => {
    expect(explainText(ftpsEpsv, blind, { ...plain, columns: 120 })).toContain(
      "router  dropped SYN 203.0.113.41:45291 → 203.0.113.1:50828: filter INPUT, policy DROP (2 times, from internet)",
    );
  });

  it("says nothing of expectations where their collector failed", () => {
    const evidence = { ...ftpsPasv, missing: [gap("router-events", "router", "the process ended")] };
    const text = explainText(evidence, blind, plain);
    expect(text).not.toContain("no expectation");
    expect(text).toContain("Missing router: the process ended");
  });

  it("does not repeat what a proof tells already", () => {
    const proofs = [
      { witness: "client", text: "< 227 Entering Passive Mode (192,168,10,10,197,13)." },
      { witness: "router", text: "no SYN came, and nothing was expected" },
    ];
    const finding = { ...blind.findings[0]!, proofs };
    const text = explainText(ftpsPasv, { ...blind, findings: [finding] }, { ...plain, all: true });
    expect(text.match(/192,168,10,10,197,13/g)).toHaveLength(1);
    expect(text.match(/SYN/g)).toHaveLength(1);
    expect(text).not.toContain("no expectation");
  });

  it("tells remedies whole with `all`, and counts what it leaves out otherwise", () => {
    const whole = explainText(ftpsPasv, blind, { ...plain, all: true });
    for (const { lines } of blind.findings[0]?.remedies ?? []) for (const line of lines) expect(whole).toContain(line);
    expect(whole).not.toContain("more with --all");
    expect(explainText(ftpsPasv, blind, plain)).toMatch(/… \d more with --all/);
  });

  it("tells the root's first remedy whole", () => {
    for (const line of blind.findings[0]?.remedies[0]?.lines ?? []) {
      expect(explainText(ftpsEpsv, blind, plain)).toContain(line);
    }
  });

  it("tells a remedy of two findings once", () => {
    const text = explainText(ftpsPasv, blind, { ...plain, all: true });
    expect(text.match(/MasqueradeAddress 203/g)).toHaveLength(1);
  });

  it("adds up a stage that came several times, and marks the one that failed at the end", () => {
    const spans = [
      { stage: "data-connect", startMs: 0, endMs: 10 },
      { stage: "transfer", startMs: 10, endMs: 1510 },
      { stage: "data-connect", startMs: 1510, endMs: 3510 },
    ] as const;
    const attempt = { ...ftpsPasv.attempt, stage: "data-connect", stages: spans } as const;
    expect(explainText({ ...ftpsPasv, attempt }, blind, plain)).toContain(
      "Stages  ✓ transfer 1,500 ms · ✗ data-connect 2,010 ms\n",
    );
  });

  it("cuts an explanation that tells a story", () => {
    const finding = { ...blind.findings[0]!, explanation: "so it came that ".repeat(60) };
    const lines = explainText(ftpsPasv, { ...blind, findings: [finding] }, plain).split("\n");
    const start = lines.findIndex((line) => line.startsWith("Why"));
    expect(lines.findIndex((line) => line.startsWith("Stages")) - start).toBe(6);
    expect(lines[start + 5]).toMatch(/…$/);
  });

  it("escapes what is foreign", () => {
    const text = explainText(withMessage("\x1b[2J\u202e227\r\n"), { ...blind, findings: [] }, { ...plain, all: true });
    expect(text).toContain("\\x1b[2J\\u202e227\\r\\n");
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
  });

  it("is ASCII where the terminal is", () => {
    expect(explainText(ftpsEpsv, blind, { ...plain, unicode: false })).toMatch(/^\p{ASCII}*$/u);
    expect(explainText(ftpsEpsv, blind, { ...plain, unicode: false })).toContain("45291 -> 203.0.113.1:50828");
  });

  it("colours nothing but what it says itself", () => {
    const text = explainText(ftpsEpsv, blind, { ...plain, colours: createColors(true) });
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\x1b\[\d+m/g, "")).toBe(explainText(ftpsEpsv, blind, plain));
  });
});

describe("any explanation", () => {
  const text = fc.oneof(fc.string({ maxLength: 400, unit: "binary" }), fc.lorem({ maxCount: 60 }));
  const proofs = fc.array(fc.record({ witness: fc.oneof(fc.constantFrom("client", "server", "router"), text), text }), {
    maxLength: 12,
  });
  const remedies = fc.array(
    fc.record({
      id: text,
      party: fc.constantFrom("server admin", "network admin", "user"),
      what: text,
      lines: fc.array(text, { maxLength: 30 }),
    }),
    { maxLength: 8 },
  );
  const finding = fc.record({
    cause: fc.constantFrom(...causeIds),
    confidence: fc.constantFrom("shown", "likely"),
    explanation: text,
    proofs,
    remedies,
  });
  const diagnoses: fc.Arbitrary<Diagnosis> = fc.record({
    findings: fc.array(finding, { maxLength: 6 }),
    firstBreak: fc.constant(null),
    whyItWorked: fc.option(text),
    proofs,
  });
  const evidences: fc.Arbitrary<CellEvidence> = fc
    .record({
      base: fc.constantFrom(ftpsPasv, ftpsEpsv, ftpPasv, clientNatPort),
      missing: fc.array(
        fc.record({ collector: fc.constantFrom(...gapCollectors), node: fc.option(text), reason: text }),
        { maxLength: 12 },
      ),
      message: fc.option(text),
      spans: fc.array(
        fc.record({ stage: fc.constantFrom(...stages), startMs: fc.nat(), endMs: fc.double({ min: 0, noNaN: true }) }),
      ),
    })
    .map(({ base, missing, message, spans }) => ({
      ...base,
      missing,
      attempt: { ...base.attempt, message, stages: spans },
    }));

  it("takes at most 25 rows of the terminal, each safe to show", () => {
    fc.assert(
      fc.property(
        evidences,
        diagnoses,
        fc.integer({ min: 40, max: 250 }),
        fc.boolean(),
        (evidence, diagnosis, columns, unicode) => {
          const shownText = explainText(evidence, diagnosis, { ...plain, columns, unicode });
          expect(rowsOf(shownText, columns)).toBeLessThanOrEqual(25);
          expect(shownText).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
          expect(shownText).toContain(evidence.attempt.result);
        },
      ),
      { numRuns: 200 },
    );
  });
});
