import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { Capture, CellEvidence } from "../../harness/model/evidence";
import { routersOf } from "../../harness/model/network";
import { choose, runCells } from "../support/lab-run";
import { tshark } from "../support/tshark";

jest.setTimeout(240_000);

const cells = {
  plain: "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list",
  secret: "server-nat-helper/tls-optional/basic-ftp/ftps/port/list",
  blocked: "server-nat-helper/tls-optional/basic-ftp/ftps/epsv/list",
  twoRouters: "double-nat-helper/tls-optional/basic-ftp/ftps-ccc/pasv/download",
};
let folder: string;

/** All side by side, so that what belongs to one has to be told apart from the others. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "packets-"));
  const report = await runCells(choose(Object.values(cells)), { folder });
  expect(report.cells.map(({ outcome }) => outcome)).toEqual(Object.values(cells).map(() => "expected"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function folderOf(cell: string): string {
  return join(folder, "cells", ...cell.split("/"));
}

function recorded(cell: string): CellEvidence {
  const { evidence, problems } = readRecording(folderOf(cell));
  expect(problems).toEqual([]);
  if (evidence === null) throw new Error(`no recording of ${cell}`);
  return evidence;
}

function linesAt({ captures }: CellEvidence, node: string, link: string, start: string): readonly string[] {
  const capture = captures.find((one) => one.node === node && one.link === link);
  return (capture?.packets ?? []).flatMap(({ text }) => (text?.startsWith(start) === true ? [text] : []));
}

function handshakes({ packets }: Capture): readonly string[] {
  return packets.filter(({ flags }) => flags.startsWith("SYN")).map(({ flags }) => flags);
}

describe("packets of a cell", () => {
  it("are kept from both sides of each NAT and from both ends, a file each and one of all", () => {
    const names = readdirSync(folderOf(cells.twoRouters)).filter((name) => name.endsWith(".pcapng"));
    const { captures } = recorded(cells.twoRouters);
    const points = captures.map(({ node, link }) => `${node}-${link}.pcapng`);
    expect(names.sort()).toEqual([...points, "merged.pcapng"].sort());
    expect(captures.map(({ node }) => node)).toEqual([
      "client",
      "client-router",
      "client-router",
      "server-router",
      "server-router",
      "server",
    ]);
    expect(captures.map(({ cut }) => cut)).toEqual(captures.map(() => null));
    // Control connection and one data connection for each of the three files.
    for (const capture of captures) expect(handshakes(capture)).toEqual(Array(4).fill(["SYN", "SYN,ACK"]).flat());
  });

  it("show what the router rewrote", () => {
    const evidence = recorded(cells.plain);
    const [sent] = linesAt(evidence, "server", "lan", "227 ");
    expect(sent).toContain("(192,168,10,10,");
    expect(linesAt(evidence, "router", "lan", "227 ")).toEqual([sent]);
    const [received] = linesAt(evidence, "client", "internet", "227 ");
    expect(received).toContain("(203,0,113,1,");
    expect(linesAt(evidence, "router", "internet", "227 ")).toEqual([received]);
  });

  it("show where a blocked connection's SYN ended", () => {
    const { captures } = recorded(cells.blocked);
    // The control connection's handshake everywhere; the data connection's SYN as far as the router's outer side, sent anew.
    const data = captures.map((capture) => handshakes(capture).slice(2));
    const tries = data[0]?.length ?? 0;
    expect(tries).toBeGreaterThan(0);
    expect(data).toEqual([Array(tries).fill("SYN"), Array(tries).fill("SYN"), [], []]);
  });
});

describe("Wireshark", () => {
  it("reads the commands of an FTPS session in clear, with the secrets in the merged file", async () => {
    const merged = readFileSync(join(folderOf(cells.secret), "merged.pcapng"));
    // On the wire they were not: the file holds them encrypted, and the key.
    expect(merged.includes("PASS lab-password")).toBe(false);
    const fields = ["ftp.request.command", "ftp.request.arg"];
    const lines = await tshark(
      merged,
      'tls && ftp.request.command && frame.interface_name == "client:internet"',
      fields,
    );
    const { attempt } = recorded(cells.secret);
    const sent = attempt.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ")[0]] : []));
    // AUTH itself goes in clear.
    expect(lines.map((line) => line.split("\t")[0])).toEqual(sent.slice(sent.indexOf("AUTH") + 1));
    expect(lines).toContain("PASS\tlab-password");
  });

  it("reads the data of an FTPS session in clear, at a single vantage point", async () => {
    const capture = readFileSync(join(folderOf(cells.secret), "server-lan.pcapng"));
    const lines = await tshark(
      capture,
      "tls.app_data && tcp.dstport >= 61000 || tls.app_data && tcp.srcport >= 61000",
      ["tls.segment.data", "data.data"],
    );
    const shown = Buffer.from(lines.join("").replace(/[^0-9a-f]/g, ""), "hex").toString("latin1");
    expect(shown).toContain("32768-bytes.bin");
  });
});

test("a packet that is no SYN is told with the rule or policy that dropped it", async () => {
  const cell = "firewall-range/tls-optional/basic-ftp/ftp/pasv/list";
  await runCells(choose([cell]), {
    folder,
    beforeCells: async (lab) => {
      for (const router of routersOf(lab.topology)) {
        await lab.routerShell(router).run("rules", "iptables -D FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT");
      }
    },
  });
  const { attempt, routers } = recorded(cell);
  expect(attempt).toMatchObject({ result: "failed", stage: "control-connect" });
  const [first] = routers[0]?.dropped ?? [];
  expect(first).toMatchObject({ flags: "SYN ACK", arrived: { source: "198.51.100.10", sourcePort: 21 } });
  expect(first?.steps.at(-1)).toMatchObject({ table: "filter", chain: "FORWARD", rule: null, verdict: "DROP" });
});
