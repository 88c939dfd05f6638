import { readServerLogs } from "../../../../harness/catalog/servers/registry";
import { assembleEvidence, type LabTexts, type SessionRecord } from "../../../../harness/evidence/recording/assemble";
import type { CellEvidence, FlowTuple, RouterEvidence } from "../../../../harness/model/evidence";
import { makeAttempt } from "../../../support/attempts";
import { makeCell } from "../../../support/cells";
import { labRecording, type LabRecording } from "../../../support/lab-recordings";
import { gap } from "../../../support/evidence";

/** `203.0.113.33:38937 > 203.0.113.1:21`. */
function words({ source, sourcePort, destination, destinationPort }: FlowTuple): string {
  return `${source}:${sourcePort} > ${destination}:${destinationPort}`;
}

/** Each of them once, in the order of the first. */
function once(flows: readonly FlowTuple[]): readonly string[] {
  return [...new Set(flows.map(words))];
}

/** What a router saw of a session, in short: its SYNs, its connections, and what its helper expected for it. */
function seenBy({ router, packets, connections, expectations }: RouterEvidence): object {
  return {
    router,
    syns: once(packets.map(({ arrived }) => arrived)),
    connections: once(connections.map(({ original }) => original)),
    expected: [...new Set(expectations.map(({ destination, port }) => `${destination}:${port}`))],
  };
}

function seenOf(evidence: readonly CellEvidence[]): Readonly<Record<string, readonly object[]>> {
  return Object.fromEntries(evidence.map(({ cell, routers }, index) => [nameOf(cell, index), routers.map(seenBy)]));
}

function nameOf({ mode, data }: CellEvidence["cell"], index: number): string {
  return `lab${index + 1} ${mode} ${data}`;
}

function assemble({ sessions, texts }: LabRecording): readonly CellEvidence[] {
  return evidenceOf(sessions, texts);
}

function evidenceOf(sessions: readonly SessionRecord[], texts: LabTexts): readonly CellEvidence[] {
  return assembleEvidence(sessions, texts, readServerLogs).map(({ evidence }) => evidence);
}

/** The recording with other texts of its routers. */
function withRouters({ sessions, texts }: LabRecording, routers: LabTexts["routers"]): LabRecording {
  return { sessions, texts: { ...texts, routers } };
}

const oneRouter = labRecording("server-nat-helper");
const noHelper = labRecording("client-nat");
const ipv6 = labRecording("ipv6-firewall-helper");
const twoRouters = labRecording("double-nat-helper");
const sharedPort = labRecording("double-nat-helper-shared-port");

