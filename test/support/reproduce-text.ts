import { planReproduction } from "../../harness/bugs/reproduce/plan-reproduction";
import { bugNames } from "../../harness/cli/bug-names";
import { parseBug } from "../../harness/inputs/bug-file";
import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { Reproduction } from "../../harness/model/reproduction";
import { catalog } from "./lab-run";

/** Runs the variants of a report, which is the text of its file, in labs of their own. */
export async function reproduceText(text: string): Promise<Reproduction> {
  const bug = parseBug({ file: "a-report.yaml", text }, bugNames(catalog));
  const plan = planReproduction(bug, { comparesOthers: false });
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded.
  const { reproduce } = await import("../../harness/bugs/reproduce/reproduce.ts");
  const { openSite } = await import("../../harness/lab/open-site.ts");
  return reproduce(
    { bug, plan, profiles: catalog.profiles, workers: 4, folder: null, argv: [] },
    (request) => openSite(engine, request),
    () => undefined,
    new AbortController().signal,
  );
}
