import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { resolveClient } from "../../harness/model/client";
import type { CauseId } from "../../harness/model/diagnosis";
import type { CellResult } from "../../harness/model/cell";
import { labRemediesOf, type Setup } from "../../harness/plan/lab-remedies";
import { predict } from "../../harness/plan/predict/predict";
import { catalog, choose } from "../support/lab-run";

jest.setTimeout(90_000);

/** One failing cell for each cause that the lab can cure. */
const cases: readonly (readonly [CauseId, string])[] = [
  ["no-helper", "server-nat/tls-optional/basic-ftp/ftp/epsv/list"],
  ["helper-blind-to-tls", "server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list"],
  ["helper-blind-to-tls", "client-nat-helper/tls-optional/basic-ftp/ftps/port/list"],
  ["helper-missed-first-line-after-ccc", "firewall-helper/tls-optional/basic-ftp/ftps-ccc-unprimed/epsv/list"],
  ["passive-address-rejected-by-client", "server-nat-range-no-masquerade/tls-optional/basic-ftp/ftps/pasv/list"],
  ["passive-address-unroutable", "server-nat/tls-optional/basic-ftp/ftps/pasv/list"],
  ["passive-port-not-forwarded", "firewall/tls-optional/basic-ftp/ftps/epsv/list"],
  ["active-address-refused", "server-nat-snat/tls-optional/basic-ftp/ftps/port/list"],
  ["active-connection-blocked", "client-nat/tls-optional/basic-ftp/ftps/eprt/list"],
  ["ccc-refused", "server-nat-helper/tls-required/basic-ftp/ftps-ccc/pasv/list"],
  ["protection-refused", "direct/tls-required/basic-ftp/ftps-clear-data/pasv/list"],
  ["tls-required", "direct/tls-required/basic-ftp/ftp/pasv/list"],
  ["tls-not-offered", "direct/plain-only/basic-ftp/ftps/pasv/list"],
  ["tls-session-not-reused", "direct/tls-required-reuse/basic-ftp+no-resume/ftps/pasv/list"],
];

async function run(setup: Setup): Promise<CellResult> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runOne } = await import("../../harness/run/run-one");
  const client = resolveClient(setup.cell.client);
  if (client === null) throw new Error(`no client ${setup.cell.client}`);
  const expected = predict(setup.cell, { ...setup, client: client.options });
  const one = { ...setup, planned: { cell: setup.cell, expected }, profiles: catalog.profiles };
  return (await runOne(one, engine, () => undefined, new AbortController().signal)).result;
}

test.each(cases)("%s in %s is cured by each of its remedies", async (cause, id) => {
  const [planned] = choose([id]);
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) throw new Error(`no cell ${id}`);
  const setup: Setup = { cell: planned.cell, topology, server };
  const remedies = labRemediesOf(cause, setup);
  expect(remedies.length).toBeGreaterThan(0);
  const [before, ...after] = await Promise.all([run(setup), ...remedies.map((remedy) => run(remedy.apply(setup)))]);
  expect(before).toMatchObject({ result: "failed", cause });
  expect(after.map(({ result, outcome }) => ({ result, outcome }))).toEqual(
    remedies.map(() => ({ result: "worked", outcome: "expected" })),
  );
});
