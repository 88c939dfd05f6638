import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bugNames } from "../../harness/cli/bug-names";
import { projectRoot } from "../../harness/lab/project";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { BugScenario } from "../../harness/model/bug";
import { planReproduction } from "../../harness/bugs/reproduce/plan-reproduction";
import { parseBug } from "../../harness/inputs/bug-file";
import { catalog } from "../support/lab-run";

/** With all the machine's other work: alone, none takes longer than 40 s. */
jest.setTimeout(240_000);

const folder = join(projectRoot, "scenarios", "bugs");
const names = bugNames(catalog);

const bugs = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => parseBug({ file: name, text: readFileSync(join(folder, name), "utf8") }, names));

/** Three reports run at a time, and together as many sessions as one that a user runs. */
const workers = 8;

let engine: Promise<Engine> | undefined;

async function connected(): Promise<Engine> {
  const found = await connectEngine();
  await prepareTestcontainers(found);
  return found;
}

/** The lab's words for a capture or a log that is not whole. */
const lostWitness = /passed its interface|The last lines of the log do not come/;

/** What came of a report, as far as it is other than it should be. */
async function troubleWith(bug: BugScenario): Promise<readonly string[]> {
  const plan = planReproduction(bug, { comparesOthers: false });
  if (plan.planned.length === 0) return [];
  const { reproduce } = await import("../../harness/bugs/reproduce/reproduce.ts");
  const { openSite } = await import("../../harness/lab/open-site.ts");
  const found = await (engine ??= connected());
  const run = { bug, plan, profiles: catalog.profiles, workers, folder: null, argv: [] };
  const never = new AbortController().signal;
  const { variants, labErrors } = await reproduce(
    run,
    (request) => openSite(found, request),
    () => undefined,
    never,
  );
  const others = variants.flatMap(({ variant, verdict }) => {
    const difference = verdict?.difference ?? null;
    return difference === null ? [] : [`${variant.id}: ${difference}`];
  });
  return [...labErrors, ...others];
}

it.concurrent.each(bugs.map((bug) => [bug.id, bug] as const))("%s is as its file says", async (_, bug) => {
  const trouble = await troubleWith(bug);
  // On a busy machine a capture may lose packets, or a log its end, which the lab reports and does not judge: that is asked once more.
  const isLost = trouble.length > 0 && trouble.every((text) => lostWitness.test(text));
  expect(isLost ? await troubleWith(bug) : trouble).toEqual([]);
});

it("leaves out two reports at the most", () => {
  const isLeftOut = ({ needs, variants }: BugScenario): boolean =>
    needs !== null || variants.every((variant) => variant.needs !== null);
  expect(bugs.filter(isLeftOut).length).toBeLessThanOrEqual(2);
  expect(bugs.length).toBeGreaterThan(2);
});