describe("what a session's routers saw", () => {
  it("is told apart by the client's address, and a server's own connection by the port announced", () => {
    expect(seenOf(assemble(oneRouter))).toEqual({
      "lab1 ftp pasv": [
        {
          router: "router",
          syns: ["203.0.113.33:38937 > 203.0.113.1:21", "203.0.113.33:35975 > 203.0.113.1:50100"],
          connections: ["203.0.113.33:38937 > 203.0.113.1:21", "203.0.113.33:35975 > 203.0.113.1:50100"],
          expected: ["203.0.113.1:50100"],
        },
      ],
      // The data connection is dropped in INPUT: it never gets into the connection table.
      "lab2 ftps epsv": [
        {
          router: "router",
          syns: ["203.0.113.34:43205 > 203.0.113.1:21", "203.0.113.34:40613 > 203.0.113.1:50965"],
          connections: ["203.0.113.34:43205 > 203.0.113.1:21"],
          expected: [],
        },
      ],
      "lab3 ftps-ccc port": [
        {
          router: "router",
          syns: ["203.0.113.35:46451 > 203.0.113.1:21", "192.168.10.10:46825 > 203.0.113.35:61000"],
          connections: ["203.0.113.35:46451 > 203.0.113.1:21", "192.168.10.10:46825 > 203.0.113.35:61000"],
          expected: ["203.0.113.35:61000"],
        },
      ],
    });
  });

  it("has the server's SYNs to a shared address with whoever announced their port, blocked as they are", () => {
    expect(seenOf(assemble(noHelper))).toEqual({
      "lab1 ftp port": [
        {
          router: "router",
          syns: ["192.168.20.33:38567 > 203.0.113.10:21", "203.0.113.10:44093 > 203.0.113.1:61000"],
          connections: ["192.168.20.33:38567 > 203.0.113.10:21"],
          expected: [],
        },
      ],
      "lab2 ftp port": [
        {
          router: "router",
          syns: ["192.168.20.34:45541 > 203.0.113.10:21", "203.0.113.10:41353 > 203.0.113.1:61001"],
          connections: ["192.168.20.34:45541 > 203.0.113.10:21"],
          expected: [],
        },
      ],
      "lab3 ftps pasv": [
        {
          router: "router",
          syns: ["192.168.20.35:38337 > 203.0.113.10:21", "192.168.20.35:33591 > 203.0.113.10:50295"],
          connections: ["192.168.20.35:38337 > 203.0.113.10:21", "192.168.20.35:33591 > 203.0.113.10:50295"],
          expected: [],
        },
      ],
    });
  });

  it.each([
    ["a NAT without a helper", noHelper],
    ["a helper", oneRouter],
    ["two helpers", twoRouters],
  ])("has the server's SYNs also of a client that does not show what it announced, past %s", (_, recording) => {
    const silent = recording.sessions.map((session) => {
      const transcript = session.attempt.transcript.map((line) => ({
        ...line,
        text: line.text.replace(/^PORT .*/, "PORT"),
      }));
      return { ...session, attempt: { ...session.attempt, transcript } };
    });
    expect(silent).not.toEqual(recording.sessions);
    expect(seenOf(evidenceOf(silent, recording.texts))).toEqual(seenOf(assemble(recording)));
  });

  it("has every repetition of a SYN that nobody answers", () => {
    const [first] = assemble(noHelper);
    const repeated = first?.routers[0]?.packets.filter(({ arrived }) => arrived.destinationPort === 61000);
    expect(repeated?.map(({ arrived }) => words(arrived))).toEqual(
      Array.from({ length: 3 }, () => "203.0.113.10:44093 > 203.0.113.1:61000"),
    );
  });

  it("has no connection whose end alone was seen: its address was another session's before", () => {
    const last = "[DESTROY] tcp      6 src=203.0.113.33 dst=203.0.113.1 sport=44112 dport=21 src=192.168.10.10";
    const line = `[1795346363.900000]\t${last} dst=203.0.113.33 sport=21 dport=44112 [ASSURED]\n`;
    const late = oneRouter.texts.routers.map((texts) => ({ ...texts, connections: texts.connections + line }));
    expect(assemble(withRouters(oneRouter, late))).toEqual(assemble(oneRouter));
    const own = late.map((texts) => ({ ...texts, connections: line.replace("[DESTROY]", "[UPDATE] 60 FIN_WAIT") }));
    expect(assemble(withRouters(oneRouter, own))[0]?.routers[0]?.connections).toHaveLength(1);
  });

  it("is told apart over IPv6, where EPRT announces the port", () => {
    const router = "router";
    expect(seenOf(assemble(ipv6))).toEqual({
      "lab1 ftp eprt": [
        {
          router,
          syns: ["2001:db8:1::1:1:42623 > 2001:db8:2::10:21", "2001:db8:2::10:37799 > 2001:db8:1::1:1:61000"],
          connections: ["2001:db8:1::1:1:42623 > 2001:db8:2::10:21", "2001:db8:2::10:37799 > 2001:db8:1::1:1:61000"],
          expected: ["2001:db8:1::1:1:61000"],
        },
      ],
      "lab2 ftp eprt": [
        {
          router,
          syns: ["2001:db8:1::1:2:37827 > 2001:db8:2::10:21", "2001:db8:2::10:36863 > 2001:db8:1::1:2:61001"],
          connections: ["2001:db8:1::1:2:37827 > 2001:db8:2::10:21", "2001:db8:2::10:36863 > 2001:db8:1::1:2:61001"],
          expected: ["2001:db8:1::1:2:61001"],
        },
      ],
      "lab3 ftps epsv": [
        {
          router,
          syns: ["2001:db8:1::1:3:44791 > 2001:db8:2::10:21", "2001:db8:1::1:3:44663 > 2001:db8:2::10:50000"],
          connections: ["2001:db8:1::1:3:44791 > 2001:db8:2::10:21"],
          expected: [],
        },
      ],
    });
  });

  it("is followed through masquerade to the second router", () => {
    expect(seenOf(assemble(twoRouters))).toEqual({
      "lab1 ftp port": [
        {
          router: "client-router",
          syns: ["192.168.20.33:43905 > 203.0.113.1:21", "203.0.113.1:37793 > 203.0.113.2:61000"],
          connections: ["192.168.20.33:43905 > 203.0.113.1:21", "203.0.113.1:37793 > 203.0.113.2:61000"],
          expected: ["203.0.113.2:61000"],
        },
        {
          router: "server-router",
          syns: ["203.0.113.2:43905 > 203.0.113.1:21", "192.168.10.10:37793 > 203.0.113.2:61000"],
          connections: ["203.0.113.2:43905 > 203.0.113.1:21", "192.168.10.10:37793 > 203.0.113.2:61000"],
          expected: ["203.0.113.2:61000"],
        },
      ],
      // The second router drops the data connection: only the first one knows it.
      "lab2 ftps epsv": [
        {
          router: "client-router",
          syns: ["192.168.20.34:35603 > 203.0.113.1:21", "192.168.20.34:45125 > 203.0.113.1:50558"],
          connections: ["192.168.20.34:35603 > 203.0.113.1:21", "192.168.20.34:45125 > 203.0.113.1:50558"],
          expected: [],
        },
        {
          router: "server-router",
          syns: ["203.0.113.2:35603 > 203.0.113.1:21", "203.0.113.2:45125 > 203.0.113.1:50558"],
          connections: ["203.0.113.2:35603 > 203.0.113.1:21"],
          expected: [],
        },
      ],
      "lab3 ftp pasv": [
        {
          router: "client-router",
          syns: ["192.168.20.35:38095 > 203.0.113.1:21", "192.168.20.35:33637 > 203.0.113.1:50996"],
          connections: ["192.168.20.35:38095 > 203.0.113.1:21", "192.168.20.35:33637 > 203.0.113.1:50996"],
          expected: ["203.0.113.1:50996"],
        },
        {
          router: "server-router",
          syns: ["203.0.113.2:38095 > 203.0.113.1:21", "203.0.113.2:33637 > 203.0.113.1:50996"],
          connections: ["203.0.113.2:38095 > 203.0.113.1:21", "203.0.113.2:33637 > 203.0.113.1:50996"],
          expected: ["203.0.113.1:50996"],
        },
      ],
    });
  });

  it("is the same whichever sessions it is told apart from, and in whichever order", () => {
    for (const { sessions, texts } of [oneRouter, noHelper, ipv6, twoRouters]) {
      const together = evidenceOf(sessions, texts);
      expect(sessions.flatMap((session) => evidenceOf([session], texts))).toEqual(together);
      expect(evidenceOf([...sessions].reverse(), texts)).toEqual([...together].reverse());
    }
  });

  it("has each router's rules as they were, for every session", () => {
    const rules = twoRouters.texts.routers.map((router) => router.rules);
    for (const { routers } of assemble(twoRouters)) expect(routers.map((router) => router.rules)).toEqual(rules);
  });
});

