/** Sessions of real labs that the fault fuzzer broke, or a stranger to the code did; most were told wrong when they were found. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contradictionsOf } from "../../../harness/diagnose/contradictions/registry";
import { findingContradictions } from "../../../harness/diagnose/contradictions/findings";
import { diagnose } from "../../../harness/diagnose/diagnose";
import { readRecording } from "../../../harness/evidence/recording/read-recording";
import type { Truth } from "../../../harness/tools/faults/kinds/definition";
import { grade, saidBy, type RuleText } from "../../../harness/tools/faults/verdict";
import type { CauseId } from "../../../harness/model/diagnosis";

const folder = "test/fixtures/recordings/fuzzed";

type Known = { readonly what: string; readonly truth: Truth; readonly rule: RuleText | null };

function session(name: string) {
  const { evidence, problems } = readRecording(join(folder, name));
  if (evidence === null || problems.length > 0) throw new Error(`${name}: ${problems.join(", ")}`);
  const known = JSON.parse(readFileSync(join(folder, name, "truth.json"), "utf8")) as Known;
  return { evidence, known };
}

/** What is said of some, where several causes are right. */
const causes: Readonly<Record<string, CauseId>> = {
  "answer-sent-elsewhere": "answer-lost-on-return",
  "client-host-output": "client-host-firewall",
  "dnat-of-the-servers-connection": "data-connection-to-other-server",
  "fin-rejected": "rule-blocks-data-connection",
  "forwarded-to-the-old-server": "data-connection-to-other-server",
  "line-altered": "line-altered-on-the-way",
  "mtu-of-a-router": "path-mtu-black-hole",
  "notrack-accepted": "control-connection-untracked",
  "notrack-answers": "control-connection-untracked",
  "notrack-control": "control-connection-untracked",
  "own-answer-rejected": "server-host-firewall",
  "ports-moved": "port-altered-on-the-way",
  "rp-filter": "reverse-path-filtered",
  "ttl-set-by-rule": "ttl-expired",
  "unreachable-route": "port-unreachable",
  "wrong-gateway": "return-route-missing",
  "zone-of-a-fin": "rule-blocks-data-connection",
};

test("every recording that is named here is there", () => {
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(Object.keys(causes)));
});

describe.each(readdirSync(folder))("%s", (name) => {
  const { evidence, known } = session(name);
  const diagnosis = diagnose(evidence);
  const wanted = name in causes ? causes[name] : undefined;

  it("is told as what it is, at the node and by the rule that are known", () => {
    if (wanted !== undefined) expect(diagnosis.findings[0]?.cause).toBe(wanted);
    const truth = { ...known.truth, causes: [...known.truth.causes, ...(wanted === undefined ? [] : [wanted])] };
    expect(grade(saidBy(diagnosis, false), truth, known.rule)).toEqual({ grade: "right", why: null });
  });

  it("is told with nothing that the packets deny", () => {
    expect(contradictionsOf(evidence)).toEqual([]);
    expect(findingContradictions(evidence, diagnosis)).toEqual([]);
  });

  it("begins with a sentence that says where it broke", () => {
    expect(diagnosis.firstBreak?.sentence).toMatch(
      /^(The|A|Data) .* (came to|left|was|came from|is|closed|said|did not open) /,
    );
  });
});
