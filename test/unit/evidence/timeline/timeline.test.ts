import type { LineEntry, PacketEntry, Timeline, TimelineEntry } from "../../../../harness/model/timeline";
import { timelineOf } from "../../../../harness/evidence/timeline/timeline";
import { recordedSession, recordedSessions } from "../../../support/recorded-sessions";

type Kind = TimelineEntry["kind"];

function entries<Wanted extends Kind>(
  { entries: all }: Timeline,
  kind: Wanted,
): readonly Extract<TimelineEntry, { kind: Wanted }>[] {
  return all.filter((entry): entry is Extract<TimelineEntry, { kind: Wanted }> => entry.kind === kind);
}

function packetsTo(timeline: Timeline, port: number): readonly PacketEntry[] {
  return entries(timeline, "packet").filter(({ hops }) => hops[0]?.flow.destinationPort === port);
}

function lineThat(timeline: Timeline, words: RegExp): LineEntry {
  const found = entries(timeline, "line").find(({ sent, received }) => words.test(sent ?? received ?? ""));
  if (found === undefined) throw new Error(`no line ${String(words)}`);
  return found;
}

const hopsOf = ({ hops }: PacketEntry): readonly string[] =>
  hops.map(({ node, link, direction }) => `${node}:${link} ${direction}`);

