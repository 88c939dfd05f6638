/**
 * `npm run advise:all -- [--predict | --prove] [--client ID] [--server ID] [TOPOLOGY...]`: asks for advice on all topologies, needs and
 * parties, proves every set in the lab, and compares each answer with an exhaustive search by prediction. `--prove` does only the one, and
 * `--predict` only the other, which starts nothing. The exit code is 1 where a set is refuted or an answer disagrees.
 */
import { parseArgs } from "node:util";
import type { Proposal } from "../../harness/diagnose/advise/advise";
import { proveAdvice } from "../../harness/cli/prove-advice";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { AdvisedSet } from "../../harness/model/advice";
import { answerTo, everyNetwork, questionsFor, type Answer, type Known } from "./every-advice";
import { profiles } from "./inputs";
import { runTool } from "./run-tool";

type Count = {
  questions: number;
  works: number;
  impossible: number;
  sets: number;
  proven: number;
  refuted: number;
  disagreeing: number;
};

const columns = ["topology", "need", "may", "data", "answer", "proven", "refuted", "agrees"] as const;
const widths = [32, 6, 8, 6, 12, 8, 9, 6];

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      predict: { type: "boolean" },
      prove: { type: "boolean" },
      client: { type: "string" },
      server: { type: "string" },
    },
    allowPositionals: true,
  });
  const networks = everyNetwork();
  const unknown = positionals.filter((id) => !networks.has(id));
  if (unknown.length > 0) throw new Error(`There is no topology ${unknown.join(", ")}.`);
  const wanted = [...networks].filter(([id]) => positionals.length === 0 || positionals.includes(id));
  const engine = values.predict === true ? null : await connectEngine();
  if (engine !== null) await prepareTestcontainers(engine);
  const count: Count = { questions: 0, works: 0, impossible: 0, sets: 0, proven: 0, refuted: 0, disagreeing: 0 };
  row(columns);
  for (const [, views] of wanted) {
    const known: Known | null = values.prove === true ? null : new Map();
    const answers = questionsFor(views, values.client ?? "basic-ftp", values.server).map((asked) =>
      answerTo(asked, known),
    );
    const proofs = engine === null ? new Map<string, AdvisedSet>() : await proved(answers, engine);
    for (const answer of answers) tell(answer, proofs, count);
  }
  const { questions, works, impossible, sets, proven, refuted, disagreeing } = count;
  print(
    `${questions} questions: ${works} work already, ${impossible} are impossible, ${sets} sets for the others. ` +
      `${engine === null ? "Nothing was proven." : `${proven} sets proven, ${refuted} refuted.`} ` +
      (values.prove === true ? "No answer was compared." : `The exhaustive search disagrees with ${disagreeing}.`),
  );
  return refuted + disagreeing === 0 ? 0 : 1;
}

/** Every set of one network once, by the network and the sessions that it leads to. */
async function proved(answers: readonly Answer[], engine: Engine): Promise<ReadonlyMap<string, AdvisedSet>> {
  const distinct = [...new Map(answers.flatMap(({ proposals }) => proposals).map((one) => [keyOf(one), one]))];
  if (distinct.length === 0) return new Map();
  const known = new Map(profiles.map((profile) => [profile.id, profile]));
  const sets = await proveAdvice(
    distinct.map(([, proposal]) => proposal),
    known,
    engine,
    new AbortController().signal,
  );
  return new Map(distinct.flatMap(([key], index) => (sets[index] === undefined ? [] : [[key, sets[index]]])));
}

function keyOf({ after }: Proposal): string {
  return JSON.stringify(after);
}

function tell(answer: Answer, proofs: ReadonlyMap<string, AdvisedSet>, count: Count): void {
  const { asked, advice, proposals, against } = answer;
  const sets = proposals.flatMap((proposal) => proofs.get(keyOf(proposal)) ?? []);
  const refuted = sets.filter(({ proof = [] }) => proof.some(({ worked }) => !worked));
  const isImpossible = advice.impossible !== null;
  const works = !isImpossible && proposals.length === 0;
  count.questions += 1;
  count.works += Number(works);
  count.impossible += Number(isImpossible);
  count.sets += proposals.length;
  count.proven += sets.length - refuted.length;
  count.refuted += refuted.length;
  count.disagreeing += Number((against ?? []).length > 0);
  const said = isImpossible ? "impossible" : works ? "works" : `${proposals.length} sets`;
  const proven = sets.length === 0 ? "-" : String(sets.length - refuted.length);
  const no = sets.length === 0 ? "-" : String(refuted.length);
  const { topology, need, by, data } = asked;
  row([topology, need, by, data, said, proven, no, against === null ? "-" : against.length === 0 ? "yes" : "no"]);
  for (const one of against ?? []) print(`    ${one}`);
  for (const { changes, proof = [] } of refuted) {
    print(`    refuted: ${changes.map(({ id }) => id).join(" + ")}`);
    for (const { need: session, worked, message } of proof) {
      if (!worked) print(`      ${session.mode} ${session.data}: ${message ?? ""}`);
    }
  }
}

function row(cells: readonly string[]): void {
  print(cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(""));
}

function print(line: string): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}

runTool(main);
