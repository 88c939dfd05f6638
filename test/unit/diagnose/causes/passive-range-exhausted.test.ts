import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { Finding } from "../../../../harness/model/diagnosis";
import type { CellEvidence } from "../../../../harness/model/evidence";
import type { Topology } from "../../../../harness/model/topology";
import { serverOf } from "../../../../harness/model/network";
import { topologyNamed } from "../../../support/inputs";
import { withServer } from "../../../support/variations";
import { simulate } from "../../../support/simulated-evidence";

/** Recorded: ProFTPD 1.3.8, two ports, both taken. */
const warning =
  "unable to find open port in PassivePorts range 50000-50001: defaulting to INPORT_ANY (consider defining a larger PassivePorts range)";

const findings = (evidence: CellEvidence): readonly Finding[] => diagnose(evidence).findings;
const causes = (evidence: CellEvidence): string[] => findings(evidence).map(({ cause }) => cause);

/** A session whose server took a port out of its range, in a network that was made for the range. */
function exhausted(
  id: string,
  axes: Parameters<typeof simulate>[0],
  systemLog: readonly string[] = [warning],
): CellEvidence {
  const topology = topologyNamed(id);
  const elsewhere = withServer(topology, { passivePorts: { first: 40_000, last: 40_100 } });
  const evidence = simulate(axes, { topology: elsewhere });
  return withConfiguration(evidence, topology, systemLog);
}

function withConfiguration(evidence: CellEvidence, topology: Topology, systemLog: readonly string[]): CellEvidence {
  const { server } = evidence;
  if (server === null) throw new Error("the session reached no server");
  const { first, last } = serverOf(topology).passivePorts;
  const configuration = server.configuration.replace(/PassivePorts .*/, `PassivePorts ${first} ${last}`);
  return { ...evidence, server: { ...server, configuration, systemLog } };
}

describe("passive-range-exhausted", () => {
  it("is the root where the routers let the range through, and the port outside of it was stopped", () => {
    const [root] = findings(exhausted("firewall-range", { mode: "ftps", data: "epsv" }));
    expect(root).toMatchObject({ cause: "passive-range-exhausted", confidence: "shown" });
    expect(root?.explanation).toMatch(
      /within 50000:50999, found no free port there and took 40001\..*policy of FORWARD/,
    );
    expect(root?.proofs).toContainEqual({ witness: "server", text: warning });
  });

  it("comes before a helper that TLS blinds: whoever gets a port of the range needs no helper", () => {
    const evidence = exhausted("server-nat-range-helper", { mode: "ftps", data: "epsv" });
    expect(causes(evidence)[0]).toBe("passive-range-exhausted");
    expect(causes(evidence)).toContain("helper-blind-to-tls");
  });

  it("comes last where the routers stop the range too", () => {
    const evidence = exhausted("server-nat-helper", { mode: "ftps", data: "epsv" });
    expect(causes(evidence)[0]).toBe("helper-blind-to-tls");
    expect(causes(evidence).at(-1)).toBe("passive-range-exhausted");
  });

  it("is likely where the port says so and the log does not", () => {
    const [root] = findings(exhausted("firewall-range", { mode: "ftps", data: "epsv" }, []));
    expect(root).toMatchObject({ cause: "passive-range-exhausted", confidence: "likely" });
  });

  it("is cured by a wider range that is also forwarded and allowed", () => {
    const [root] = findings(exhausted("server-nat-range", { mode: "ftps", data: "epsv" }));
    expect(root?.remedies.find(({ id }) => id === "widen-passive-range")?.lines).toEqual([
      "# on router",
      "iptables -t nat -A PREROUTING -i internet -d 203.0.113.1 -p tcp --dport 49152:65534 -j DNAT --to-destination 192.168.10.10",
      "iptables -I FORWARD -i internet -o lan -p tcp --dport 49152:65534 -m conntrack --ctstate NEW -j ACCEPT",
      "# in the server's configuration",
      "PassivePorts 49152 65534",
    ]);
  });

  it("is not the reason where the port is in the range, or nobody stopped it", () => {
    const shut = simulate({ topology: "firewall", mode: "ftps", data: "epsv" });
    expect(causes(shut)).not.toContain("passive-range-exhausted");
    expect(findings(exhausted("direct", { mode: "ftps", data: "epsv" }))).toEqual([]);
  });
});