describe.each(recordedSessions)("the timeline of the recorded session %s", (name) => {
  const timeline = timelineOf(recordedSession(name));

  it("is short enough to read and in order", () => {
    expect(timeline.entries.length).toBeLessThanOrEqual(150);
    const times = timeline.entries.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it("is JSON", () => {
    expect(JSON.parse(JSON.stringify(timeline))).toEqual(timeline);
  });

  it("loses nothing but the SYNs that a router dropped", () => {
    const lost = entries(timeline, "packet").filter(({ lostAt }) => lostAt !== null);
    const drops = entries(timeline, "decision").filter(({ verdict }) => verdict === "DROP");
    expect(lost.map(({ flags, lostAt, retransmissions }) => [flags, lostAt, retransmissions + 1])).toEqual(
      drops.length === 0 ? [] : [["SYN", "router", drops.length]],
    );
  });

  it("tells of no packet that a router made", () => {
    expect(entries(timeline, "packet").filter(({ from }) => from === "router")).toEqual([]);
  });
});

describe("a 227 that a router rewrites", () => {
  const timeline = timelineOf(recordedSession("227-rewritten"));

  it("is one line with both forms and the router's name", () => {
    const { sent, received, rewrittenBy, encrypted } = lineThat(timeline, /^227/);
    expect(sent).toMatch(/^227 .*\(192,168,10,10,/);
    expect(received).toMatch(/^227 .*\(203,0,113,1,/);
    expect(rewrittenBy).toEqual(["router"]);
    expect(encrypted).toBe(false);
  });

  it("is one packet that looks different on the router's two sides", () => {
    const packet = entries(timeline, "packet").find(({ hops }) => hops[0]?.text?.startsWith("227"));
    expect(packet === undefined ? [] : hopsOf(packet)).toEqual([
      "server:lan out",
      "router:lan in",
      "router:internet out",
      "client:internet in",
    ]);
    expect(new Set(packet?.hops.map(({ text }) => text)).size).toBe(2);
  });

  it("moves the sequence numbers behind it, and every later packet is still one", () => {
    const late = entries(timeline, "packet").filter(
      ({ connection, from, atMs }) =>
        connection === "control" && from === "server" && atMs > lineThat(timeline, /^227/).atMs,
    );
    expect(late.length).toBeGreaterThan(3);
    expect(late.map(({ hops }) => hops.length)).toEqual(late.map(() => 4));
  });

  it("comes before the expectation, and the expectation before the connection that it is for", () => {
    const places = [
      timeline.entries.findIndex((entry) => entry.kind === "packet" && entry.hops[0]?.text?.startsWith("227") === true),
      timeline.entries.findIndex((entry) => entry.kind === "expectation" && entry.change === "made"),
      timeline.entries.findIndex((entry) => entry.kind === "packet" && entry.connection === "data"),
    ];
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it("lets the router's decision tell where the connection leads", () => {
    const decision = entries(timeline, "decision").at(-1);
    expect(decision).toMatchObject({ place: "filter:FORWARD", verdict: "ACCEPT" });
    expect(decision?.rule).toContain("RELATED");
    expect(decision?.arrived.destination).toBe("203.0.113.1");
    expect(decision?.left?.destination).toBe("192.168.10.10");
  });
});

describe("a 229 that no router can read", () => {
  const timeline = timelineOf(recordedSession("229-unread"));

  it("is a line inside TLS that nobody changed", () => {
    expect(lineThat(timeline, /^229/)).toMatchObject({ encrypted: true, rewrittenBy: [] });
  });

  it("shows AUTH in clear and what follows it inside TLS", () => {
    expect(lineThat(timeline, /^AUTH TLS$/).encrypted).toBe(false);
    expect(lineThat(timeline, /^234 /).encrypted).toBe(false);
    expect(lineThat(timeline, /^USER /).encrypted).toBe(true);
  });

  it("leaves the SYN, sent twice, at the router, whose policy decides each of them", () => {
    const [syn, ...others] = entries(timeline, "packet").filter(({ connection }) => connection === "data");
    expect(others).toEqual([]);
    expect(syn).toMatchObject({ from: "client", flags: "SYN", lostAt: "router", retransmissions: 1 });
    const drops = entries(timeline, "decision").filter(({ verdict }) => verdict === "DROP");
    expect(drops.map(({ place, rule, left }) => [place, rule, left])).toEqual([
      ["filter:INPUT", null, null],
      ["filter:INPUT", null, null],
    ]);
    expect((drops[1]?.atMs ?? 0) - (drops[0]?.atMs ?? 0)).toBeGreaterThan(900);
  });

  it("marks the stage that failed and no other", () => {
    const failed = entries(timeline, "stage").filter((entry) => entry.failed);
    expect(failed.map(({ stage }) => stage)).toEqual(["data-connect"]);
  });
});

describe("an EPRT through two routers", () => {
  const timeline = timelineOf(recordedSession("eprt-through-two-routers"));

  it("has the lanes of all four nodes", () => {
    expect(timeline.lanes.map(({ node, kind }) => `${kind} ${node}`)).toEqual([
      "client client",
      "router client-router",
      "router server-router",
      "server server",
    ]);
  });

  it("is rewritten by the client's router alone", () => {
    expect(lineThat(timeline, /^EPRT/).rewrittenBy).toEqual(["client-router"]);
  });

  it("brings the server's SYN through both, under other addresses on each link", () => {
    const syn = entries(timeline, "packet").find(({ connection, flags }) => connection === "data" && flags === "SYN");
    expect(syn === undefined ? [] : hopsOf(syn)).toEqual([
      "server:server-lan out",
      "server-router:server-lan in",
      "server-router:internet out",
      "client-router:internet in",
      "client-router:client-lan out",
      "client:client-lan in",
    ]);
    expect(new Set(syn?.hops.map(({ flow }) => `${flow.source} ${flow.destination}`)).size).toBe(3);
    expect(syn?.from).toBe("server");
  });

  it("is inside TLS before CCC and in clear after it", () => {
    expect(lineThat(timeline, /^CCC$/).encrypted).toBe(true);
    expect(lineThat(timeline, /^200 Clearing/).encrypted).toBe(true);
    expect(lineThat(timeline, /^NOOP$/).encrypted).toBe(false);
  });
});

describe("a download without routers", () => {
  const timeline = timelineOf(recordedSession("download"));

  it("tells 64 kB as one run with every byte in it", () => {
    const data = entries(timeline, "packet").filter(
      ({ connection, from }) => connection === "data" && from === "server",
    );
    expect(data.reduce((sum, { length }) => sum + length, 0)).toBe(65_537);
    expect(Math.max(...data.map(({ segments }) => segments))).toBeGreaterThan(3);
  });

  it("tells the three data connections from the control connection", () => {
    const syns = entries(timeline, "packet").filter(({ flags }) => flags === "SYN");
    expect(syns.map(({ connection }) => connection)).toEqual(["control", "data", "data", "data"]);
    expect(packetsTo(timeline, 21).every(({ connection }) => connection === "control")).toBe(true);
  });
});

describe("a timeline of less than everything", () => {
  const whole = recordedSession("227-rewritten");

  it("has the dialogue and the decisions of a session without packets, and says that there are none", () => {
    const timeline = timelineOf({ ...whole, captures: [] });
    expect(entries(timeline, "packet")).toEqual([]);
    expect(entries(timeline, "decision").map(({ arrived }) => arrived.destinationPort)).toEqual([
      21,
      expect.any(Number),
    ]);
    expect(lineThat(timeline, /^227/).rewrittenBy).toEqual(["router"]);
    expect(timeline.notes).toContain("No packets were captured.");
    expect(timeline.lanes.map(({ node }) => node)).toEqual(["client", "router", "server"]);
  });

  it("leaves a decision out that nothing gives a time, with a note", () => {
    const routers = whole.routers.map((router) => ({ ...router, connections: [] }));
    const timeline = timelineOf({ ...whole, routers, captures: [] });
    expect(entries(timeline, "decision")).toEqual([]);
    expect(timeline.notes.filter((note) => note.includes("left out"))).toHaveLength(2);
  });

  it("claims no loss where the next vantage point was not heard, or not to its end", () => {
    const blocked = recordedSession("229-unread");
    const lossesWith = (captures: typeof blocked.captures): readonly (string | null)[] =>
      entries(timelineOf({ ...blocked, captures }), "packet").flatMap(({ lostAt }) => lostAt ?? []);
    expect(lossesWith(blocked.captures)).toEqual(["router"]);
    expect(lossesWith(blocked.captures.filter(({ link, node }) => node !== "router" || link === "internet"))).toEqual(
      [],
    );
    expect(
      lossesWith(blocked.captures.map((one) => ({ ...one, cut: one.link === "lan" ? "it is cut" : null }))),
    ).toEqual([]);
  });

  it("matches packets by their SYN's number where no connection table is there", () => {
    const routers = whole.routers.map((router) => ({ ...router, connections: [] }));
    const timeline = timelineOf({ ...whole, routers });
    const syns = entries(timeline, "packet").filter(({ flags }) => flags === "SYN");
    expect(syns.map(({ hops }) => hops.length)).toEqual([4, 4]);
  });

  it("knows of a recording without the session's start only the client's times", () => {
    const timeline = timelineOf({ ...whole, attempt: { ...whole.attempt, startedAt: 0 } });
    expect(Math.max(...timeline.entries.map(({ atMs }) => atMs))).toBeLessThan(60_000);
    expect(timeline.notes).toContain("When the session began is not recorded, so only the client's times are known.");
  });

  it("keeps what tells most when a recording holds more than anybody reads", () => {
    const lines = Array.from({ length: 900 }, (_, index) => ({
      atMs: index / 1000,
      direction: "*" as const,
      text: "again",
    }));
    const timeline = timelineOf({
      ...whole,
      attempt: { ...whole.attempt, transcript: [...whole.attempt.transcript, ...lines] },
    });
    expect(timeline.entries).toHaveLength(400);
    expect(entries(timeline, "decision")).toHaveLength(2);
    expect(lineThat(timeline, /^227/).rewrittenBy).toEqual(["router"]);
    expect(timeline.notes.at(-1)).toMatch(/^Entries left out, .*: \d+\.$/);
  });

  it("tells a command before its packet, though the client's clock is a little late", () => {
    const transcript = whole.attempt.transcript.map((line) =>
      line.text === "PASV" ? { ...line, atMs: line.atMs + 0.4 } : line,
    );
    const { entries: all } = timelineOf({ ...whole, attempt: { ...whole.attempt, transcript } });
    const line = all.findIndex((entry) => entry.kind === "line" && entry.sent === "PASV");
    const packet = all.findIndex((entry) => entry.kind === "packet" && entry.hops[0]?.text === "PASV");
    expect(line).not.toBe(-1);
    expect(line).toBeLessThan(packet);
  });

  it("leaves out what an earlier try of the cell sent, but not the sessions that chance made void", () => {
    const captures = whole.captures.map((capture) => ({
      ...capture,
      packets: [
        ...capture.packets.map((packet) => ({
          ...packet,
          at: packet.at - 60,
          sequence: (packet.sequence + 7_777) >>> 0,
        })),
        ...capture.packets,
      ],
    }));
    const syns = (redraws: number): number =>
      entries(timelineOf({ ...whole, captures, attempt: { ...whole.attempt, redraws } }), "packet").filter(
        ({ flags }) => flags === "SYN",
      ).length;
    expect(syns(0)).toBe(2);
    expect(syns(1)).toBe(4);
    expect(timelineOf({ ...whole, captures }).notes.join()).toMatch(/sessions before this one are not shown: \d+/);
  });
});
