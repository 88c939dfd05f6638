/** Reports of shards → the report of the whole run. */
import { causes } from "../diagnose/causes/registry";
import type { CellResult } from "../model/cell";
import { UsageError } from "../model/errors";
import type { Background, ClaimResult, MatrixReport, ShardInfo } from "../model/report";
import { buildReport } from "./build-report";
import { claimOutcome } from "./judge-claims";
import { mostExampleCharacters } from "./examples";
import { addVersions } from "./versions";

/** A report and what to call it, such as its folder. */
export type NamedReport = { readonly name: string; readonly report: MatrixReport };

type ShardReport = NamedReport & { readonly shard: ShardInfo };

/** The whole report, and the shards that were not among those given, from 1. */
export type MergedReport = { readonly report: MatrixReport; readonly missing: readonly number[] };

/** Enough to see what kind of mistake it is. */
const shownProblems = 10;

/**
 * Joins shards into the report that one machine would have made. Where shards are missing, it is that of the rest and counts as
 * interrupted.
 * @param id the joined run's
 * @throws UsageError `shards-do-not-fit`, with all that does not.
 */
export function mergeReports(id: string, reports: readonly NamedReport[]): MergedReport {
  const shards = reports.flatMap(({ name, report }): ShardReport[] => {
    return report.run.shard === undefined ? [] : [{ name, report, shard: report.run.shard }];
  });
  const whole = reports.filter(({ report }) => report.run.shard === undefined);
  const [first] = shards;
  const problems = [
    ...whole.map(({ name }) => `${name} is a whole run, not a shard`),
    ...(first === undefined ? [] : foreignOnes(first, shards)),
    ...damagedOnes(shards),
    ...duplicates(shards),
  ];
  refuse(problems);
  if (first === undefined) throw new Error("no report to merge");
  refuse(overlaps(shards));
  const missing = Array.from({ length: first.shard.count }, (_, index) => index + 1).filter(
    (index) => !shards.some(({ shard }) => shard.index === index),
  );
  const cells = inOrder(shards);
  if (missing.length === 0 && cells.length < first.shard.total) {
    refuse([
      `${first.shard.total - cells.length} cells are in no shard: the shards were planned with different --durations`,
    ]);
  }
  return { report: joined(id, shards, cells, missing.length > 0), missing };
}

function joined(
  id: string,
  shards: readonly ShardReport[],
  cells: readonly CellResult[],
  isPart: boolean,
): MatrixReport {
  const byIndex = [...shards].sort((a, b) => a.shard.index - b.shard.index).map(({ report }) => report);
  const versions: Record<string, string> = {};
  for (const { run } of byIndex) addVersions(versions, run.versions);
  const starts = byIndex.map(({ run }) => Date.parse(run.startedAt));
  const ends = byIndex.map(({ run }) => Date.parse(run.startedAt) + run.durationMs);
  const start = Math.min(...starts);
  return buildReport(
    {
      id,
      startedAt: new Date(start).toISOString(),
      durationMs: Math.max(...ends) - start,
      argv: argvOfWhole(byIndex[0]?.run.argv ?? []),
      networks: byIndex[0]?.run.networks,
      interrupted: isPart || byIndex.some(({ run }) => run.interrupted),
      versions,
      labs: Object.assign({}, ...byIndex.map(({ run }) => run.labs)) as Record<string, number>,
    },
    cells,
    byIndex.flatMap(({ controls }) => controls),
    joinClaims(
      byIndex.map(({ claims }) => claims),
      cells,
    ),
    joinBackgrounds(byIndex, cells),
  );
}

/** The parts that explain the cells, each once and in the order of a single run, and as many examples as a single run would keep. */
function joinBackgrounds(reports: readonly Background[], cells: readonly CellResult[]): Background {
  const once = <Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] => [
    ...new Map(items.map((item) => [item.id, item])).values(),
  ];
  const places = new Map(cells.map(({ id }, index) => [id, index]));
  const place = ({ cell }: Background["examples"][number]): number => places.get(cell) ?? 0;
  const networks = [...new Set(cells.map(({ topology }) => topology))];
  return {
    networks: byPlace(once(reports.flatMap((report) => report.networks)), networks),
    causes: byPlace(
      once(reports.flatMap((report) => report.causes)),
      causes.map(({ id }) => id),
    ),
    examples: firstThatFit(
      reports
        .flatMap(({ examples }) => examples)
        .toSorted((one, other) => place(one) - place(other) || one.repeat - other.repeat),
      mostExampleCharacters,
    ),
  };
}

/** The items up to the first that does not fit into so many characters of JSON. */
function firstThatFit<Item>(items: readonly Item[], characters: number): readonly Item[] {
  const kept: Item[] = [];
  let left = characters;
  for (const item of items) {
    left -= JSON.stringify(item).length;
    if (left < 0) break;
    kept.push(item);
  }
  return kept;
}

