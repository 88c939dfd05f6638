import fc from "fast-check";
import { softwareNamed } from "../../../harness/catalog/servers/registry";
import { diagnose } from "../../../harness/diagnose/diagnose";
import { modes, dataCommandsOf, stages } from "../../../harness/model/axes";
import {
  gapCollectors,
  type CellEvidence,
  type FlowTuple,
  type RouterEvidence,
  type ServerEvidence,
} from "../../../harness/model/evidence";
import type { Topology } from "../../../harness/model/topology";
import { attachmentsOf, routersOf } from "../../../harness/model/network";
import { predictFor } from "../../support/cells";
import { profiles, topologies, topologyNamed } from "../../support/inputs";
import { port as portOnly } from "../../support/networks";
import { network } from "../../support/random-networks";
import { withRouters } from "../../support/variations";
import { simulate } from "../../support/simulated-evidence";

const clients = ["basic-ftp", "basic-ftp+no-resume", "basic-ftp+trust-227", "basic-ftp+ignore-227"] as const;

const controlPorts = [portOnly(21), portOnly(990)];

/** Most random networks let no control connection through, and then say nothing of data connections: here it passes. */
function withControlOpen(topology: Topology): Topology {
  const own = new Map(routersOf(topologyNamed(topology.id)).map((router) => [router.id, router]));
  return withRouters(topology, (router) => {
    const links = attachmentsOf(topology, router.id).map(({ link }) => link.id);
    const forwards = (own.get(router.id)?.portForwards ?? []).map((entry) => ({ ...entry, ports: controlPorts }));
    const allow = links.flatMap((from) => links.map((to) => ({ from, to, ports: controlPorts })));
    return {
      portForwards: [...router.portForwards, ...forwards],
      filter: { ...router.filter, allow: [...router.filter.allow, ...allow] },
    };
  });
}

/**
 * Both sides ask the same packet walk (`simulate` as `predict` do), so a fault in that walk shows in neither: this says that
 * diagnosis and prediction agree, and the lab's tests say that they are right.
 */
test("in any network, diagnosis and prediction agree on the cause, given the same packet walk", () => {
  const session = fc.oneof(network, network.map(withControlOpen)).chain((topology) =>
    fc.record({
      topology: fc.constant(topology),
      data: fc.constantFrom(...dataCommandsOf(topology.family)),
      mode: fc.constantFrom(...modes),
      client: fc.constantFrom(...clients),
      server: fc.constantFrom(...profiles),
    }),
  );
  fc.assert(
    fc.property(session, ({ topology, server, ...axes }) => {
      const { cause: predicted, unpredicted } = predictFor(topology, axes, server);
      if (unpredicted === true) return;
      // Where a server refuses a stranger without a word and no router let it through, only packets tell, and here are none.
      const { strangerRefusal } = softwareNamed(server.software);
      if (predicted === "foreign-data-peer" && strangerRefusal === null) return;
      expect(diagnose(simulate(axes, { topology, server })).findings[0]?.cause ?? null).toBe(predicted);
    }),
    { numRuns: 1_500 },
  );
});

const noise = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "227 Entering Passive Mode (999,1,1,1,999,1)",
    "> EPSV",
    "; rm -rf / #\u001b[31m",
    "-A FORWARD -j",
    "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp -j FORWARD\nCOMMIT\n",
    "did not reuse TLS session",
    "MasqueradeAddress $(reboot)",
    "PASV returned another host",
  ),
);
const port = fc.oneof(fc.constantFrom(21, 990, 50_001, 61_001), fc.integer({ min: -1, max: 70_000 }));
const address = fc.oneof(fc.constantFrom("203.0.113.1", "192.168.10.10", "2001:db8::1"), noise);
const flow: fc.Arbitrary<FlowTuple> = fc.record({
  source: address,
  destination: address,
  sourcePort: port,
  destinationPort: port,
});
const link = fc.option(fc.oneof(fc.constant("internet"), noise));
const verdict = fc.constantFrom("ACCEPT", "DROP", "REJECT", "CONTINUE", "");
const step = fc.record({
  table: fc.constantFrom("raw", "nat", "filter", ""),
  chain: fc.constantFrom("FORWARD", "INPUT", "PREROUTING", "x"),
  rule: fc.option(noise),
  verdict,
  packet: flow,
  inLink: link,
  outLink: link,
});

