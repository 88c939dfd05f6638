import { join } from "node:path";
import type { CellResult } from "../../harness/model/cell";
import { Slots } from "../../harness/run/slots";
import { faults as allFaults, type Fault } from "../support/faults";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(600_000);

/** `all`, as at night, or a cause's id. Left out: one fault of each cause, and every sixth of the rest. */
const wanted = process.env["SEEDED_FAULTS"];
const faults =
  wanted === "all"
    ? allFaults
    : allFaults.filter(({ cause }, index) =>
        wanted === undefined
          ? index % 6 === 0 || allFaults.findIndex((fault) => fault.cause === cause) === index
          : cause === wanted,
      );

/** A folder in which each fault's evidence is kept, by the fault's name. Left out: none is. */
const kept = process.env["SEEDED_FAULTS_FOLDER"];

/** Labs that are up at the same time: most of a broken one's life is waiting. */
const labsAtOnce = 4;

/** What was found in each fault's lab, as soon as it is known. */
const verdicts = new Map<Fault, Promise<CellResult | undefined>>();

async function verdictOf({ name, cell, break: beforeCells }: Fault): Promise<CellResult | undefined> {
  const planned = choose([cell]);
  // What is broken must have worked, or nothing would be proven.
  expect(planned.map(({ expected }) => expected.result)).toEqual(["worked"]);
  const folder = kept === undefined ? null : join(kept, name.replace(/\W+/g, "-"));
  return (await runCells(planned, { beforeCells, ...(folder === null ? {} : { folder }) })).cells[0];
}

/** No verdict, which a busy machine can be the reason of. A wrong cause is one. */
function isUndecided({ cause: right }: Fault, result: CellResult | undefined): boolean {
  return right !== "lab-error" && (result?.outcome === "lab-error" || result?.cause === "unknown");
}

/** An undecided one is tried once more. */
async function lastVerdictOf(fault: Fault): Promise<CellResult | undefined> {
  const first = await verdictOf(fault);
  return isUndecided(fault, first) ? verdictOf(fault) : first;
}

beforeAll(() => {
  const slots = new Slots(labsAtOnce);
  for (const fault of faults) {
    const verdict = slots.acquire().then((slot) => lastVerdictOf(fault).finally(slot.release));
    // Its own test tells of it.
    verdict.catch(() => undefined);
    verdicts.set(fault, verdict);
  }
});

/** By the cause that is right: what was found, and how often. */
const found = new Map<Fault["cause"], Map<string, number>>();

function note(right: Fault["cause"], name: string): void {
  const row = found.get(right) ?? new Map<string, number>();
  row.set(name, (row.get(name) ?? 0) + 1);
  found.set(right, row);
}

describe("the diagnosis finds the root of a seeded fault", () => {
  test.each(faults.map((fault) => ({ ...fault, fault })))("$name → $cause", async ({ fault, cause }) => {
    const result = await verdicts.get(fault);
    const isLabError = result?.outcome === "lab-error";
    note(cause, isLabError ? "lab-error" : (result?.cause ?? result?.result ?? "nothing"));
    if (cause === "lab-error") {
      expect(result).toMatchObject({ outcome: "lab-error", result: "not-run", cause: null });
      expect(result?.message).toMatch(/^The witnesses disagree: /);
    } else if (cause === "server-slow" && result?.outcome === "lab-error") {
      // On a machine that is busy itself nobody can tell.
      expect(result.message).toContain("the machine is too slow");
    } else {
      expect(result).toMatchObject({ result: "failed", cause });
    }
  });

  afterAll(() => {
    const cells = [...found].flatMap(([right, row]) => [...row].map(([name, count]) => ({ right, name, count })));
    const sum = (wanted: (cell: (typeof cells)[number]) => boolean): string =>
      String(cells.filter(wanted).reduce((total, { count }) => total + count, 0));
    const isUnknown = (name: string): boolean => name === "unknown" || name === "nothing";
    const table = cells
      .toSorted((one, other) => one.right.localeCompare(other.right))
      .map(
        ({ right, name, count }) => `  ${right.padEnd(38)} found as ${name.padEnd(38)} ${String(count).padStart(3)}`,
      );
    const lines = [
      `seeded faults: ${sum(({ right, name }) => right === name)} right, ` +
        `${sum(({ right, name }) => right !== name && !isUnknown(name))} wrong, ${sum(({ name }) => isUnknown(name))} unknown`,
      ...table,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  });
});

test("there are at least 150 of them, and each has a name of its own", () => {
  expect(allFaults.length).toBeGreaterThanOrEqual(150);
  expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
});
