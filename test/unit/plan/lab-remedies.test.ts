import { bugNames } from "../../../harness/cli/bug-names";
import { loadCatalog } from "../../../harness/cli/catalog";
import { causeIds } from "../../../harness/model/diagnosis";
import { ScenarioError } from "../../../harness/model/errors";
import { labRemediesOf, remedyIds, remedyNamed, type Setup } from "../../../harness/plan/lab-remedies";
import { parseBug } from "../../../harness/inputs/bug-file";

const catalog = loadCatalog();

function setupOf(topologyId: string, mode: "ftp" | "ftps", data: "pasv" | "port", client = "basic-ftp"): Setup {
  const [topology, server] = [catalog.topologies.get(topologyId), catalog.profiles.get("tls-optional")];
  if (topology === undefined || server === undefined) throw new Error("no such set-up");
  return {
    cell: { id: "", topology: topologyId, server: server.id, client, mode, data, operation: "list" },
    topology,
    server,
  };
}

function variantOf(remedy: string, network: string) {
  const text = `title: x
reported: { text: y }
network: ${network}
mode: ftps
variants:
  reported: { shows: { result: failed } }
  fixed: { change: z, remedy: ${remedy}, shows: { result: worked } }
`;
  return parseBug({ file: "x.yaml", text }, bugNames(catalog)).variants[1];
}

describe("a remedy of the lab", () => {
  it.each(remedyIds)("has the id %s", (id) => {
    expect(remedyNamed(id, setupOf("server-nat", "ftp", "pasv")).id).toBe(id);
  });

  it("that changes the network or the server has an id by which a report can name it, and no other has", () => {
    for (const cause of causeIds) {
      for (const setup of [setupOf("server-nat-helper", "ftps", "pasv"), setupOf("client-nat", "ftp", "port")]) {
        for (const { id, apply } of labRemediesOf(cause, setup)) {
          const { topology, server } = apply(setup);
          const changes = JSON.stringify([topology, server]) !== JSON.stringify([setup.topology, setup.server]);
          if (changes) expect(id).not.toBeNull();
        }
      }
    }
  });

  it("takes the passive command that the client has", () => {
    const data = (client: string) => {
      const setup = setupOf("client-nat", "ftps", "port", client);
      return remedyNamed("passive-instead", setup).apply(setup).cell.data;
    };
    expect([data("basic-ftp"), data("filezilla")]).toEqual(["epsv", "pasv"]);
  });

  it("is applied to a report's variant that names it", () => {
    const fixed = variantOf("forward-passive-range", "server-nat");
    expect(fixed?.setup.topology.nodes.find(({ kind }) => kind === "server")).toMatchObject({
      masqueradeAddress: "203.0.113.1",
    });
  });

  it("that changes nothing, or that there is not, is a problem of the report", () => {
    const message = (remedy: string): string => {
      try {
        variantOf(remedy, "direct");
        return "";
      } catch (error) {
        return error instanceof ScenarioError ? error.message : String(error);
      }
    };
    expect(message("attach-helper")).toMatch(/^x\.yaml:7:\d+: .*changes nothing of this network and server$/);
    expect(message("forward-range")).toContain("forward-passive-range");
  });
});