/** What of a router's evidence may be replaced. */
const routerChange: fc.Arbitrary<Partial<RouterEvidence>> = fc.record(
  {
    router: noise,
    packets: fc.array(
      fc.record({ arrived: flow, inLink: link, flags: noise, steps: fc.array(step, { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
    connections: fc.array(
      fc.record({
        kind: fc.constantFrom("new", "update", "destroy"),
        at: fc.double(),
        state: fc.option(noise),
        original: flow,
        reply: flow,
        replied: fc.boolean(),
        helper: fc.option(fc.oneof(fc.constant("ftp"), noise)),
      }),
      { maxLength: 3 },
    ),
    expectations: fc.array(
      fc.record({
        kind: fc.constantFrom("new", "destroy"),
        at: fc.double(),
        source: address,
        destination: address,
        port,
        master: flow,
        helper: fc.option(noise),
      }),
      { maxLength: 2 },
    ),
    rules: noise,
  },
  { requiredKeys: [] },
);

const serverChange: fc.Arbitrary<Partial<ServerEvidence>> = fc.record(
  {
    peer: address,
    exchanges: fc.array(
      fc.record({ at: fc.double(), command: noise, replyCode: fc.option(fc.integer()), reply: noise }),
      { maxLength: 4 },
    ),
    tlsLog: fc.array(noise, { maxLength: 3 }),
    systemLog: fc.array(noise, { maxLength: 3 }),
    configuration: noise,
  },
  { requiredKeys: [] },
);

const attemptChange: fc.Arbitrary<Partial<CellEvidence["attempt"]>> = fc.record(
  {
    result: fc.constantFrom("worked", "failed", "unsupported", "not-run"),
    stage: fc.option(fc.constantFrom(...stages)),
    message: fc.option(noise),
    replyCode: fc.option(fc.oneof(fc.constantFrom(227, 425, 500, 522, 534, 550), fc.integer())),
    transcript: fc.array(fc.record({ atMs: fc.double(), direction: fc.constantFrom(">", "<", "*"), text: noise }), {
      maxLength: 8,
    }),
  },
  { requiredKeys: [] },
);

/** A simulated cell with any part of its evidence dropped, emptied or replaced. */
const spoiled: fc.Arbitrary<CellEvidence> = fc
  .record({
    axes: fc.record({
      topology: fc.constantFrom(...topologies.filter(({ family }) => family === "ipv4").map(({ id }) => id)),
      server: fc.constantFrom(...profiles.map(({ id }) => id)),
      client: fc.constantFrom(...clients),
      mode: fc.constantFrom(...modes),
      data: fc.constantFrom(...dataCommandsOf("ipv4")),
    }),
    attempt: attemptChange,
    server: fc.option(serverChange),
    routers: fc.array(fc.option(routerChange), { maxLength: 2 }),
    missing: fc.array(
      fc.record({
        collector: fc.constantFrom(...gapCollectors),
        node: fc.option(fc.oneof(fc.constantFrom("router", "server"), noise)),
        reason: noise,
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ axes, attempt, server, routers, missing }) => {
    const evidence = simulate(axes);
    return {
      ...evidence,
      attempt: { ...evidence.attempt, ...attempt },
      server: server === null || evidence.server === null ? null : { ...evidence.server, ...server },
      routers: evidence.routers.flatMap((router, index) => {
        const change = routers[index];
        return change === null ? [] : [{ ...router, ...change }];
      }),
      missing,
    };
  });

describe("a diagnosis of any evidence", () => {
  it("has findings if and only if the cell failed, and a reason if and only if it worked", () => {
    fc.assert(
      fc.property(spoiled, (evidence) => {
        const { findings, whyItWorked } = diagnose(evidence);
        expect(findings.length > 0).toBe(evidence.attempt.result === "failed");
        expect(whyItWorked !== null).toBe(evidence.attempt.result === "worked");
        const causes = findings.map(({ cause }) => cause);
        expect(new Set(causes).size).toBe(causes.length);
        if (causes.includes("unknown")) expect(causes).toEqual(["unknown"]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("holds no control characters, no leftovers of the code, and no more than a person reads", () => {
    fc.assert(
      fc.property(spoiled, (evidence) => {
        const { findings, whyItWorked, proofs } = diagnose(evidence);
        const remedies = findings.flatMap((finding) => finding.remedies);
        const texts = [
          ...findings.map(({ explanation }) => explanation),
          ...[...proofs, ...findings.flatMap((finding) => finding.proofs)].flatMap(({ witness, text }) => [
            witness,
            text,
          ]),
          ...remedies.flatMap(({ what, lines }) => [what, ...lines]),
          whyItWorked ?? "",
        ];
        for (const text of texts) {
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(text.length).toBeLessThanOrEqual(1_000);
        }
        for (const { explanation, proofs: few } of findings) {
          expect(explanation).not.toMatch(/undefined|null\b|NaN|\[object/);
          expect(few.length).toBeLessThanOrEqual(12);
        }
        expect(remedies.every(({ lines }) => lines.length > 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("puts nothing into a remedy that a shell would take for a command of its own", () => {
    fc.assert(
      fc.property(spoiled, (evidence) => {
        const lines = diagnose(evidence).findings.flatMap(({ remedies }) => remedies.flatMap((remedy) => remedy.lines));
        for (const line of lines) expect(line).not.toMatch(/rm -rf|reboot|\$\(|`/);
      }),
      { numRuns: 500 },
    );
  });
});
