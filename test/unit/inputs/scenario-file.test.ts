import { join } from "node:path";
import { loadScenario } from "../../../harness/inputs/load";
import { knownNames, loadCatalog } from "../../../harness/cli/catalog";
import { parseScenario, resolvePatterns } from "../../../harness/inputs/scenario-file";
import { known } from "../../support/known-names";

function parse(body: string) {
  return parseScenario({ file: "x.yaml", text: `name: a\ndescription: b\n${body}` }, known);
}

describe("a scenario", () => {
  it("with nothing to include stands for the core matrix", () => {
    expect(parse("").include).toEqual([
      {
        topology: known.topologies.ids,
        server: ["tls-optional"],
        client: ["basic-ftp"],
        mode: [
          "ftp",
          "ftps",
          "ftps-clear-data",
          "ftps-implicit",
          "ftps-ccc",
          "ftps-ccc-clear-data",
          "ftps-ccc-unprimed",
        ],
        data: ["pasv", "epsv", "port", "eprt"],
        operation: ["list", "download", "upload"],
      },
    ]);
  });

  it("may give one pattern or a list, with globs and excludes", () => {
    const [selection] = parse('include: [{ topology: "firewall*", mode: [ftps*, "!*ccc*"], data: "!port" }]').include;
    expect(selection).toMatchObject({
      topology: ["firewall", "firewall-helper"],
      mode: ["ftps", "ftps-clear-data", "ftps-implicit"],
      data: ["pasv", "epsv", "eprt"],
    });
  });

  it("may put options to clients, which stand in one order whatever was written", () => {
    const [selection] = parse('include: [{ client: [curl, basic-ftp+trust-227+no-resume, "*+pret"] }]').include;
    expect(selection?.client).toEqual(["curl", "basic-ftp+no-resume+trust-227", "curl+pret"]);
  });

  it("may exclude every client with some options", () => {
    const [selection] = parse('include: [{ client: ["*", "*+no-resume", "!curl"] }]').include;
    expect(selection?.client).toEqual(["basic-ftp", "basic-ftp+no-resume"]);
  });

  it("may expect a failure with its stage and cause, or leave the cause open", () => {
    const { expect: entries } = parse(
      'expect:\n  - { cells: "**", result: failed, stage: data-connect, cause: no-helper, reason: r }\n' +
        '  - { cells: "direct/**", result: worked, reason: q }\n',
    );
    expect(entries).toEqual([
      { cells: "**", result: "failed", stage: "data-connect", cause: "no-helper", reason: "r" },
      { cells: "direct/**", result: "worked", stage: null, cause: null, reason: "q" },
    ]);
  });
});

describe("a claim", () => {
  const claim = (verdict: string, ...cells: readonly string[]): string =>
    [
      "claims:",
      "  - id: one",
      "    text: FTP works.",
      `    verdict: ${verdict}`,
      "    because: So it is.",
      "    cells:",
      ...cells.map((entry) => `      - { ${entry} }`),
    ].join("\n");
  const works = 'cells: "direct/**", result: worked';
  const fails = 'speaks: against, cells: "firewall/**", result: failed, stage: data-connect';

  it("is read with its evidence, which speaks for it unless it says otherwise", () => {
    expect(parse(claim("holds-with-conditions", works, fails)).claims).toEqual([
      {
        ...{ id: "one", text: "FTP works.", verdict: "holds-with-conditions", because: "So it is." },
        evidence: [
          { speaks: "for", cells: "direct/**", result: "worked", stage: null, cause: null },
          { speaks: "against", cells: "firewall/**", result: "failed", stage: "data-connect", cause: null },
        ],
      },
    ]);
    expect(parse("").claims).toEqual([]);
  });

  it("has the verdict that its evidence amounts to", () => {
    const speaking = (message: string): string => `x.yaml:6:14: the cells speak ${message}`;
    expect(() => parse(claim("holds", works, fails))).toThrow(
      speaking("for and against it, so the verdict is `holds-with-conditions`"),
    );
    expect(() => parse(claim("holds", fails))).toThrow(speaking("only against it, so the verdict is `does-not-hold`"));
    expect(() => parse(claim("does-not-hold", works))).toThrow(speaking("only for it, so the verdict is `holds`"));
  });

  it("rests on cells of its scenario, and says at which stage they fail", () => {
    expect(() => parse(claim("holds", 'cells: "nowhere/**", result: worked'))).toThrow(
      "x.yaml:9:18: `nowhere/**` matches no cell of this scenario",
    );
    expect(() => parse(claim("holds", 'cells: "direct/**", result: failed'))).toThrow("missing key `stage`");
    const twice = claim("holds", works) + claim("holds", works).replace("claims:", "");
    expect(() => parse(twice)).toThrow("x.yaml:10:9: there is a claim `one` already");
  });
});

describe("patterns of the command line", () => {
  it("select ids of an axis, and say which pattern matches nothing", () => {
    expect(resolvePatterns("mode", ["ftps*", "!*ccc*", "tfp"], known)).toEqual({
      ids: ["ftps", "ftps-clear-data", "ftps-implicit"],
      problems: [{ index: 2, message: "unknown mode `tfp`; did you mean `ftp`?" }],
    });
  });
});

describe("the scenarios of the project", () => {
  const root = join(__dirname, "../../..");
  const names = knownNames(loadCatalog());

  it("include the core matrix: every network but the further ones, and every mode, with one server and client", () => {
    const { include } = loadScenario(join(root, "scenarios/matrix.yaml"), names);
    const topology = names.topologies.ids.filter((id) => !names.topologies.further.includes(id));
    expect(include).toHaveLength(1);
    expect(include[0]).toMatchObject({ topology, server: ["tls-optional"], client: ["basic-ftp"] });
    expect(include[0]?.mode).toHaveLength(7);
  });

  it("include the further networks, each by its name", () => {
    const { include } = loadScenario(join(root, "scenarios/networks.yaml"), names);
    expect(names.topologies.further).toContain("hairpin");
    expect([...(include[0]?.topology ?? [])].sort()).toEqual([...names.topologies.further].sort());
  });

  it("include a smoke test of 24 cells", () => {
    const { include } = loadScenario(join(root, "scenarios/smoke.yaml"), names);
    const cells = include.map((axes) => Object.values(axes).reduce((product, ids) => product * ids.length, 1));
    expect(cells).toEqual([18, 6]);
  });
});
