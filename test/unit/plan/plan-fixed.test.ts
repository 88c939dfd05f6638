/** Servers of which no setting decides the passive range, or the address in 227. */
import type { ServerSoftware } from "../../../harness/catalog/servers/definition";
import { softwareNamed } from "../../../harness/catalog/servers/registry";
import { offersOf } from "../../../harness/diagnose/offers";
import { serverOf } from "../../../harness/model/network";
import { asServed } from "../../../harness/plan/setup";
import { predictFor } from "../../support/cells";
import { profileNamed, topologyNamed } from "../../support/inputs";
import { simulate } from "../../support/simulated-evidence";

const fixed = { passivePorts: { first: 32_768, last: 60_999 }, masqueradeAddress: null };
const server = profileNamed("aioftp");

/** Makes the smallest software of the lab such a server, for one test. */
function whereFixed(test: () => void): void {
  const software: { fixed?: ServerSoftware["fixed"] } & ServerSoftware = softwareNamed("aioftp");
  const settings = { passivePorts: () => [], masqueradeAddress: () => [] };
  const replaced = jest.replaceProperty(software, "directives", { ...software.directives, ...settings });
  Object.assign(software, { fixed });
  try {
    test();
  } finally {
    delete software.fixed;
    replaced.restore();
  }
}

const epsv = { server: "aioftp", mode: "ftp", data: "epsv" } as const;
const pasv = { ...epsv, data: "pasv" } as const;

describe("a server that takes any port", () => {
  it("is in every network what it is by itself", () => {
    whereFixed(() => {
      const { topology } = asServed({ topology: topologyNamed("server-nat-range"), server });
      expect(serverOf(topology)).toMatchObject(fixed);
    });
  });

  it("is not predicted where a rule names only some of the ports", () => {
    whereFixed(() => {
      expect(predictFor(topologyNamed("server-nat-range"), epsv, server)).toMatchObject({
        unpredicted: true,
        reason:
          "Nothing is predicted: the server takes any of the ports 32768-60999, and the network's rules name only some of them.",
      });
    });
  });

  it("is predicted where no rule names a range, and where a helper follows it", () => {
    whereFixed(() => {
      expect(predictFor(topologyNamed("server-nat"), epsv, server)).toMatchObject({ cause: "no-helper" });
      expect(predictFor(topologyNamed("server-nat-helper"), pasv, server)).toMatchObject({ result: "worked" });
    });
  });

  it("is given no range as a remedy, and for PASV no forward that would not cure", () => {
    whereFixed(() => {
      const idsOf = (axes: typeof epsv | typeof pasv): readonly string[] => {
        const evidence = simulate({ ...axes, topology: "server-nat" }, { server });
        return offersOf("no-helper", evidence).map(({ printed }) => `${printed.id}: ${printed.lines.join("; ")}`);
      };
      expect(idsOf(epsv).join("\n")).toMatch(/--dport 32768:60999/);
      expect(idsOf(epsv).join("\n")).not.toMatch(/data_ports/);
      expect(idsOf(pasv).join("\n")).not.toMatch(/DNAT/);
    });
  });
});
