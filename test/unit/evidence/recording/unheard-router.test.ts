import { contradictionsOf } from "../../../../harness/diagnose/contradictions/registry";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import { withUnheardRouter } from "../../../../harness/evidence/recording/unheard-router";
import type { CellEvidence, Gap, GapCollector } from "../../../../harness/model/evidence";
import { gap } from "../../../support/evidence";
import { recordedSession } from "../../../support/recorded-sessions";

const session = recordedSession("eprt-through-two-routers");

/** The session as it is told when a router cannot be asked. */
function without(router: string, evidence: CellEvidence = session): CellEvidence {
  const routers = evidence.routers.filter((one) => one.router !== router);
  return withUnheardRouter({ ...evidence, routers, missing: [gap("router", router)] });
}

function cutIn({ captures }: CellEvidence): readonly string[] {
  return captures.flatMap(({ node, link, cut }) => (cut === null ? [] : [`${node}:${link}`]));
}

function collectors(missing: readonly Gap[]): readonly (readonly [GapCollector, string | null])[] {
  return missing.map(({ collector, node }) => [collector, node]);
}

describe("past a router that was not heard", () => {
  it("captures may lack packets, and routers may lack events", () => {
    const evidence = without("client-router");
    expect(cutIn(evidence)).toEqual([
      "client-router:internet",
      "server-router:internet",
      "server-router:server-lan",
      "server:server-lan",
    ]);
    expect(collectors(evidence.missing)).toEqual([
      ["router", "client-router"],
      ["router-events", "server-router"],
    ]);
  });

  it("a server's own rules may lack packets, and the client's own lack none", () => {
    const hosts = (["client", "server"] as const).map((kind) => ({
      host: kind,
      kind,
      packets: [],
      dropped: [],
      rules: "",
    }));
    expect(collectors(without("server-router", { ...session, hosts }).missing)).toEqual([
      ["router", "server-router"],
      ["router-trace", "server"],
    ]);
  });

  it("nothing else may, and what was cut before says why", () => {
    const captures = session.captures.map((capture) => ({ ...capture, cut: "it is cut at 64 MB" }));
    expect(cutIn(without("server-router"))).toEqual(["server-router:server-lan", "server:server-lan"]);
    expect(without("server-router").missing).toEqual([gap("router", "server-router")]);
    expect(without("server-router", { ...session, captures }).captures).toEqual(captures);
  });

  it("routers may lack events wherever they stand, if no packets tell", () => {
    const evidence = without("server-router", { ...session, captures: [] });
    expect(collectors(evidence.missing)).toEqual([
      ["router", "server-router"],
      ["router-events", "client-router"],
    ]);
  });

  it("everything is known where its connections to the session are", () => {
    for (const collector of ["router-events", "router-trace", "router-rules"] as const) {
      const evidence = { ...session, missing: [gap(collector, "client-router")] };
      expect(withUnheardRouter(evidence)).toEqual(evidence);
    }
    const routers = session.routers.map((router) => ({ ...router, connections: [] }));
    const lost = withUnheardRouter({ ...session, routers, missing: [gap("router-events", "client-router")] });
    expect(cutIn(lost)).toHaveLength(4);
  });

  it("is nothing where every router was heard, or nobody knows which was not", () => {
    expect(withUnheardRouter(session)).toEqual(session);
    const off = { ...session, missing: [gap("router")] };
    expect(withUnheardRouter(off)).toEqual(off);
  });
});

it("packets that could not be given to a session are not taken for lost, nor for a lie of the server's", () => {
  const { evidence } = readRecording("test/fixtures/recordings/unheard-router");
  if (evidence === null) throw new Error("it can be read");
  expect(cutIn(evidence)).toEqual(["server-router:server-lan", "server:server-lan"]);
  expect(diagnose(evidence).findings.map(({ cause }) => cause)).not.toContain("control-line-blocked");
  expect(contradictionsOf(evidence)).toEqual([]);
  // Were it not said that they may be incomplete, the server would seem to lie.
  const captures = evidence.captures.map((capture) => ({ ...capture, cut: null }));
  expect(contradictionsOf({ ...evidence, captures })).toHaveLength(1);
});
