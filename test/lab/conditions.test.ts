import { connectEngine } from "../../harness/lab/engine";
import type { RunEvent } from "../../harness/model/events";
import type { KernelFeature } from "../../harness/plan/needs";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(120_000);

/** Verdicts are stated here by hand, apart from the prediction. */
const verdicts = [
  ["server-nat-helper+helper-227-only/tls-optional/basic-ftp/ftp/pasv/list", "worked", null],
  [
    "server-nat-helper+helper-227-only/tls-optional/basic-ftp/ftp/epsv/list",
    "data-connect",
    "helper-does-not-know-line",
  ],
  [
    "client-egress-helper+helper-nft+port-2121/tls-optional/basic-ftp/ftp/epsv/list",
    "data-connect",
    "helper-not-on-port",
  ],
  ["firewall-range+mtu-1280-silent/tls-optional/basic-ftp/ftp/epsv/list", "worked", null],
  ["firewall-range+mtu-1280-silent/tls-optional/basic-ftp/ftps/epsv/list", "auth-tls", "path-mtu-black-hole"],
  ["direct+server-firewall/tls-optional/basic-ftp/ftp/epsv/list", "data-connect", "server-host-firewall"],
  ["direct+server-firewall/tls-optional/basic-ftp/ftp/port/list", "worked", null],
  ["direct+client-firewall/tls-optional/basic-ftp/ftp/epsv/list", "worked", null],
  ["direct+client-firewall/tls-optional/basic-ftp/ftp/port/list", "data-connect", "client-host-firewall"],
] as const;

test("conditions are true of the labs that are built of them", async () => {
  const { cells, controls } = await runCells(verdicts.flatMap(([id]) => choose([id])));
  expect(cells.map(({ id, result, stage, cause }) => [id, stage ?? result, cause])).toEqual(verdicts);
  expect(controls.filter(({ outcome }) => outcome === "failed")).toEqual([]);
});

test("a kernel is known to have what it has, and cells that need what it lacks are skipped with a notice", async () => {
  const events: RunEvent[] = [];
  const planned = choose(["server-nat-helper+delay-100ms/tls-optional/basic-ftp/ftp/pasv/list"]);
  const { cells } = await runCells(planned, { onEvent: (event) => events.push(event) });
  const told = events.some((event) => event.kind === "notice" && event.text.includes("no sch_netem"));
  const lacks = cells[0]?.outcome === "skipped";
  expect(told).toBe(lacks);
  expect(cells[0]).toMatchObject(
    lacks ? { result: "not-run", message: "needs: sch_netem" } : { result: "worked", outcome: "expected" },
  );
});

test("what no kernel has is found to be lacking", async () => {
  const { PatchPanel } = await import("../../harness/lab/patch-panel.ts");
  const { ensureImages } = await import("../../harness/lab/images.ts");
  const { findLackingFeature, trials } = await import("../../harness/lab/kernel-features.ts");
  const engine = await connectEngine();
  const images = await ensureImages(engine, ["router"], () => undefined);
  const panel = await PatchPanel.start(engine, images.router, "conditions-test");
  try {
    const made = { ...trials, sch_netem: "tc qdisc add dev one root no_such_queue" };
    const needed: readonly KernelFeature[] = ["sch_tbf", "sch_netem"];
    expect(await findLackingFeature(panel, needed, made)).toBe("sch_netem");
    expect(await findLackingFeature(panel, [])).toBeNull();
    expect(await findLackingFeature(panel, ["tun"], { ...trials, tun: "false" })).toBe("tun");
    expect(await panel.tryDevice("/dev/no-such-device", "true")).toBe(false);
  } finally {
    await panel.stop();
  }
});
