import { NetworkCatalog } from "../../../../harness/catalog/conditions/network-catalog";
import { applyConditions, conditions } from "../../../../harness/catalog/conditions/registry";
import { routersOf, serverOf } from "../../../../harness/model/network";
import { topologies, topologyNamed } from "../../../support/inputs";

const networks = new NetworkCatalog(topologies);

describe("a topology's id with conditions", () => {
  it("is a network in which they are true, and the file's own stays as it is", () => {
    const changed = networks.get("firewall+reject+idle-timeout-1s");
    expect(changed?.id).toBe("firewall+reject+idle-timeout-1s");
    expect(routersOf(changed ?? topologyNamed("direct"))).toMatchObject([
      { filter: { input: "reject", forward: "reject" }, make: { idleTimeoutS: 1 } },
    ]);
    expect(networks.get("firewall")).toBe(topologyNamed("firewall"));
    expect(networks.files()).toEqual(topologies);
  });

  it("is one id, with the conditions in the order in which they are listed", () => {
    expect(networks.has("firewall+idle-timeout-1s+reject")).toBe(false);
    expect(applyConditions(topologyNamed("firewall"), ["idle-timeout-1s", "reject"])).toMatchObject({
      id: "firewall+reject+idle-timeout-1s",
    });
  });

  it.each([
    ["direct", ["reject"], "`reject` has no meaning in direct, which has no router"],
    ["firewall", ["helper-nft"], "`helper-nft` has no meaning in firewall, which has no FTP helper"],
    ["firewall", ["drop", "reject"], "`drop` and `reject` exclude each other: both are about the filter verdict"],
    ["firewall", ["rejct"], "there is no condition `rejct`"],
  ])("is refused with a reason: %s+%j", (id, words, problem) => {
    expect(applyConditions(topologyNamed(id), words)).toEqual({ problem });
    expect(networks.get([id, ...words].join("+"))).toBeUndefined();
  });

  it("refuses a filter's verdict where nothing is filtered", () => {
    const open = applyConditions(topologyNamed("firewall"), []);
    if ("problem" in open) throw new Error(open.problem);
    const nodes = open.nodes.map((node) =>
      node.kind === "router"
        ? { ...node, filter: { ...node.filter, input: "accept", forward: "accept" } as const }
        : node,
    );
    expect(applyConditions({ ...open, nodes }, ["reject"])).toEqual({
      problem: "`reject` has no meaning in firewall, which filters nothing",
    });
  });
});

describe("the control port's conditions", () => {
  it("move the server, its forwards and what is allowed, and not the helper", () => {
    const moved = networks.get("server-nat-helper+port-2121") ?? topologyNamed("direct");
    expect(serverOf(moved).controlPort).toBe(2121);
    const [router] = routersOf(moved);
    expect(router?.helperPorts).toEqual([21]);
    const ports = [...(router?.portForwards ?? []), ...(router?.filter.allow ?? [])].flatMap(
      (rule) => rule.ports ?? [],
    );
    expect(ports.map(({ first }) => first)).toEqual([2121, 990, 2121, 990]);
  });

  it("attach the helper too where that is asked for", () => {
    expect(routersOf(networks.get("server-nat-helper+port-2121-helper") ?? topologyNamed("direct"))).toMatchObject([
      { helperPorts: [21, 2121] },
    ]);
  });
});

describe("the list of conditions", () => {
  it("leaves no condition without an effect somewhere", () => {
    const inert = conditions.filter(({ apply }) =>
      topologies.every((topology) => {
        const applied = apply(topology);
        return "problem" in applied || JSON.stringify(applied) === JSON.stringify(topology);
      }),
    );
    // The project's own filters drop already.
    expect(inert.map(({ id }) => id)).toEqual(["drop"]);
  });
});
