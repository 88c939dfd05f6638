import type { SiteFiles } from "../../../harness/lab/lab-port";
import { dataCommands, modes, stages } from "../../../harness/model/axes";
import type { Cell } from "../../../harness/model/cell";
import type { SessionRequest } from "../../../harness/model/agent-protocol";
import { planLab } from "../../../harness/plan/lab-plan";
import { account } from "../../../harness/model/ftp-site";
import { deadlinesOf, sessionRequest } from "../../../harness/run/session-request";
import { makeCell } from "../../support/cells";
import { topologyNamed } from "../../support/inputs";

const files: SiteFiles = {
  list: [{ name: "0-bytes.bin", size: 0 }],
  download: [{ name: "1-bytes.bin", size: 1, sha256: "f00d" }],
};

function requestFor(axes: Partial<Omit<Cell, "id">> = {}): SessionRequest {
  const cell = makeCell(axes);
  return sessionRequest(cell, {
    topology: topologyNamed(cell.topology),
    options: { foreignAddress: "trust", resumeSession: false },
    files,
    ca: "the CA",
    localAddress: "203.0.113.77",
    user: "lab45",
    sessionId: "s12",
  });
}

describe("the deadlines of a session", () => {
  it("are given for every stage, and are positive", () => {
    for (const data of dataCommands) {
      const deadlines = deadlinesOf(data, topologyNamed("direct"));
      expect(Object.keys(deadlines)).toEqual(stages);
      expect(Object.values(deadlines).every((ms) => ms > 0)).toBe(true);
    }
  });

  it.each([
    ["pasv", 2_000],
    ["epsv", 2_000],
    ["port", 8_000],
    ["eprt", 8_000],
  ] as const)("leave %s its time to connect: %i ms", (data, expected) => {
    expect(deadlinesOf(data, topologyNamed("direct"))["data-connect"]).toBe(expected);
  });

  it("outlast the server's own verdict in active mode: two SYNs at 0 and 1 s, given up after 3 s", () => {
    const server = planLab(topologyNamed("direct")).find(({ role }) => role === "server");
    const retries = Number(server?.sysctls["net.ipv4.tcp_syn_retries"]);
    const serverGivesUpMs = 1_000 * (2 ** (retries + 1) - 1);
    expect(serverGivesUpMs).toBe(3_000);
    expect(deadlinesOf("port", topologyNamed("direct"))["data-connect"]).toBeGreaterThan(serverGivesUpMs);
  });

  it("give the client a second SYN before it gives up", () => {
    for (const stage of ["control-connect", "data-connect"] as const) {
      expect(deadlinesOf("pasv", topologyNamed("direct"))[stage]).toBeGreaterThan(1_000);
    }
  });
});

describe("a session's request", () => {
  it("carries the cell, the address and login name of its own and what the client is to do", () => {
    expect(requestFor({ mode: "ftps-ccc", data: "eprt" })).toMatchObject({
      kind: "session",
      id: "s12",
      mode: "ftps-ccc",
      data: "eprt",
      host: "ftp.example.net",
      family: 4,
      localAddress: "203.0.113.77",
      user: "lab45",
      password: account.password,
      ca: "the CA",
      options: { foreignAddress: "trust", resumeSession: false },
      deadlines: deadlinesOf("eprt", topologyNamed("direct")),
    });
  });

  it("dials 990 for implicit TLS and 21 for all else", () => {
    const ports = modes.map((mode) => [mode, requestFor({ mode }).port]);
    expect(ports).toEqual(modes.map((mode) => [mode, mode === "ftps-implicit" ? 990 : 21]));
  });

  it("is of the topology's family", () => {
    expect(requestFor({ topology: "ipv6-firewall", data: "epsv" }).family).toBe(6);
  });

  it("names for a listing what lies on the server", () => {
    const { folder, files: asked } = requestFor({ operation: "list" });
    expect({ folder, asked }).toEqual({ folder: "/list", asked: files.list });
  });

  it("names for a download what to fetch, and keeps the hashes from the client", () => {
    const { folder, files: asked } = requestFor({ operation: "download" });
    expect({ folder, asked }).toEqual({ folder: "/download", asked: [{ name: "1-bytes.bin", size: 1 }] });
  });

  it("names for an upload files that no other session writes: empty, one byte, and more than a segment and a record", () => {
    const { folder, files: asked } = requestFor({ operation: "upload" });
    expect(folder).toBe("/upload");
    expect(asked).toEqual([
      { name: "s12-0.bin", size: 0 },
      { name: "s12-1.bin", size: 1 },
      { name: "s12-32768.bin", size: 32768 },
    ]);
  });

  it("could be written as one line of JSON", () => {
    const request = requestFor();
    expect(JSON.parse(JSON.stringify(request))).toEqual(request);
  });
});
