import { timelineOf } from "../evidence/timeline/timeline";
import { traitsOf } from "../model/axes";
import type { CellResult } from "../model/cell";
import type { Diagnosis } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";
import type { Example } from "../model/story";
import { decisiveLines } from "../evidence/timeline/explain-seen";
import { cut, storyOf } from "../evidence/timeline/story";

/** So that the page of a run of any size opens at once: in characters of JSON, for each reason to keep an example. */
const room = { surprise: 1_000_000, coarse: 1_000_000, fine: 2_000_000 } as const;
type Reason = keyof typeof room;

/** All of them together. */
export const mostExampleCharacters = Object.values(room).reduce((sum, characters) => sum + characters, 0);

const mostFindings = 3;
const longestText = 1200;

/**
 * * Tells one cell of each pattern in full while its evidence is at hand, so that a report explains its cells though their recordings are
 * not kept. Each unexpected cell is told in full.
 */
export class Examples {
  readonly #used: Record<Reason, number> = { surprise: 0, coarse: 0, fine: 0 };
  readonly #patterns = new Set<string>();
  readonly #examples: Example[] = [];

  /** Looks at a cell that was judged, and keeps it where nothing like it has been kept. */
  offer(result: CellResult, evidence: CellEvidence, diagnosis: Diagnosis): void {
    const reason = this.#reasonToKeep(result);
    if (reason === null || this.#used[reason] > room[reason]) return;
    const example = exampleOf(result, evidence, diagnosis);
    this.#patterns.add(coarsePattern(result)).add(finePattern(result));
    this.#used[reason] += JSON.stringify(example).length;
    this.#examples.push(example);
  }

  #reasonToKeep(result: CellResult): Reason | null {
    if (result.outcome !== "expected") return "surprise";
    if (!this.#patterns.has(coarsePattern(result))) return "coarse";
    return this.#patterns.has(finePattern(result)) ? null : "fine";
  }

  /** In the order of the cells. */
  all(cells: readonly CellResult[]): readonly Example[] {
    const places = new Map(cells.map(({ id }, index) => [id, index]));
    const place = ({ cell }: Example): number => places.get(cell) ?? 0;
    return this.#examples.toSorted((one, other) => place(one) - place(other) || one.repeat - other.repeat);
  }
}

/** Failures that have the same to teach, wherever they are met. */
function coarsePattern(result: CellResult): string {
  return ["coarse", ...patternOf(result)].join("\n");
}

/** The same with the names and addresses that explanation and remedies speak of. */
function finePattern(result: CellResult): string {
  return ["fine", result.topology, result.server, result.client, ...patternOf(result)].join("\n");
}

function patternOf({ mode, data, result, stage, cause }: CellResult): readonly string[] {
  const { tls, ccc } = traitsOf(mode);
  return [tls, ccc, data, result, stage ?? "", cause ?? ""];
}

function exampleOf({ id, repeat }: CellResult, evidence: CellEvidence, diagnosis: Diagnosis): Example {
  const { findings, firstBreak, whyItWorked, proofs } = diagnosis;
  const timeline = timelineOf(evidence);
  return {
    cell: id,
    repeat,
    findings: findings.slice(0, mostFindings).map(({ cause, confidence, explanation, remedies }) => ({
      cause,
      confidence,
      explanation: cut(explanation, longestText),
      remedies: remedies.map(({ party, what, lines }) => ({
        party,
        what: cut(what, longestText),
        lines: lines.map((line) => cut(line, longestText)),
      })),
    })),
    broke: firstBreak === null ? null : cut(firstBreak.sentence, longestText),
    whyItWorked,
    seen: decisiveLines(evidence, [...(findings[0]?.proofs ?? []), ...proofs]).map(({ witness, text }) => ({
      witness,
      text: cut(text),
    })),
    stages: evidence.attempt.stages.map(({ stage, startMs, endMs }) => ({
      stage,
      startMs: tenths(startMs),
      endMs: tenths(endMs),
    })),
    lanes: timeline.lanes,
    steps: storyOf(timeline),
    notes: timeline.notes.map((note) => cut(note)),
  };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
