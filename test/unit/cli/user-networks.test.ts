import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namedCells, type CellChoice } from "../../../harness/cli/cell-choice";
import { selectCells } from "../../../harness/cli/select-cells";
import { noUserFiles } from "../../../harness/cli/user-files";
import { interfaceOf } from "../../../harness/model/network";
import { catalog } from "../../support/lab-run";

const base = mkdtempSync(join(tmpdir(), "own-networks-"));
const folder = join(base, "My Net");
mkdirSync(join(folder, "rules"), { recursive: true });
mkdirSync(join(folder, "server"));
const files: Readonly<Record<string, string>> = {
  "network.yaml": `title: At home
description: A router of somebody's own.
family: ipv4
dial: 203.0.113.1
nodes:
  pc: { role: client }
  box: { role: router, rules-files: [rules/box.v4] }
  nas: { role: server, gateway: 192.168.1.1, passive-ports: 50000-50100 }
links:
  net: { subnet: 203.0.113.0/24, addresses: { pc: 203.0.113.32-203.0.113.40, box: 203.0.113.1 }, interfaces: { box: pppoe-wan } }
  home: { subnet: 192.168.1.0/24, addresses: { box: 192.168.1.1, nas: 192.168.1.5 }, interfaces: { box: br-lan } }
`,
  "rules/box.v4": `*nat
-A PREROUTING -i pppoe-wan -p tcp --dport 21 -j DNAT --to-destination 192.168.1.5
-A POSTROUTING -o pppoe-wan -j MASQUERADE
COMMIT
`,
  "server.yaml": "title: Mine\ndescription: As it runs there.\nconfig-files: [server/proftpd.conf]\n",
  "server/proftpd.conf": "PassivePorts 50000 50100\n",
};
for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
const alone = join(base, "alone.yaml");
cpSync(join(folder, "network.yaml"), alone);
mkdirSync(join(base, "rules"));
cpSync(join(folder, "rules/box.v4"), join(base, "rules/box.v4"));
const several = join(base, "two.yaml");
writeFileSync(
  several,
  (files["network.yaml"] ?? "")
    .replace("  box:", "  tv: { role: client, position: lan, gateway: 192.168.1.1 }\n  box:")
    .replace("nas: 192.168.1.5 }", "nas: 192.168.1.5, tv: 192.168.1.32-192.168.1.40 }"),
);
afterAll(() => {
  rmSync(base, { recursive: true });
});

function select(choice: Partial<CellChoice>) {
  return selectCells({ ...namedCells([]), ...choice }, noUserFiles, catalog);
}

const few = { mode: ["ftp"], data: ["epsv"], operation: ["list"] };

describe("a folder with a network of a user's own", () => {
  it("gives cells of that network and of its server", () => {
    const selection = select({ sources: [folder], facets: few });
    expect(selection.planned.map(({ cell }) => cell.id)).toEqual(["my-net/my-net-server/basic-ftp/ftp/epsv/list"]);
    expect(selection.networks).toEqual({ "my-net": folder });
    expect(selection.userProfiles.map(({ id, userConfig }) => [id, userConfig?.file])).toEqual([
      ["my-net-server", join(folder, "server/proftpd.conf")],
    ]);
    const topology = selection.catalog.topologies.get("my-net");
    expect(topology && interfaceOf(topology, "box", "net")).toBe("pppoe-wan");
  });

  it("may be narrowed, widened and given conditions by facets", () => {
    const ids = (facets: CellChoice["facets"]): readonly string[] =>
      select({ sources: [folder], facets: { ...few, ...facets } }).planned.map(({ cell }) => cell.id);
    expect(ids({ client: ["curl"], server: ["tls-optional"] })).toEqual(["my-net/tls-optional/curl/ftp/epsv/list"]);
    expect(ids({ topology: ["my-net+rate-1mbit"] })).toEqual([
      "my-net+rate-1mbit/my-net-server/basic-ftp/ftp/epsv/list",
    ]);
  });

  it("runs its scenario, with what that expects", () => {
    const scenario = join(folder, "scenario.yaml");
    writeFileSync(
      scenario,
      `name: mine
description: What is known of it.
include: [{ topology: [my-net], server: [my-net-server], mode: [ftp, ftps], data: [epsv], operation: [list] }]
expect: [{ cells: "*/*/*/ftps/*/*", result: failed, stage: data-connect, cause: helper-blind-to-tls, reason: It was seen. }]
`,
    );
    try {
      const { planned, scenarios } = select({ sources: [folder] });
      expect(planned.map(({ expected }) => expected.cause)).toEqual([null, "helper-blind-to-tls"]);
      expect(scenarios.map(({ file }) => file)).toEqual([scenario]);
      expect(select({ sources: [folder], facets: { mode: ["ftps"] } }).planned).toHaveLength(1);
    } finally {
      rmSync(scenario);
    }
  });

  it("is what its file stands for, also where a cell is named", () => {
    const cell = "my-net/my-net-server/basic-ftp/ftp/epsv/list";
    for (const path of [folder, join(folder, "network.yaml")]) {
      expect(select({ sources: [cell], networks: [path] }).planned.map((one) => one.cell.id)).toEqual([cell]);
    }
    const other = cell.replace("my-net/", "nobodys-net/");
    expect(() => select({ sources: [other], networks: [folder] })).toThrow("unknown topology `nobodys-net`");
  });

  it("may say what its rules name in vain, as at home", () => {
    const rules = files["rules/box.v4"] ?? "";
    const network = files["network.yaml"] ?? "";
    writeFileSync(join(folder, "rules/box.v4"), rules.replace("-i pppoe-wan -p tcp", "-d 203.0.113.99/32 -p tcp"));
    try {
      expect(() => select({ sources: [folder] })).toThrow(/box\.v4:2: the address 203\.0\.113\.99/);
      const told = network.replace("rules-files:", "absent: [203.0.113.99], rules-files:");
      writeFileSync(join(folder, "network.yaml"), told);
      const notice = jest.spyOn(process.stderr, "write").mockReturnValue(true);
      expect(select({ sources: [folder], facets: few }).planned).toHaveLength(1);
      expect(notice.mock.calls.join("\n")).toMatch(/box\.v4:2: no node has 203\.0\.113\.99/);
      notice.mockRestore();
      writeFileSync(join(folder, "network.yaml"), told.replace(", rules-files: [rules/box.v4]", ""));
      expect(() => select({ sources: [folder] })).toThrow("network.yaml:7:24: expected `rules` or `rules-files` too");
    } finally {
      writeFileSync(join(folder, "rules/box.v4"), rules);
      writeFileSync(join(folder, "network.yaml"), network);
    }
  });

  it("leaves the core matrix as it is", () => {
    const core = select({ facets: few }).planned.length;
    expect(select({ facets: few, networks: [folder] }).planned).toHaveLength(core);
  });
});