/** What each router's sessions have of its texts; a value that two sessions have stands there twice. */
function claimed(recording: LabRecording): readonly (readonly string[])[] {
  const evidence = assemble(recording);
  return recording.texts.routers.map((_, index) =>
    evidence.flatMap(({ routers }) => {
      const router = routers[index];
      if (router === undefined) return [];
      // A SYN that is repeated is one sender's.
      const syns = once(router.packets.map(({ arrived }) => arrived)).map((flow) => `SYN ${flow}`);
      const events = [...router.connections, ...router.expectations].map((event) => JSON.stringify(event));
      return [...syns, ...events];
    }),
  );
}

describe("a line of a router's texts", () => {
  it.each([
    ["server-nat-helper", oneRouter],
    ["client-nat", noHelper],
    ["ipv6-firewall-helper", ipv6],
    ["double-nat-helper", twoRouters],
  ])("belongs to at most one session: %s", (_, recording) => {
    for (const lines of claimed(recording)) {
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    }
  });

  it.each([
    ["server-nat-helper", oneRouter, "203.0.113.32"],
    ["client-nat", noHelper, "192.168.20.32"],
    ["ipv6-firewall-helper", ipv6, "2001:db8:1::1:0"],
  ])("belongs to some session, but for the harness's own probe: %s", (_, recording, prober) => {
    const { sessions, texts } = recording;
    const probe: SessionRecord = { cell: makeCell(), attempt: makeAttempt(), localAddress: prober, user: "lab0" };
    const everybody = evidenceOf([...sessions, probe], texts).flatMap(({ routers }) => routers);
    const count = (of: (router: RouterEvidence) => number): number => everybody.reduce((sum, one) => sum + of(one), 0);
    const [{ connections, trace, expectations } = { connections: "", trace: "", expectations: "" }] = texts.routers;
    expect(count((router) => router.connections.length)).toBe([...connections.matchAll(/\ttcp|\] tcp/g)].length);
    expect(count((router) => router.expectations.length)).toBe([...expectations.matchAll(/proto=6/g)].length);
    expect(count((router) => router.packets.length)).toBe(new Set(trace.match(/^PACKET: \d+ \w+/gm)).size);
  });

  // 42137 is free for two connections at a time as long as they go to different ports (nf_nat_used_tuple).
  it("belongs to one session also where masquerade gave two sessions the same port", () => {
    const atServer = assemble(sharedPort).map(({ routers }) => routers.slice(1).map(seenBy));
    const control = ["203.0.113.2:42137 > 203.0.113.1:21", "203.0.113.2:33399 > 203.0.113.1:21"] as const;
    const data = ["203.0.113.2:41015 > 203.0.113.1:50444", "203.0.113.2:42137 > 203.0.113.1:50449"] as const;
    const flows = [0, 1].map((index) => [control[index], data[index]]);
    expect(atServer).toEqual([
      [{ router: "server-router", syns: flows[0], connections: flows[0], expected: ["203.0.113.1:50444"] }],
      [{ router: "server-router", syns: flows[1], connections: flows[1], expected: ["203.0.113.1:50449"] }],
    ]);
    for (const lines of claimed(sharedPort)) {
      expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    }
  });
});

