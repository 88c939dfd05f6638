import { proveAdvice } from "../../harness/cli/prove-advice";
import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { answerTo, everyNetwork, questionsFor } from "../support/every-advice";
import { catalog } from "../support/lab-run";

jest.setTimeout(600_000);

/** A sample; `npm run advise:all` proves every set of every network. */
const cases = [
  { network: "server-nat", need: "ftp", by: "router" },
  { network: "double-nat-helper", need: "both", by: "both" },
  { network: "office", need: "ftps", by: "router" },
] as const;

describe("what is advised", () => {
  it("works in the lab at every position, as its lines say it", async () => {
    const proposals = cases.flatMap(({ network, need, by }) => {
      const asked = questionsFor(everyNetwork().get(network) ?? [], "basic-ftp");
      const mine = asked.filter((one) => one.need === need && one.by === by && one.data === "pasv");
      return mine.flatMap((one) => answerTo(one, null).proposals);
    });
    expect(proposals.length).toBeGreaterThanOrEqual(cases.length);
    const engine = await connectEngine();
    await prepareTestcontainers(engine);
    const sets = await proveAdvice(proposals, catalog.profiles, engine, new AbortController().signal);
    const proofs = sets.flatMap(({ proof = [] }) => proof);
    expect(proofs.filter(({ worked }) => !worked)).toEqual([]);
    expect(new Set(proofs.map(({ need }) => need.position))).toEqual(new Set([undefined, "internet", "lan"]));
  });
});
