import { dataCommands, modes, operations } from "../../../harness/model/axes";
import { cellId, expandCells, type AxisChoice } from "../../../harness/model/cells";
import { coreTopologies as topologies, topologyNamed } from "../../support/inputs";

const core: AxisChoice = {
  topologies,
  server: ["tls-optional"],
  client: ["basic-ftp"],
  mode: modes,
  data: dataCommands,
  operation: operations,
};

describe("the core matrix", () => {
  const cells = expandCells(core);

  it("has over a thousand cells: 84 of each IPv4 topology and 42 of each IPv6 topology", () => {
    const countOf = (id: string): number => cells.filter(({ topology }) => topology === id).length;
    expect(topologies.map(({ id, family }) => [id, countOf(id), family])).toEqual(
      topologies.map(({ id }) => (id.startsWith("ipv6") ? [id, 42, "ipv6"] : [id, 84, "ipv4"])),
    );
    expect(cells.length).toBeGreaterThan(1000);
  });

  it("names every cell once", () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  it("has no PASV and no PORT over IPv6 (RFC 2428)", () => {
    const commands = new Set(cells.filter(({ topology }) => topology.startsWith("ipv6")).map(({ data }) => data));
    expect([...commands]).toEqual(["epsv", "eprt"]);
  });

  it("is in the order of the axes, the operation changing first", () => {
    expect(cells.slice(0, 4).map(({ id }) => id)).toEqual([
      "client-egress-helper/tls-optional/basic-ftp/ftp/pasv/list",
      "client-egress-helper/tls-optional/basic-ftp/ftp/pasv/download",
      "client-egress-helper/tls-optional/basic-ftp/ftp/pasv/upload",
      "client-egress-helper/tls-optional/basic-ftp/ftp/epsv/list",
    ]);
  });
});

describe("a choice of cells", () => {
  const choice = { ...core, topologies: [topologyNamed("direct")] };

  it("takes modes, commands and operations in the order of the axis, whatever the order of the choice", () => {
    const cells = expandCells({
      ...choice,
      mode: ["ftps", "ftp"],
      data: ["eprt", "pasv"],
      operation: ["upload", "list"],
    });
    expect(cells.map(({ mode, data, operation }) => `${mode} ${data} ${operation}`)).toEqual([
      "ftp pasv list",
      "ftp pasv upload",
      "ftp eprt list",
      "ftp eprt upload",
      "ftps pasv list",
      "ftps pasv upload",
      "ftps eprt list",
      "ftps eprt upload",
    ]);
  });

  it("takes servers and clients in the order of the choice", () => {
    const one = { ...choice, mode: ["ftp"], data: ["pasv"], operation: ["list"] };
    const cells = expandCells({ ...one, server: ["tls-required", "plain-only"], client: ["b", "a"] });
    expect(cells.map(({ server, client }) => `${server} ${client}`)).toEqual([
      "tls-required b",
      "tls-required a",
      "plain-only b",
      "plain-only a",
    ]);
  });

  it.each(["topologies", "server", "client", "mode", "data", "operation"] as const)("is empty without %s", (axis) => {
    expect(expandCells({ ...choice, [axis]: [] })).toEqual([]);
  });
});

it("a cell's id holds its six axes in order", () => {
  const axes = { topology: "t", server: "s", client: "c", mode: "ftps", data: "epsv", operation: "upload" } as const;
  expect(cellId(axes)).toBe("t/s/c/ftps/epsv/upload");
});