describe("a router's text that is missing", () => {
  const [client, server] = twoRouters.texts.routers;
  if (client === undefined || server === undefined) throw new Error("the recording has two routers");
  const complete = assemble(twoRouters);

  it("takes nothing from what the router before it saw", () => {
    const alone = assemble(withRouters(twoRouters, [client]));
    expect(alone.map(({ routers }) => routers)).toEqual(complete.map(({ routers }) => routers.slice(0, 1)));
  });

  it("does not give one session what the next router saw of another", () => {
    const alone = withRouters(twoRouters, [server]);
    const [lines = []] = claimed(alone);
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    for (const [index, { routers }] of assemble(alone).entries()) {
      const before = complete[index]?.routers[1];
      for (const { packets, connections, expectations } of routers) {
        expect(before?.packets).toEqual(expect.arrayContaining([...packets]));
        expect(before?.connections).toEqual(expect.arrayContaining([...connections]));
        expect(before?.expectations).toEqual(expect.arrayContaining([...expectations]));
      }
    }
  });

  it("leaves the server's own SYN to be found at the next router", () => {
    const [first] = assemble(withRouters(twoRouters, [server]));
    expect(first?.routers.map(({ packets }) => packets.map(({ arrived }) => words(arrived)))).toEqual([
      ["192.168.10.10:37793 > 203.0.113.2:61000"],
    ]);
  });

  it("makes the next router's events uncertain where its whole witness failed", () => {
    const { sessions, texts } = withRouters(twoRouters, [server]);
    const lost = gap("router", "client-router");
    const evidence = evidenceOf(sessions, { ...texts, missing: [lost] });
    expect(evidence.length).toBeGreaterThan(0);
    for (const { missing } of evidence) {
      expect(missing).toMatchObject([lost, { collector: "router-events", node: "server-router" }]);
    }
  });

  it.each(["trace", "expectations", "rules"] as const)("is that of its own: %s", (which) => {
    const cut = assemble(withRouters(twoRouters, [{ ...client, [which]: "" }, server]));
    expect(cut.map(({ routers }) => routers[1])).toEqual(complete.map(({ routers }) => routers[1]));
    const key = which === "trace" ? "packets" : which;
    const first = cut.map(({ routers }) => routers[0]);
    expect(first).toEqual(complete.map(({ routers }) => ({ ...routers[0], [key]: which === "rules" ? "" : [] })));
  });

  it("leaves the server's dialogue and what the client told as they are", () => {
    const bare = assemble(withRouters(twoRouters, []));
    expect(bare.map(({ server: seen, attempt }) => ({ seen, attempt }))).toEqual(
      complete.map(({ server: seen, attempt }) => ({ seen, attempt })),
    );
  });
});

