import { clients } from "../../../../harness/catalog/clients/registry";
import { softwares } from "../../../../harness/catalog/servers/registry";
import { bugNames } from "../../../../harness/cli/bug-names";
import { loadCatalog } from "../../../../harness/cli/catalog";
import { causes } from "../../../../harness/diagnose/causes/registry";
import { observe } from "../../../../harness/diagnose/observe/observe";
import { labRemedyIds, labRemedyNamed, remedies } from "../../../../harness/diagnose/remedies/registry";
import { inOrder, offersFor } from "../../../../harness/diagnose/remedies/remedy";
import { ScenarioError } from "../../../../harness/model/errors";
import type { Setup } from "../../../../harness/plan/setup";
import { parseBug } from "../../../../harness/inputs/bug-file";
import { simulate } from "../../../support/simulated-evidence";

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

/** Ids that reports may have named since they could. */
const contract = [
  "attach-helper",
  "forward-passive-range",
  "allow-outgoing",
  "tell-too-long",
  "remember-longer",
  "accept-related",
  "open-control-port",
  "passive-instead",
  "keep-sources",
  "name-dialled-address",
  "protect-password-only",
  "demand-no-tls",
  "accept-new-sessions",
  "remember-sessions",
  "show-trusted-certificate",
  "take-any-data-peer",
  "offer-tls-versions",
  "offer-tls",
];

describe("remedies", () => {
  it("have ids of their own, and keep those that reports name", () => {
    const ids = remedies.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(labRemedyIds).toEqual(expect.arrayContaining(contract));
  });

  it("are those that causes name, and each cause has one", () => {
    expect(new Set(causes.flatMap((cause) => cause.remedies))).toEqual(new Set(remedies));
    expect(causes.filter((cause) => cause.remedies.length === 0)).toEqual([]);
  });

  it("come in this order: the user's own, the others', and what gives up encryption", () => {
    for (const cause of causes) {
      const order = inOrder(cause.remedies).map(({ party, exposes }) => [exposes === true, party !== "user"]);
      expect(order).toEqual(
        order.toSorted((one, other) => Number(one[0]) - Number(other[0]) || Number(one[1]) - Number(other[1])),
      );
    }
  });

  const networks = ["direct", "server-nat", "server-nat-helper", "client-nat-helper", "ipv6-firewall"] as const;
  const cells = networks.flatMap((topology) =>
    (["ftp", "ftps", "ftps-implicit"] as const).flatMap((mode) =>
      (topology === "ipv6-firewall" ? (["epsv", "eprt"] as const) : (["pasv", "port"] as const)).map((data) => ({
        ...{ topology, mode, data },
      })),
    ),
  );
  const evidences = cells.map((axes) => simulate(axes));

  /** Any two of software, evidence and client meet; all three in every third case. */
  it.each(softwares.map(({ id }, at) => [id, at] as const))(
    "speak for every client, and of %s in its own words",
    (software, turn) => {
      const foreign = softwares
        .filter(({ id }) => id !== software)
        .flatMap(({ directives }) => [
          ...directives.demandNothing,
          ...directives.certificate(""),
          ...directives.currentVersions,
        ]);
      for (const [at, evidence] of evidences.entries()) {
        for (const { id: client } of clients.filter((_, index) => (index + at + turn) % 3 === 0)) {
          const server = evidence.server === null ? null : { ...evidence.server, software, configuration: "" };
          const seen = observe({ ...evidence, cell: { ...evidence.cell, client }, server });
          for (const { printed } of offersFor(remedies, seen)) {
            expect(printed.what).toMatch(/^[A-Z].*[.]$/);
            expect(printed.lines.filter((line) => line === "" || /undefined|null/.test(line))).toEqual([]);
            expect(printed.lines.filter((line) => foreign.includes(line))).toEqual([]);
          }
        }
      }
    },
  );
});

describe("a remedy of the lab", () => {
  it.each(labRemedyIds)("is found by its id %s", (id) => {
    expect(labRemedyNamed(id).id).toBe(id);
  });

  it("takes the passive command that the client has", () => {
    const data = (client: string) => {
      const setup = setupOf("client-nat", "ftps", "port", client);
      return labRemedyNamed("passive-instead").apply(setup)?.cell.data;
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
