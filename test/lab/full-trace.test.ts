import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecording } from "../../harness/evidence/recording/parse-recording";
import { flowKey, reversed } from "../../harness/evidence/timeline/flow";
import type { Lab } from "../../harness/lab/lab";
import type { CellEvidence, TracedPacket } from "../../harness/model/evidence";
import { inNetworkOf, onRouters } from "../support/faults/staging";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(120_000);

/** Runs cells of one lab side by side, in which every node is traced and something is broken, and gives what was recorded. */
async function recorded(
  cells: readonly string[],
  breakLab: (lab: Lab) => Promise<void>,
): Promise<readonly CellEvidence[]> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-trace-"));
  try {
    await runCells(choose(cells), { trace: "everything", beforeCells: breakLab, folder });
    return await Promise.all(
      cells.map(async (cell) => {
        const text = await readFile(join(folder, "cells", ...cell.split("/"), "evidence.json"), "utf8");
        const { evidence, problems } = parseRecording(text);
        if (evidence === null) throw new Error("nothing was recorded");
        expect(problems).toEqual([]);
        // iptables-legacy tells no rules.
        expect(evidence.missing.filter(({ collector }) => collector !== "router-trace")).toEqual([]);
        return evidence;
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where each SYN to these ports ended, once each; with the rule that decided, where one is told. */
function fates(packets: readonly TracedPacket[] | undefined, isData: boolean): readonly string[] {
  const mine = (packets ?? []).filter(({ arrived }) => arrived.destinationPort >= 1024 === isData);
  return [
    ...new Set(
      mine.map(({ end, steps }) => {
        const drop = steps.find(({ verdict }) => verdict === "DROP");
        return drop === undefined ? String(end) : `${String(end)}: ${String(drop.rule)}`;
      }),
    ),
  ];
}

test("a packet that the server's own host drops is followed through every node to that rule", async () => {
  const rule = "INPUT -p tcp -m tcp --dport 50000:50999 -j DROP";
  const [evidence] = await recorded(
    ["firewall-range/tls-optional/basic-ftp/ftp/epsv/list"],
    inNetworkOf("server", `iptables -A ${rule}`),
  );
  expect(evidence?.attempt.stage).toBe("data-connect");
  const [client, server] = evidence?.hosts ?? [];
  const [router] = evidence?.routers ?? [];
  expect([client?.packets, router?.packets, server?.packets].map((packets) => fates(packets, false))).toEqual([
    ["left"],
    ["left"],
    ["delivered"],
  ]);
  expect([client?.packets, router?.packets, server?.packets].map((packets) => fates(packets, true))).toEqual([
    ["left"],
    ["left"],
    [`input: -A ${rule}`],
  ]);
  expect(server?.rules).toContain(rule);
  expect(evidence?.facts?.map(({ node }) => node).toSorted()).toEqual(["client", "router", "server"]);
});

test("behind NAPT each session has its own of what the server's host saw, and what iptables-legacy drops has its place", async () => {
  const evidence = await recorded(
    ["ftp/epsv/list", "ftps/epsv/list"].map((cell) => `client-nat+iptables-legacy/tls-optional/basic-ftp/${cell}`),
    onRouters("iptables-legacy -I FORWARD 1 -p tcp --dport 50000:50999 -j DROP"),
  );
  for (const { routers, hosts = [] } of evidence) {
    const [router] = routers;
    const [client, server] = hosts;
    const beyond = new Set(router?.connections.map(({ reply }) => flowKey(reversed(reply))));
    expect(server?.packets.map(({ arrived }) => beyond.has(flowKey(arrived)))).toContain(true);
    expect(server?.packets.map(({ arrived }) => beyond.has(flowKey(arrived)))).not.toContain(false);
    expect([client, router].map((seen) => fates(seen?.packets, true))).toEqual([["left"], ["forward"]]);
    expect([fates(router?.packets, false), fates(server?.packets, true)]).toEqual([["left"], []]);
  }
});

test("of many sessions at once none lacks a packet, and each that worked has all of its own delivered", async () => {
  const cells = choose(
    ["ftp/pasv", "ftp/epsv", "ftps/pasv", "ftps/epsv"].map(
      (cell) => `client-nat-helper/tls-optional/basic-ftp/${cell}/*`,
    ),
  ).map(({ cell }) => cell.id);
  expect(cells).toHaveLength(12);
  for (const { missing, routers, hosts = [], attempt } of await recorded(cells, () => Promise.resolve())) {
    expect([missing, attempt.result]).toEqual([[], "worked"]);
    const [client, server] = hosts;
    const syns = routers[0]?.packets.length;
    expect([client?.packets.length, server?.packets.length]).toEqual([syns, syns]);
    expect([client, routers[0], server].map((seen) => new Set(seen?.packets.map(({ end }) => end)))).toEqual([
      new Set(["left"]),
      new Set(["left"]),
      new Set(["delivered"]),
    ]);
  }
});
