import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import { dataCommands, modes, operations } from "../../../harness/model/axes";
import type { AxisSelection, ExpectedOutcome } from "../../../harness/model/scenario";
import { planCells, type Catalog, type CellSource } from "../../../harness/plan/planned-cells";
import { coreSize, coreTopologies, profiles, topologies } from "../../support/inputs";

const catalog: Catalog = {
  topologies: new NetworkCatalog(topologies),
  profiles: new Map(profiles.map((profile) => [profile.id, profile])),
};

function selection(change: Partial<AxisSelection> = {}): AxisSelection {
  return {
    topology: ["direct"],
    server: ["tls-optional"],
    client: ["basic-ftp"],
    mode: ["ftp"],
    data: ["pasv"],
    operation: ["list"],
    ...change,
  };
}

function source(change: Partial<CellSource> = {}): CellSource {
  return { include: [selection()], expect: [], ...change };
}

function expectation(cells: string, reason: string): ExpectedOutcome {
  return { cells, result: "failed", stage: "login", cause: "login-refused", reason };
}

const directCell = "direct/tls-optional/basic-ftp/ftp/pasv/list";

describe("the cells of a scenario", () => {
  it("are those of every selection, each once, in the order in which they are first named", () => {
    const include = [selection({ topology: ["firewall", "direct"] }), selection({ operation: ["upload", "list"] })];
    expect(planCells([source({ include })], catalog).map(({ cell }) => cell.id)).toEqual([
      "firewall/tls-optional/basic-ftp/ftp/pasv/list",
      directCell,
      "direct/tls-optional/basic-ftp/ftp/pasv/upload",
    ]);
  });

  it("are those of the core matrix when everything but server and client is selected", () => {
    const everything = selection({
      topology: coreTopologies.map(({ id }) => id),
      mode: modes,
      data: dataCommands,
      operation: operations,
    });
    expect(planCells([source({ include: [everything] })], catalog)).toHaveLength(coreSize);
  });

  it("are none where IPv6 lacks the chosen command", () => {
    const include = [selection({ topology: ["ipv6-firewall"], data: ["pasv", "port"] })];
    expect(planCells([source({ include })], catalog)).toEqual([]);
  });
});

describe("what is expected of a cell", () => {
  const expectedOf = (...sources: readonly CellSource[]): unknown => planCells(sources, catalog)[0]?.expected;

  it("is the prediction where the scenario says nothing", () => {
    expect(expectedOf(source())).toEqual({
      result: "worked",
      stage: null,
      cause: null,
      reason: "The data connection passes: no router is in the way.",
    });
  });

  it("is the prediction where no expectation matches", () => {
    expect(expectedOf(source({ expect: [expectation("firewall/**", "other")] }))).toMatchObject({ result: "worked" });
  });

  it("is what the last matching expectation of the scenario says", () => {
    const expect_ = [
      expectation("**", "first"),
      expectation("direct/**", "second"),
      expectation("firewall/**", "third"),
    ];
    expect(expectedOf(source({ expect: expect_ }))).toEqual({
      result: "failed",
      stage: "login",
      cause: "login-refused",
      reason: "second",
    });
  });

  it("is that of the first source that names the cell", () => {
    const [first, second] = [
      source({ expect: [expectation("**", "first")] }),
      source({ expect: [expectation("**", "second")] }),
    ];
    expect(expectedOf(first, second)).toMatchObject({ reason: "first" });
    expect(planCells([first, second], catalog)).toHaveLength(1);
  });

  it("is the prediction where the first source says nothing and only a later one does", () => {
    expect(expectedOf(source(), source({ expect: [expectation("**", "later")] }))).toMatchObject({ result: "worked" });
  });

  it("follows from the client's options", () => {
    const include = [
      selection({ server: ["tls-required-reuse"], client: ["basic-ftp", "basic-ftp+no-resume"], mode: ["ftps"] }),
    ];
    expect(planCells([source({ include })], catalog).map(({ expected }) => expected.stage)).toEqual([null, "data-tls"]);
  });
});

describe("a cell that names something unknown", () => {
  it.each([
    ["server", { server: ["nowhere"] }],
    ["client", { client: ["basic-ftp+nothing"] }],
  ])("is a bug for its %s, since selections are resolved before", (_, change) => {
    expect(() => planCells([source({ include: [selection(change)] })], catalog)).toThrow(
      /names something that is not in the catalog/,
    );
  });
});
