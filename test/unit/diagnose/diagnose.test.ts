import { dataCommandsOf, modes } from "../../../harness/model/axes";
import { diagnose } from "../../../harness/diagnose/diagnose";
import { predictFor } from "../../support/cells";
import { profiles, topologies } from "../../support/inputs";
import { simulate, stoppedAt, withAttempt, withRouterEvidence } from "../../support/simulated-evidence";
import { gap } from "../../support/evidence";

const clients = ["basic-ftp+no-resume", "basic-ftp", "basic-ftp+trust-227", "basic-ftp+ignore-227"];

describe("the root of a failure", () => {
  it.each(topologies.map((topology) => [topology.id, topology] as const))(
    "is the cause predicted, for every server, client, mode and data command in %s",
    (id, topology) => {
      const differences: string[] = [];
      for (const { id: server } of profiles) {
        // Clients differ in what they make of 227 and of sessions; the core matrix's server hides neither.
        for (const client of server === "tls-optional" ? clients : clients.slice(0, 1)) {
          for (const mode of modes) {
            for (const data of dataCommandsOf(topology.family)) {
              const axes = { topology: id, server, client, mode, data };
              const predicted = predictFor(topology, axes);
              if (predicted.unpredicted === true) continue;
              const found = diagnose(simulate(axes)).findings[0]?.cause ?? null;
              if (found !== predicted.cause) differences.push(`${JSON.stringify(axes)}: ${String(found)}`);
            }
          }
        }
      }
      expect(differences).toEqual([]);
    },
  );
});

describe("what else would cure it", () => {
  const causesOf = (...axes: Parameters<typeof simulate>): string[] =>
    diagnose(simulate(...axes)).findings.map(({ cause }) => cause);

  it("is told after the root: forwarding the range cures what TLS hides from the helper", () => {
    expect(causesOf({ topology: "server-nat-helper", mode: "ftps", data: "epsv" })).toEqual([
      "helper-blind-to-tls",
      "passive-port-not-forwarded",
    ]);
    expect(causesOf({ topology: "server-nat-helper", mode: "ftps", data: "pasv" })).toEqual([
      "helper-blind-to-tls",
      "passive-address-unroutable",
    ]);
  });

  it("is told after the root: a filter that lets more out cures a helper that is blind", () => {
    expect(causesOf({ topology: "client-egress-helper", mode: "ftps", data: "epsv" })).toEqual([
      "helper-blind-to-tls",
      "egress-blocked",
    ]);
    expect(causesOf({ topology: "firewall-strict-helper", mode: "ftps", data: "eprt" })).toEqual([
      "helper-blind-to-tls",
      "egress-blocked",
    ]);
  });

  it("is one thing alone where one thing is wrong", () => {
    expect(causesOf({ topology: "server-nat", mode: "ftps", data: "epsv" })).toEqual(["passive-port-not-forwarded"]);
  });
});

describe("a cell that worked", () => {
  it("has no findings and says which rule let through what the helper had expected", () => {
    const { findings, whyItWorked, proofs } = diagnose(simulate({ topology: "server-nat-helper", data: "pasv" }));
    expect(findings).toEqual([]);
    expect(whyItWorked).toBe(
      'The data connection passed: router expected it, since its FTP helper had read the 227 reply, and accepted it as RELATED by the rule "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT" in FORWARD.',
    );
    expect(proofs).toContainEqual({ witness: "router", text: "expectation: 203.0.113.32 to 203.0.113.1:50001" });
    expect(proofs).toContainEqual({
      witness: "server",
      text: "sent 227 with 192.168.10.10:50001, rewritten on the way",
    });
  });

  it("names every router, each with what it did", () => {
    const { whyItWorked } = diagnose(simulate({ topology: "double-nat-helper", mode: "ftps-ccc", data: "port" }));
    expect(whyItWorked).toMatch(/server-router expected it, .* and client-router expected it, .*PORT command/);
    expect(whyItWorked).toMatch(/CCC had made the dialogue readable again\.$/);
  });

  it("says that a static rule sufficed, and that TLS hid nothing that anybody needed", () => {
    const { whyItWorked } = diagnose(simulate({ topology: "server-nat-range", mode: "ftps", data: "pasv" }));
    expect(whyItWorked).toMatch(/router allowed it by the rule ".*50000:50999.* -j ACCEPT" in FORWARD\./);
    expect(whyItWorked).toMatch(/TLS hid the dialogue, and no router had to read it\.$/);
  });

  it("says that nothing was in the way, or that it was not recorded, which is not the same", () => {
    const direct = simulate({ topology: "direct" });
    expect(diagnose(direct).whyItWorked).toBe("Nothing was in the way: no router stands between client and server.");
    const lost = { ...simulate({ topology: "server-nat-helper" }), routers: [], missing: [gap("router", "router")] };
    expect(diagnose(lost).whyItWorked).toMatch(/was not recorded/);
  });

  it("does not say that nobody read what somebody had expected", () => {
    const { transcript } = simulate({ topology: "server-nat-helper", mode: "ftps", data: "pasv" }).attempt;
    const { whyItWorked } = diagnose(withAttempt(simulate({ topology: "server-nat-helper" }), { transcript }));
    expect(whyItWorked).not.toMatch(/no router had to read it/);
  });

  it("rests on the expectation alone where the trace is missing", () => {
    const untraced = withRouterEvidence(simulate({ topology: "server-nat-helper" }), () => ({ packets: [] }));
    expect(diagnose(untraced).whyItWorked).toMatch(/router expected it at 203\.0\.113\.1:50001/);
  });
});

