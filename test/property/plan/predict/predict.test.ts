import fc from "fast-check";
import { dataCommandsOf, modes, operations } from "../../../../harness/model/axes";
import type { DataCommand } from "../../../../harness/model/axes";
import { causeIds } from "../../../../harness/model/diagnosis";
import type { Topology } from "../../../../harness/model/topology";
import { withoutHelpers } from "../../../../harness/model/network";
import { predictFor, verdictAndCauseOf, verdictOf } from "../../../support/cells";
import { profiles } from "../../../support/inputs";
import { network } from "../../../support/random-networks";
import { withFilters, withRouters } from "../../../support/variations";

const client = fc.constantFrom(
  "basic-ftp",
  "basic-ftp+no-resume",
  "basic-ftp+replace-227",
  "basic-ftp+trust-227",
  "basic-ftp+ignore-227",
);

/** A network and one of the data commands that its family has. */
const networkAndCommand = network.chain((topology) =>
  fc.record({ topology: fc.constant(topology), data: fc.constantFrom(...dataCommandsOf(topology.family)) }),
);

describe("a prediction", () => {
  it("is made for every session, and has a stage and a cause if and only if the session fails", () => {
    const session = fc.record({
      place: networkAndCommand,
      client,
      server: fc.constantFrom(...profiles),
      mode: fc.constantFrom(...modes),
      operation: fc.constantFrom(...operations),
    });
    fc.assert(
      fc.property(session, ({ place: { topology, data }, server, ...axes }) => {
        const { result, stage, cause, reason } = predictFor(topology, { data, ...axes }, server);
        expect(["worked", "failed"]).toContain(result);
        expect(stage !== null).toBe(result === "failed");
        expect([...causeIds, null]).toContain(cause);
        expect(cause !== null).toBe(result === "failed");
        expect(reason).toMatch(/^[A-Z0-9].*[^.]\.$/);
        expect(reason).not.toMatch(/undefined|null|NaN/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same for every operation: they share one data connection's fate", () => {
    fc.assert(
      fc.property(networkAndCommand, fc.constantFrom(...modes), client, ({ topology, data }, mode, program) => {
        const verdicts = operations.map((operation) =>
          predictFor(topology, { mode, data, operation, client: program }),
        );
        expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it("does not depend on the PROT level, where the server takes both", () => {
    // With a client that resumes: TLS on the data connection then adds nothing that could fail.
    const resuming = fc.constantFrom(
      "basic-ftp",
      "basic-ftp+replace-227",
      "basic-ftp+trust-227",
      "basic-ftp+ignore-227",
    );
    fc.assert(
      fc.property(networkAndCommand, resuming, ({ topology, data }, program) => {
        const verdict = (mode: (typeof modes)[number]): string =>
          verdictAndCauseOf(predictFor(topology, { mode, data, client: program }));
        expect(verdict("ftps-clear-data")).toBe(verdict("ftps"));
        expect(verdict("ftps-ccc-clear-data")).toBe(verdict("ftps-ccc"));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is the same for plain FTP and for primed CCC, where the server allows CCC", () => {
    fc.assert(
      fc.property(networkAndCommand, client, ({ topology, data }, program) => {
        const verdict = (mode: (typeof modes)[number]): string =>
          verdictAndCauseOf(predictFor(topology, { mode, data, client: program }));
        expect(verdict("ftps-ccc")).toBe(verdict("ftp"));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is for a session that no helper can read as if there were no helpers", () => {
    const unread = fc.constantFrom("ftps", "ftps-clear-data", "ftps-implicit", "ftps-ccc-unprimed" as const);
    fc.assert(
      fc.property(networkAndCommand, unread, client, ({ topology, data }, mode, program) => {
        const axes = { mode, data, client: program };
        expect(verdictOf(predictFor(topology, axes))).toBe(verdictOf(predictFor(withoutHelpers(topology), axes)));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Verdicts of plain FTP before and after every router has been given a helper on port 21. */
function withAndWithoutHelper(topology: Topology, data: DataCommand, program: string): readonly [string, string] {
  const bare = withoutHelpers(topology);
  const helped = withRouters(bare, () => ({ helperPorts: [21] }));
  const axes = { data, client: program } as const;
  return [verdictOf(predictFor(bare, axes)), verdictOf(predictFor(helped, axes))];
}

describe("the helper on every router", () => {
  /**
   * Only where RELATED may pass: the ruleset's `allow` rules are for NEW connections, and the helper makes those it
   * announces RELATED.
   */
  it("never breaks a passive session that works without it, where RELATED may pass", () => {
    const passive = network.map((topology) => withFilters(topology, { related: true }));
    fc.assert(
      fc.property(passive, fc.constantFrom("pasv", "epsv" as const), client, (topology, data, program) => {
        fc.pre(topology.family === "ipv4" || data === "epsv");
        const [without, withHelper] = withAndWithoutHelper(topology, data, program);
        if (without === "worked") expect(withHelper).toBe("worked");
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ["pasv", "data-command"],
    ["epsv", "data-connect"],
  ] as const)("makes %s work in networks in which it fails without it", (data, without) => {
    const networks = fc.sample(network, { numRuns: 1_000, seed: 1 }).filter(({ family }) => family === "ipv4");
    const cured = networks.filter(
      (topology) => withAndWithoutHelper(topology, data, "basic-ftp").join() === `${without},worked`,
    );
    expect(cured.length).toBeGreaterThan(10);
  });
});