describe("a topology file of a user's own", () => {
  it("is an id of --topology, with conditions after it", () => {
    const ids = (word: string): readonly string[] =>
      select({ facets: { ...few, topology: [word] } }).planned.map(({ cell }) => cell.topology);
    expect(ids(alone)).toEqual(["alone"]);
    expect(ids(`${alone}+rate-1mbit`)).toEqual(["alone+rate-1mbit"]);
    expect(ids("topologies/direct.yaml")).toEqual(["direct"]);
  });
});

describe("what is no network", () => {
  const taken = join(base, "direct");
  mkdirSync(taken);
  cpSync(alone, join(taken, "network.yaml"));
  cpSync(join(base, "rules"), join(taken, "rules"), { recursive: true });
  const odd = join(base, "123");
  cpSync(taken, odd, { recursive: true });

  it.each([
    ["a folder without one", base, /has no network\.yaml/],
    ["a folder with the name of one of the project's", taken, /there is a network direct already/],
    ["a folder whose name has no letter", odd, /has no letter with which an id could begin/],
    ["a folder that is not there", join(base, "none"), /is neither a command, .*a folder with a network/],
  ])("is told: %s", (_, source, message) => {
    expect(() => select({ sources: [source] })).toThrow(message);
  });

  it("is told with every place in its files", () => {
    writeFileSync(join(folder, "rules/box.v4"), "*nat\n-A POSTROUTING -o eth7 -j MASQUERADE\n");
    try {
      expect(() => select({ sources: [folder] })).toThrow(
        /network\.yaml:7:38: `rules\/box\.v4` has a table \*nat without its COMMIT \(line 1\)/,
      );
      writeFileSync(join(folder, "rules/box.v4"), "*nat\n-A POSTROUTING -o eth7 -j MASQUERADE\nCOMMIT\n");
      expect(() => select({ sources: [folder] })).toThrow(/box\.v4:2: the interface eth7, the outer side at home/);
    } finally {
      writeFileSync(join(folder, "rules/box.v4"), files["rules/box.v4"] ?? "");
    }
  });
});

describe("a network of a user's own with several clients", () => {
  const idsOf = (topology: readonly string[]): readonly string[] =>
    select({ facets: { ...few, topology } }).planned.map(({ cell }) => cell.id);
  const rest = "tls-optional/basic-ftp/ftp/epsv/list";

  it.each([
    [several, [`two@pc/${rest}`, `two@lan/${rest}`]],
    [`${several}@lan`, [`two@lan/${rest}`]],
    [`${several}@lan+rate-1mbit`, [`two@lan+rate-1mbit/${rest}`]],
  ])("gives cells of all positions, or of the one that is named: %s", (word, ids) => {
    expect(idsOf([word])).toEqual(ids);
  });

  it("is known by its id without a position", () => {
    expect(select({ facets: { ...few, topology: [`${several}@lan`] } }).networks).toEqual({ two: several });
    expect(select({ sources: [`two@lan/${rest}`], networks: [several] }).planned).toHaveLength(1);
  });

  it("tells which positions there are where a wrong one is named", () => {
    expect(() => idsOf([`${several}@wan`])).toThrow("`two` has no position `wan`; expected pc or lan");
  });
});