/** In the order of their ids here; what another version knows comes last. */
function byPlace<Item extends { readonly id: string }>(
  items: readonly Item[],
  ids: readonly string[],
): readonly Item[] {
  const place = ({ id }: Item): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
  return items.toSorted((one, other) => place(one) - place(other));
}

/** Options that say how a run was shared and not what it was. */
const ownOptions = ["--shard", "--durations", "--output", "--reporter"];

/** What a user would have typed for the whole run. */
function argvOfWhole(argv: readonly string[]): readonly string[] {
  return argv.filter((argument, index) => {
    const isOwn = ownOptions.some((option) => argument === option || argument.startsWith(`${option}=`));
    return !isOwn && !ownOptions.includes(argv[index - 1] ?? "");
  });
}

function foreignOnes(first: ShardReport, shards: readonly ShardReport[]): readonly string[] {
  const asked = argvOfWhole(first.report.run.argv).join(" ");
  return shards.flatMap(({ name, shard, report }) => {
    if (shard.count !== first.shard.count) {
      return [`${name} is shard ${shardText(shard)}, and ${first.name} ${shardText(first.shard)}`];
    }
    if (argvOfWhole(report.run.argv).join(" ") !== asked)
      return [`${name} was asked for other cells than ${first.name}`];
    if (shard.total !== first.shard.total) {
      return [`${name} is of a run of ${shard.total} cells, and ${first.name} of ${first.shard.total}`];
    }
    const ids = (claims: MatrixReport["claims"]): string => claims.map((claim) => claim.id).join();
    if (ids(report.claims) !== ids(first.report.claims)) return [`${name} has other claims than ${first.name}`];
    return [];
  });
}

function damagedOnes(shards: readonly ShardReport[]): readonly string[] {
  return shards.flatMap(({ name, shard: { places, total }, report }) => {
    const count = places.reduce((sum, place) => sum + place.count, 0);
    const isWithin = places.every((place) => place.first + place.count <= total);
    return count === report.cells.length && isWithin
      ? []
      : [`${name} does not contain the cells that it claims to contain`];
  });
}

function duplicates(shards: readonly ShardReport[]): readonly string[] {
  return shards.flatMap(({ name, shard }, index) => {
    const earlier = shards.slice(0, index).find((other) => other.shard.index === shard.index);
    return earlier === undefined ? [] : [`${earlier.name} and ${name} are both shard ${shardText(shard)}`];
  });
}

function overlaps(shards: readonly ShardReport[]): readonly string[] {
  const ranges = shards
    .flatMap(({ name, shard }) => shard.places.map((place) => ({ ...place, name })))
    .sort((a, b) => a.first - b.first);
  const found = ranges.flatMap(({ first, name }, index) => {
    const before = ranges[index - 1];
    if (before === undefined || before.first + before.count <= first) return [];
    return [`${before.name} and ${name} have the same cells: they were planned with different --durations`];
  });
  return [...new Set(found)];
}

function inOrder(shards: readonly ShardReport[]): readonly CellResult[] {
  const placed = shards.flatMap(({ shard, report }) => {
    const positions = shard.places.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, index) => first + index),
    );
    return report.cells.map((cell, index) => ({ cell, position: positions[index] ?? 0 }));
  });
  return placed.sort((a, b) => a.position - b.position).map(({ cell }) => cell);
}

/** A claim's cells may be in several shards, so each judged only what it saw. */
function joinClaims(shards: readonly MatrixReport["claims"][], cells: readonly CellResult[]): readonly ClaimResult[] {
  const position = new Map(cells.map((cell, index) => [cell.id, index]));
  const [first = []] = shards;
  return first.map((claim, claimIndex) => {
    const evidence = claim.evidence.map((entry, index) => ({
      ...entry,
      shown: shards
        .flatMap((claims) => claims[claimIndex]?.evidence[index]?.shown ?? [])
        .sort((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0)),
    }));
    return { ...claim, evidence, outcome: claimOutcome(evidence) };
  });
}

function shardText({ index, count }: ShardInfo): string {
  return `${index}/${count}`;
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const rest = problems.length - shownProblems;
  const more = rest > 0 ? [`  ... and ${rest} more`] : [];
  const lines = problems.slice(0, shownProblems).map((problem) => `  ${problem}`);
  throw new UsageError(["These reports are not shards of one run:", ...lines, ...more].join("\n"), {
    code: "shards-do-not-fit",
    hint: "Give each shard of one run once: run --shard 1/3, 2/3 and 3/3 with the same arguments and the same --durations.",
  });
}
