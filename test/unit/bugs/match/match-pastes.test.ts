import { readFileSync } from "node:fs";
import { caseIn } from "../../../support/read-case";

/** Pastes after public threads, by people who had not seen the reader, with what an expert would accept. */
type Truth = {
  readonly id: string;
  readonly files: readonly string[];
  readonly kind: "failure" | "nothing-failed" | "incomplete" | "no-ftp";
  readonly causes: readonly string[];
};

const folder = "test/fixtures/pastes";
const truths = JSON.parse(readFileSync(`${folder}/truth.json`, "utf8")) as readonly Truth[];
const answers = new Map(
  truths.map(({ id, files }) => [id, caseIn(files.map((name) => readFileSync(`${folder}/${name}`, "utf8")))]),
);

test.each(truths)("$id: $kind $causes", ({ id, kind, causes }) => {
  const answer = answers.get(id) ?? null;
  if (kind === "no-ftp") {
    expect(answer).toBeNull();
    return;
  }
  if (kind !== "failure") {
    const result = kind === "incomplete" ? "cut-off" : "worked";
    expect([answer?.symptom.result, answer?.candidates]).toEqual([result, []]);
    return;
  }
  expect(causes).toContain(answer?.candidates[0]?.cause ?? "unknown");
  const named = answer?.candidates.filter(({ confidence }) => confidence === "shown").map(({ cause }) => cause) ?? [];
  // What lines name by themselves is the cause, or its next of kin.
  expect(named.slice(0, 1).filter((cause) => !causes.includes(cause))).toEqual([]);
});
