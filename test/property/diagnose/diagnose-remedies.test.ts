import { loadCatalog } from "../../../harness/cli/catalog";
import { selectCells } from "../../../harness/cli/select-cells";
import { namedCells } from "../../../harness/cli/cell-choice";
import { noUserFiles } from "../../../harness/cli/user-files";
import { diagnose } from "../../../harness/diagnose/diagnose";
import { offersOf } from "../../../harness/diagnose/offers";
import { stages, type Stage } from "../../../harness/model/axes";
import type { PlannedCell } from "../../../harness/model/cell";
import { expectedFrom } from "../../../harness/plan/expected";
import { simulate } from "../../support/simulated-evidence";

const catalog = loadCatalog();

/** What ends a session before its data connection: another cause may wait behind it. */
function isEarly(stage: Stage | null): boolean {
  return stage !== null && stages.indexOf(stage) < stages.indexOf("data-command");
}

/** Every failing listing: the core matrix, and servers and networks beside it. */
const sources = [
  "*/tls-optional/basic-ftp/*/*/list",
  "server-nat*/tls-required/basic-ftp/*/*/list",
  "server-nat*/pure-ftpd/basic-ftp/*/*/list",
  "server-nat*/vsftpd/basic-ftp/*/*/list",
];

function failing(): readonly PlannedCell[] {
  return selectCells(namedCells(sources), noUserFiles).planned.filter(
    ({ expected }) => expected.result === "failed" && expected.cause !== null,
  );
}

test("what is printed for a failure is applied in that order, and is predicted to cure it", () => {
  const uncured: string[] = [];
  let tried = 0;
  for (const { cell, expected } of failing()) {
    const topology = catalog.topologies.get(cell.topology);
    const server = catalog.profiles.get(cell.server);
    if (topology === undefined || server === undefined) throw new Error(`no set-up for ${cell.id}`);
    const setup = { cell, topology, server };
    const evidence = simulate(cell, { topology, server });
    const [root] = diagnose(evidence).findings;
    // Evidence that is simulated does not show everything.
    if (root?.cause !== expected.cause) continue;
    const offers = offersOf(root.cause, evidence);
    expect(offers.map(({ printed }) => printed)).toEqual(root.remedies);
    for (const { remedy } of offers) {
      const after = remedy.apply(setup);
      if (after === null) continue;
      tried += 1;
      const then = expectedFrom(after.cell, after);
      const goesOn = isEarly(expected.stage) && then.result === "failed" && then.cause !== expected.cause;
      if (then.result !== "worked" && !goesOn) {
        uncured.push(`${cell.id}: ${remedy.id} comes to ${then.stage ?? then.result}, ${then.cause ?? "no cause"}`);
      }
    }
  }
  expect(uncured).toEqual([]);
  expect(tried).toBeGreaterThan(1000);
});