/** Commands that the server logged for each session. */
function commandsOf(evidence: readonly CellEvidence[]): readonly (string | undefined)[] {
  return evidence.map(({ server }) => server?.exchanges.map(({ command }) => command).join(", "));
}

describe("what the server saw of a session", () => {
  it("is the dialogue of its own login name, with the replies", () => {
    expect(commandsOf(assemble(oneRouter))).toEqual([
      "USER lab1, PASS (hidden), FEAT, TYPE I, PASV, MLSD /list, QUIT",
      "AUTH TLS, USER lab2, PASS (hidden), FEAT, TYPE I, PBSZ 0, PROT P, EPSV, QUIT",
      "AUTH TLS, USER lab3, PASS (hidden), FEAT, TYPE I, PBSZ 0, PROT P, CCC, NOOP, PORT 203,0,113,35,238,72, MLSD /list, QUIT",
    ]);
    const [first] = assemble(oneRouter);
    // The reply as the server gave it, before the helper changed the address.
    expect(first?.server?.exchanges[4]).toEqual({
      at: 1795346363.27,
      command: "PASV",
      replyCode: 227,
      reply: "Entering Passive Mode (192,168,10,10,195,180).",
    });
  });

  it("has the address by which the server knows the client", () => {
    const peers = [oneRouter, noHelper, twoRouters].map((recording) =>
      assemble(recording).map(({ server }) => server?.peer),
    );
    expect(peers).toEqual([
      ["203.0.113.33", "203.0.113.34", "203.0.113.35"],
      ["203.0.113.1", "203.0.113.1", "203.0.113.1"],
      ["203.0.113.2", "203.0.113.2", "203.0.113.2"],
    ]);
  });

  it("is found behind masquerade as well, with the PORT that the helpers made of the client's", () => {
    expect(commandsOf(assemble(twoRouters))[0]).toContain("USER lab1, ");
    expect(commandsOf(assemble(twoRouters))[0]).toContain("PORT 203,0,113,2,238,72");
  });

  it("has the TLS log's lines of its own", () => {
    expect(assemble(noHelper).map(({ server }) => server?.tlsLog)).toEqual([
      [],
      [],
      [
        "TLS/TLS-C requested, starting TLS handshake",
        "TLSv1.3 connection accepted, using cipher TLS_AES_256_GCM_SHA384 (256 bits)",
        "Protection set to Private",
        "TLSv1.3 data connection accepted, using cipher TLS_AES_256_GCM_SHA384 (256 bits, resumed session)",
      ],
    ]);
    const byServer = assemble(oneRouter).map(({ server }) => server?.tlsLog.length);
    expect(byServer).toEqual([0, 3, 6]);
  });

  it("has the configuration in force", () => {
    for (const { server } of assemble(oneRouter)) {
      expect(server?.configuration).toBe(oneRouter.texts.servers[0]?.configuration);
    }
  });

  it("is of the last session, where a name was used by several in turn", () => {
    const { sessions, texts } = oneRouter;
    const [logs] = texts.servers;
    if (logs === undefined) throw new Error("the recording has the server's logs");
    const { dialogue, tlsLog } = logs;
    // The name's second session: as the first, under the process id of its own, and without the last command.
    const again = (text: string): string => text.replace(/\t39\t/g, "\t77\t").replace(/\[39\]/g, "[77]");
    const shortened = dialogue.replace(/^.*\t39\t.*QUIT.*\n/m, "");
    const twice = { ...logs, dialogue: dialogue + again(shortened), tlsLog: tlsLog + again(tlsLog) };
    const [, seen] = evidenceOf(sessions, { ...texts, servers: [twice] });
    expect(commandsOf(seen === undefined ? [] : [seen])).toEqual([
      "AUTH TLS, USER lab2, PASS (hidden), FEAT, TYPE I, PBSZ 0, PROT P, EPSV",
    ]);
    expect(seen?.server?.tlsLog).toHaveLength(3);
  });

  it("is that of the server that the session came to, where there are several, and of the others only what it met", () => {
    const { sessions, texts } = oneRouter;
    const [all] = texts.servers;
    if (all === undefined) throw new Error("the recording has the server's logs");
    // The second session was another server's.
    const only = (node: string, keeps: (line: string) => boolean) => {
      const dialogue = all.dialogue.split("\n").filter(keeps).join("\n");
      return { ...all, node, dialogue, configuration: `ServerName ${node}` };
    };
    const second = (line: string): boolean => line.includes("\t39\t");
    const servers = [only("server-1", (line) => !second(line)), only("server-2", second)];
    const captures = ["client", "server-1", "server-2"].map((node) => ({
      node,
      pcap: new Uint8Array(),
      interfaces: [{ index: 1, link: "lan", ends: ["client", "server-1", "server-2"] }],
      cut: null,
    }));
    const evidence = evidenceOf(sessions, { ...texts, servers, captures });
    expect(commandsOf(evidence)).toEqual(commandsOf(assemble(oneRouter)));
    expect(evidence.map(({ server }) => server?.configuration)).toEqual([
      "ServerName server-1",
      "ServerName server-2",
      "ServerName server-1",
    ]);
    expect(evidence.map((seen) => seen.captures.map(({ node }) => node))).toEqual([
      ["client", "server-1"],
      ["client", "server-2"],
      ["client", "server-1"],
    ]);
  });

  it("is nothing where its logs could not be read, which is then named in every session", () => {
    const missing = [gap("server-log")];
    const evidence = evidenceOf(oneRouter.sessions, { ...oneRouter.texts, servers: [], missing });
    expect(evidence.map(({ server, missing: named }) => ({ server, named }))).toEqual(
      oneRouter.sessions.map(() => ({ server: null, named: missing })),
    );
    expect(evidence.map(({ routers }) => routers)).toEqual(assemble(oneRouter).map(({ routers }) => routers));
  });

  it("is nothing where no session of that name reached it", () => {
    for (const user of ["lab99", "lab", "lab11"]) {
      const stranger: SessionRecord = { cell: makeCell(), attempt: makeAttempt(), localAddress: "203.0.113.99", user };
      expect(evidenceOf([stranger], oneRouter.texts)[0]?.server).toBeNull();
    }
  });
});

it("gives each session its cell and what the client told, in the order in which they were asked for", () => {
  const evidence = assemble(oneRouter);
  expect(evidence.map(({ cell, attempt }) => ({ cell, attempt }))).toEqual(
    oneRouter.sessions.map(({ cell, attempt }) => ({ cell, attempt })),
  );
  expect(new Set(evidence.map(({ schemaVersion }) => schemaVersion))).toEqual(new Set(["1.3"]));
  expect(evidenceOf([], oneRouter.texts)).toEqual([]);
});
