import { advise } from "../../harness/advise/advise";
import { proveAdvice } from "../../harness/cli/prove-advice";
import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { AdvisedParty } from "../../harness/model/advice";
import type { Mode } from "../../harness/model/axes";
import { catalog } from "../support/lab-run";

jest.setTimeout(600_000);

const cases: readonly (readonly [network: string, modes: readonly Mode[], may: readonly AdvisedParty[]])[] = [
  ["server-nat", ["ftp"], ["router"]],
  ["double-nat-helper", ["ftp", "ftps"], ["server", "router"]],
  ["hairpin", ["ftps"], ["router"]],
];

describe("what is advised", () => {
  it("works in the lab, as its lines say it", async () => {
    const proposals = cases.flatMap(([network, modes, may]) => {
      const [topology, server] = [catalog.topologies.get(network), catalog.profiles.get("tls-optional")];
      if (topology === undefined || server === undefined) throw new Error(`no ${network}`);
      const needs = modes.map((mode) => ({ client: "curl", mode, data: "pasv", operation: "list" }) as const);
      return advise({ views: [topology], server, needs, may }).proposals;
    });
    expect(proposals.length).toBeGreaterThanOrEqual(cases.length);
    const engine = await connectEngine();
    await prepareTestcontainers(engine);
    const sets = await proveAdvice(proposals, catalog.profiles, engine, new AbortController().signal);
    expect(sets.flatMap(({ proof = [] }) => proof.filter(({ worked }) => !worked))).toEqual([]);
    expect(sets.flatMap(({ proof = [] }) => proof).length).toBeGreaterThanOrEqual(cases.length);
  });
});
