import { diagnose } from "../../../harness/diagnose/diagnose";
import type { Diagnosis } from "../../../harness/model/diagnosis";
import type { CellEvidence, Gap } from "../../../harness/model/evidence";
import { gap } from "../../support/evidence";
import { faultRecording } from "../../support/fault-recordings";
import { topologyNamed } from "../../support/inputs";
import { makeLink, makeRouter, makeTopology, port, range } from "../../support/networks";
import { withoutWitnessAt } from "../../support/removed-witness";
import { simulate, stoppedAt, withRouterEvidence } from "../../support/simulated-evidence";
import { withRouters } from "../../support/variations";

function told({ findings }: Diagnosis): readonly string[] {
  return findings.map(({ cause, confidence }) => `${cause} (${confidence})`);
}

function without(evidence: CellEvidence, ...missing: readonly Gap[]): readonly string[] {
  return told(diagnose({ ...evidence, missing }));
}

describe("silence from the control port", () => {
  const silence = { ...stoppedAt("control-connect", [], { message: "Timeout (control socket)" }) };
  const routers = simulate({ topology: "server-nat" }).routers.map((router) => ({ ...router, connections: [] }));
  const silent = { ...silence, routers };

  it("is no answer where everybody was heard", () => {
    expect(without(silent)).toEqual(["port-unreachable (shown)"]);
  });

  it.each(["router", "packets"] as const)("may have another reason where a gap is open: %s", (collector) => {
    expect(without(silent, gap(collector, "somewhere"))).toEqual(["port-unreachable (likely)"]);
  });

  it("is not blamed on the port where the server's packets might show that its answer was lost", () => {
    const evidence = withoutWitnessAt(faultRecording("no-route-back"), { kind: "server", id: "server" });
    expect(told(diagnose(evidence))).toEqual(["return-route-missing (likely)"]);
  });
});

describe("a helper that expected nothing", () => {
  const knows227 = withRouters(topologyNamed("server-nat-helper"), ({ make }) => ({
    make: { ...make, helperKnows: ["227"] },
  }));
  const ignorant = simulate({ topology: "server-nat-helper", mode: "ftp", data: "epsv" }, { topology: knows227 });

  it("does not know the line where everything is on record", () => {
    expect(without(ignorant)[0]).toBe("helper-does-not-know-line (shown)");
  });

  it("may have expected it where its router's events are not all there", () => {
    expect(without(ignorant, gap("router-events", "router"))[0]).toBe("helper-does-not-know-line (likely)");
    expect(without(ignorant, gap("router-trace", "router"))[0]).toBe("helper-does-not-know-line (shown)");
  });
});

it("a helper may have read the first line after CCC where its router's events are not all there", () => {
  const unprimed = simulate({ topology: "server-nat-helper", mode: "ftps-ccc-unprimed", data: "epsv" });
  expect(without(unprimed)[0]).toBe("helper-missed-first-line-after-ccc (shown)");
  expect(without(unprimed, gap("router-events", "router"))[0]).toBe("helper-missed-first-line-after-ccc (likely)");
});

describe("a port outside of the passive range", () => {
  const log = ["unable to find open port in PassivePorts range 50000-50999"];
  const inRange = simulate({ topology: "firewall-range", mode: "ftps", data: "epsv" });
  // The rules stop every port, and the server's configuration names a range that does not hold the one in 229.
  const blocked = simulate({ topology: "firewall", mode: "ftps", data: "epsv" });
  const exhausted: CellEvidence = {
    ...blocked,
    server: {
      ...inRange.server!,
      systemLog: log,
      configuration: inRange.server!.configuration.replace(/PassivePorts .*/, "PassivePorts 40000 40999"),
    },
  };

  it("is told after what stops the range as well and, where routers were not heard, as likely", () => {
    expect(without(exhausted).at(-1)).toBe("passive-range-exhausted (shown)");
    expect(without({ ...exhausted, routers: [] }, gap("router", "router"))[0]).toBe("passive-range-exhausted (likely)");
  });
});