describe("a cell that did not fail and did not work", () => {
  it.each(["unsupported", "not-run"] as const)("(%s) needs no explanation", (result) => {
    const evidence = withAttempt(simulate({ topology: "server-nat" }), { result });
    expect(diagnose(evidence)).toEqual({ findings: [], firstBreak: null, whyItWorked: null, proofs: [] });
  });
});

describe("a failure that no cause explains", () => {
  const evidence = stoppedAt("integrity", ["< 220 ready", "> RETR a", "< 226 done"], { message: "a: 5 bytes of 7" });

  it("is unknown, with what was seen and what is missing", () => {
    const { findings } = diagnose({ ...evidence, server: null, missing: [gap("server-log", null, "no such file")] });
    expect(findings.map(({ cause }) => cause)).toEqual(["unknown"]);
    expect(findings[0]?.explanation).toMatch(/when the files were compared.*Not recorded: the server's logs\./);
    expect(findings[0]?.proofs).toEqual([
      { witness: "client", text: "a: 5 bytes of 7" },
      { witness: "client", text: "> RETR a < 226 done" },
      { witness: "missing", text: "the server's logs: no such file" },
    ]);
  });
});

describe("missing evidence", () => {
  const blind = simulate({ topology: "server-nat-helper", mode: "ftps", data: "epsv" });

  it("of the server lowers nothing that the routers prove", () => {
    expect(diagnose({ ...blind, server: null }).findings[0]).toMatchObject({
      cause: "helper-blind-to-tls",
      confidence: "shown",
    });
  });

  it("of every router leaves what follows from the dialogue, as likely", () => {
    const plain = simulate({ topology: "server-nat", mode: "ftp", data: "pasv" });
    const { findings } = diagnose({ ...plain, routers: [], missing: [gap("router", "router")] });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ["no-helper", "likely"],
      ["passive-address-unroutable", "likely"],
    ]);
  });

  it("of a helper is no proof that there is none: without the rules TLS is not blamed", () => {
    const { findings } = diagnose({ ...blind, routers: [], missing: [gap("router", "router")] });
    expect(findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ["passive-port-not-forwarded", "likely"],
    ]);
  });

  it("of a trace is made good by the rules, read as they stand", () => {
    const untraced = withRouterEvidence(
      simulate({ topology: "client-egress-helper", mode: "ftps", data: "epsv" }),
      () => ({
        packets: [],
      }),
    );
    expect(diagnose(untraced).findings.map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ["helper-blind-to-tls", "shown"],
      ["egress-blocked", "likely"],
    ]);
  });

  it("of a trace leaves open what depends on the links by which a packet came and went", () => {
    const untraced = (topology: string): readonly string[] =>
      diagnose(
        withRouterEvidence(simulate({ topology, mode: "ftps", data: "epsv" }), () => ({ packets: [] })),
      ).findings.map(({ explanation }) => explanation);
    expect(untraced("server-nat")[0]).toMatch(
      /treated it as addressed to itself, .* and dropped it, as its rules say of INPUT/,
    );
    expect(untraced("firewall")[0]).toBe("The client's connection to 198.51.100.10:50001 was not established.");
  });

  it("of a trace leaves open what became of a connection that a helper expected, since it is no stranger to the rules", () => {
    const master = blind.routers[0]!.connections[0]!.original;
    const expectation = {
      kind: "new",
      at: 2,
      source: "203.0.113.32",
      destination: "203.0.113.1",
      port: 50_001,
    } as const;
    const untraced = withRouterEvidence(blind, () => ({
      packets: [],
      expectations: [{ ...expectation, master, helper: "ftp" }],
    }));
    expect(diagnose(untraced).findings).toMatchObject([{ cause: "passive-port-not-forwarded", confidence: "likely" }]);
    expect(diagnose(untraced).findings[0]?.explanation).not.toMatch(/as its rules say/);
  });

  it("of the last events makes an unseen SYN no proof", () => {
    const cut = withRouterEvidence(blind, ({ packets }) => ({ packets: packets.slice(0, 1) }));
    const proofs = diagnose({ ...cut, missing: [gap("router-events", "router")] }).findings[0]?.proofs;
    expect(proofs?.map(({ text }) => text).join()).not.toMatch(/no SYN/);
    expect(
      diagnose(cut)
        .findings[0]?.proofs.map(({ text }) => text)
        .join(),
    ).toMatch(/no SYN/);
  });
});
