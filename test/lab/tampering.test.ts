import { predict } from "../../harness/plan/predict/predict";
import type { Lab } from "../../harness/lab/lab";
import { resolveClient } from "../../harness/catalog/clients/registry";
import type { MatrixReport } from "../../harness/model/report";
import type { RouterNode, Topology } from "../../harness/model/topology";
import { routersOf, withoutHelpers } from "../../harness/model/network";
import { catalog, choose, runCells } from "../support/lab-run";

jest.setTimeout(120_000);

const cellsOf = (topology: string) => choose([`${topology}/tls-optional/basic-ftp/*/*/list`]);

/** Ids of the cells whose prediction differs between two networks. */
function predictedDifferently(id: string, change: (topology: Topology) => Topology): string[] {
  const topology = catalog.topologies.get(id);
  const server = catalog.profiles.get("tls-optional");
  const client = resolveClient("basic-ftp")?.options;
  if (topology === undefined || server === undefined || client === undefined) throw new Error(`no topology ${id}`);
  return cellsOf(id)
    .filter(({ cell, expected }) => {
      const changed = predict(cell, { topology: change(topology), server, client });
      return ["result", "stage", "cause"].some(
        (key) => changed[key as keyof typeof changed] !== expected[key as keyof typeof expected],
      );
    })
    .map(({ cell }) => cell.id);
}

function idsWith(report: MatrixReport, outcome: string): string[] {
  return report.cells.filter((cell) => cell.outcome === outcome).map((cell) => cell.id);
}

async function onRouter(lab: Lab, script: string): Promise<void> {
  for (const router of routersOf(lab.topology)) await lab.routerShell(router).run("rules", script);
}

describe("a lab that somebody changes by hand", () => {
  test("without the CT --helper rule exactly the cells that need the helper are unexpected", async () => {
    const report = await runCells(cellsOf("server-nat-helper"), {
      beforeCells: (lab) => onRouter(lab, "iptables -t raw -D PREROUTING -p tcp --dport 21 -j CT --helper ftp"),
    });
    const wanted = predictedDifferently("server-nat-helper", withoutHelpers);
    expect(wanted.length).toBeGreaterThan(0);
    expect(idsWith(report, "unexpected")).toEqual(wanted);
    expect(report.summary.outcomes.expected).toBe(report.summary.total - wanted.length);
  });

  test("without the DNAT rule of the passive range exactly the passive cells are unexpected", async () => {
    const withoutRange = (topology: Topology): Topology => ({
      ...topology,
      nodes: topology.nodes.map((node) => (node.kind === "router" ? withoutWideForwards(node) : node)),
    });
    const report = await runCells(cellsOf("server-nat-range"), {
      beforeCells: (lab) => onRouter(lab, "iptables-save -t nat | sed 's/,50000:50999//' | iptables-restore -T nat"),
    });
    const wanted = predictedDifferently("server-nat-range", withoutRange);
    expect(wanted.length).toBeGreaterThan(0);
    expect(idsWith(report, "unexpected")).toEqual(wanted);
  });

  test("without any DNAT rule every cell fails at control-connect", async () => {
    const report = await runCells(choose(["server-nat-range/tls-optional/basic-ftp/ftp*/*/list"]), {
      beforeCells: (lab) => onRouter(lab, "iptables -t nat -F PREROUTING"),
    });
    expect(new Set(report.cells.map((cell) => `${cell.outcome} ${cell.stage ?? ""}`))).toEqual(
      new Set(["unexpected control-connect"]),
    );
  });

  test("with ProFTPD stopped the cells are lab-errors and none has failed", async () => {
    const report = await runCells(cellsOf("firewall-range"), {
      beforeCells: async (lab) => {
        await lab.serverShell.run("server", "pid=$(cat /run/proftpd-lab.pid); kill -9 $pid; sleep 0.2");
      },
    });
    expect(report.summary.outcomes["lab-error"]).toBe(report.summary.total);
    expect(report.summary.results.failed).toBe(0);
    expect(report.cells[0]?.message).toContain("ProFTPD does not listen");
  });

  test("a path that bypasses the router fails its control and voids the lab", async () => {
    const { PatchPanel } = await import("../../harness/lab/patch-panel.ts");
    const interfaces = jest.spyOn(PatchPanel.prototype, "interfacesOf").mockResolvedValue(["outside", "secret"]);
    try {
      const report = await runCells(choose(["firewall/tls-optional/basic-ftp/ftp/port/list"]));
      expect(report.controls.find((control) => control.name === "no-bypass")?.outcome).toBe("failed");
      expect(report.summary.outcomes["lab-error"]).toBe(1);
    } finally {
      interfaces.mockRestore();
    }
  });

  test("with a wire that is cut while cells run no verdict is given", async () => {
    const standing: Lab[] = [];
    const report = await runCells(cellsOf("server-nat-helper"), {
      beforeCells: (lab) => {
        standing.push(lab);
        return Promise.resolve();
      },
      onEvent: ({ kind }) => {
        if (kind !== "cell-started") return;
        for (const lab of standing.splice(0)) void onRouter(lab, "ip link set internet down");
      },
    });
    expect(idsWith(report, "unexpected")).toEqual([]);
    expect(report.cells.find(({ outcome }) => outcome === "lab-error")?.message).toBe(
      "server-nat-helper: the interface router:internet is not up any more.",
    );
  });
});

function withoutWideForwards(router: RouterNode): RouterNode {
  const narrow = router.portForwards.map((forward) => ({
    ...forward,
    ports: forward.ports.filter((range) => range.first === range.last),
  }));
  return { ...router, portForwards: narrow };
}