describe("a client that shows no dialogue", () => {
  it("leaves open what a filter did with its data connection", () => {
    const elsewhere = withRouters(topologyNamed("firewall-helper"), () => ({ helperPorts: [2121] }));
    const evidence = simulate({ topology: "firewall-helper", mode: "ftp", data: "epsv" }, { topology: elsewhere });
    expect(without(evidence)[0]).toBe("helper-not-on-port (shown)");
    const silent = withoutWitnessAt(evidence, { kind: "client", id: "client" });
    expect(told(diagnose(silent))[0]).toBe("helper-not-on-port (likely)");
  });
});

describe("the first router on the way, when it was not heard", () => {
  const controlPorts = [port(21), port(990)];
  /** The second router sees 10.0.0.2 where the client dialled 203.0.113.1. */
  const twoForwards = makeTopology(
    [
      makeRouter("front", {
        portForwards: [{ on: "internet", ports: [range(1, 65_535)], to: "10.0.0.2" }],
        filter: { forward: "accept" },
      }),
      makeRouter("back", {
        gateway: "10.0.0.1",
        portForwards: [{ on: "middle", ports: controlPorts, to: "192.168.10.10" }],
        filter: { allow: [{ from: "middle", to: "lan", ports: controlPorts }] },
      }),
    ],
    [
      makeLink("internet", ["client", "203.0.113.10"], ["front", "203.0.113.1"]),
      makeLink("middle", ["front", "10.0.0.1"], ["back", "10.0.0.2"]),
      makeLink("lan", ["back", "192.168.10.1"], ["server", "192.168.10.10"]),
    ],
    "203.0.113.1",
  );
  const session = (data: "pasv" | "epsv"): CellEvidence =>
    simulate({ mode: "ftps", data, client: "basic-ftp+ignore-227" }, { topology: twoForwards });
  const back = (evidence: CellEvidence): CellEvidence => withoutWitnessAt(evidence, { kind: "router", id: "front" });

  it("makes no other address of the one that the client dialled by EPSV", () => {
    expect(told(diagnose(session("epsv")))).toEqual(["passive-port-not-forwarded (shown)"]);
    expect(told(diagnose(back(session("epsv"))))).toEqual(["passive-port-not-forwarded (likely)"]);
  });

  it("makes nothing certain of an address that only seems to be another one", () => {
    expect(told(diagnose(session("pasv")))).toEqual(["passive-port-not-forwarded (shown)"]);
    expect(told(diagnose(back(session("pasv"))))).toEqual(["passive-address-unroutable (likely)"]);
  });
});

it("a 227 that nobody tells leaves open whether a helper would have read it", () => {
  // The server names the router's address, which a helper passes over, and the port is forwarded to another one.
  const evidence = simulate({ topology: "server-nat-remapped", mode: "ftp", data: "pasv" });
  expect(without(evidence)).toEqual(["passive-port-not-forwarded (shown)"]);
  const noServer = withoutWitnessAt(evidence, { kind: "server", id: "server" });
  expect(told(diagnose(noServer))).toEqual(["passive-port-not-forwarded (shown)"]);
  const noClient = withoutWitnessAt(evidence, { kind: "client", id: "client" });
  expect(told(diagnose(noClient))[0]).toMatch(/\(likely\)$/);
});

it("a session of which no packet was seen is no client's fault where a node's packets are missing", () => {
  const captures = ["client", "server"].map((node) => ({ node, link: "internet", packets: [], cut: null }));
  const evidence = { ...stoppedAt("control-connect", [], { message: "Timeout" }), captures };
  expect(without(evidence)).toEqual(["client-never-dialled (shown)"]);
  expect(without(evidence, gap("server-log"))).toEqual(["client-never-dialled (shown)"]);
  expect(without(evidence, gap("packets", "server"))).toEqual(["port-unreachable (likely)"]);
});

it("a router's proof is no expectation where its events may be incomplete", () => {
  const blind = simulate({ topology: "server-nat-helper", mode: "ftps", data: "epsv" });
  const texts = (evidence: CellEvidence): string =>
    diagnose(evidence)
      .findings.flatMap(({ proofs }) => proofs.map(({ text }) => text))
      .join("\n");
  expect(texts(blind)).toMatch(/no expectation/);
  const cut = withRouterEvidence(blind, ({ packets }) => ({ packets: packets.slice(0, 1) }));
  expect(texts({ ...cut, missing: [gap("router-events", "router")] })).not.toMatch(/no expectation/);
});
