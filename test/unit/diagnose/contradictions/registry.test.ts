import { contradictionsOf } from "../../../../harness/diagnose/contradictions/registry";
import type {
  Capture,
  CellEvidence,
  RouterEvidence,
  SeenPacket,
  TracedPacket,
} from "../../../../harness/model/evidence";
import { recordedSession, recordedSessions, type RecordedSession } from "../../../support/recorded-sessions";
import { withAttempt, withRouterEvidence } from "../../../support/simulated-evidence";
import { gap } from "../../../support/evidence";

/** The evidence with what one vantage point saw changed. */
function withPackets(
  evidence: CellEvidence,
  point: string,
  change: (packets: readonly SeenPacket[]) => readonly SeenPacket[],
): CellEvidence {
  const captures = evidence.captures.map((capture) =>
    `${capture.node}:${capture.link}` === point ? { ...capture, packets: change(capture.packets) } : capture,
  );
  return { ...evidence, captures };
}

const without = (evidence: CellEvidence, point: string, drop: (packet: SeenPacket) => boolean): CellEvidence =>
  withPackets(evidence, point, (packets) => packets.filter((packet) => !drop(packet)));

const withTraces = (
  evidence: CellEvidence,
  change: (packets: readonly TracedPacket[]) => readonly TracedPacket[],
): CellEvidence => withRouterEvidence(evidence, ({ packets }) => ({ packets: change(packets) }));

const isData = ({ flow }: Pick<SeenPacket, "flow">): boolean => flow.sourcePort > 1023 && flow.destinationPort > 1023;
const isSyn = ({ flags }: SeenPacket): boolean => flags === "SYN";
const isDataSyn = (packet: SeenPacket): boolean => isSyn(packet) && isData(packet);

/** The deciding step of each trace with another verdict. */
const decided =
  (verdict: string) =>
  (packets: readonly TracedPacket[]): readonly TracedPacket[] =>
    packets.map((packet) => ({
      ...packet,
      steps: packet.steps.map((step) => (step.table === "filter" ? { ...step, verdict } : step)),
    }));

describe("witnesses that tell the truth", () => {
  it.each(recordedSessions)("do not contradict each other: %s", (name) => {
    expect(contradictionsOf(recordedSession(name))).toEqual([]);
  });
});

/** A recorded session, what is changed in it, and what must be said of that. */
type Lie = readonly [
  title: string,
  session: RecordedSession,
  change: (seen: CellEvidence) => CellEvidence,
  said: string | RegExp,
];

const lies: readonly Lie[] = [
  [
    "a control connection that no packet opened",
    "download",
    (seen) => without(seen, "client:internet", () => true),
    "The client says its control connection was opened, and no handshake passed its interface client:internet.",
  ],
  [
    "a control connection that was opened and is said to have failed",
    "download",
    (seen) =>
      withAttempt(seen, {
        result: "failed",
        stage: "control-connect",
        message: "Timeout (control socket) after 2000 ms",
        stages: [{ stage: "control-connect", startMs: 0, endMs: 2_000 }],
        transcript: [],
        transfers: [],
        durationMs: 2_000,
      }),
    "The client says its control connection was not opened, and its handshake passed its interface client:internet.",
  ],
  [
    "a data connection that no packet opened",
    "227-rewritten",
    (seen) => without(seen, "client:internet", isData),
    /^The client says its data connection to 203\.0\.113\.1:\d+ was opened, and no such handshake passed its interface client:internet\.$/,
  ],
  [
    "a data connection from the server that no packet opened",
    "eprt-through-two-routers",
    (seen) => without(seen, "client:client-lan", isData),
    /^The client says its data connection from 203\.0\.113\.1:\d+ was opened, and no such handshake/,
  ],
  [
    "a time-out of a data connection that was answered",
    "227-rewritten",
    (seen) => {
      const { flow } = seen.captures[0]!.packets.find(isDataSyn)!;
      const message = `Timeout when trying to open data connection to ${flow.destination}:${flow.destinationPort} after 2000 ms`;
      return withAttempt(seen, { result: "failed", stage: "data-connect", message, durationMs: 2_500 });
    },
    /^The client says 203\.0\.113\.1:\d+ did not answer, and its handshake passed its interface client:internet\.$/,
  ],
  [
    "a refusal that never came",
    "229-unread",
    (seen) => {
      const { flow } = seen.captures[0]!.packets.find(isDataSyn)!;
      return withAttempt(seen, { message: `connect ECONNREFUSED ${flow.destination}:${flow.destinationPort}` });
    },
    /^The client says 203\.0\.113\.1:\d+ refused it, and no refusal came to its interface client:internet\.$/,
  ],
  [
    "replies that did not come",
    "227-rewritten",
    (seen) => without(seen, "client:internet", ({ text }) => text === null || /^(211|220|331)/.test(text)),
    /^The client tells \d+ bytes of replies, and \d+ bytes of them passed its interface client:internet\.$/,
  ],
  [
    "another 227 than the packets brought",
    "227-rewritten",
    (seen) =>
      withPackets(seen, "client:internet", (packets) =>
        packets.map((packet) => ({
          ...packet,
          text: packet.text?.replace(/^227 .*/, "227 Entering Passive Mode (1,2,3,4,5,6).") ?? null,
        })),
      ),
    /^The client tells "227 Entering Passive Mode \(203,.*", and the packets at client:internet carry "227 Entering Passive Mode \(1,2,3,4,5,6\)\."\.$/,
  ],
  [
    "a log with another 227 than the server sent",
    "227-rewritten",
    (seen) => {
      const exchanges = seen.server!.exchanges.map((exchange) =>
        exchange.replyCode === 227 ? { ...exchange, reply: "Entering Passive Mode (203,0,113,1,195,81)." } : exchange,
      );
      return { ...seen, server: { ...seen.server!, exchanges } };
    },
    /^The server's log tells "227 Entering Passive Mode \(203,.*", and the packets at server:lan carry "227 .*\(192,/,
  ],
  [
    "more bytes of files than passed",
    "download",
    (seen) =>
      withAttempt(seen, {
        transfers: seen.attempt.transfers.map((transfer) => ({ ...transfer, size: transfer.size + 1 })),
      }),
    "The client says 65540 bytes of files were transferred, and 65537 bytes of data passed its interface client:internet.",
  ],
  [
    "fewer bytes of files than passed in clear",
    "download",
    (seen) => withAttempt(seen, { transfers: seen.attempt.transfers.slice(0, 2) }),
    "The client says 1 bytes of files were transferred, and 65537 bytes of data passed its interface client:internet.",
  ],
  [
    "a SYN that came to a router and met no rule",
    "229-unread",
    (seen) => withTraces(seen, (packets) => packets.filter(({ arrived }) => arrived.destinationPort === 21)),
    /^A SYN 203\.0\.113\.\d+:\d+ to 203\.0\.113\.1:\d+ came to router:internet, and no rule of router met it\.$/,
  ],
  [
    "a rule that met a SYN which did not come",
    "229-unread",
    (seen) => without(seen, "router:internet", isDataSyn),
    /^router says its rules met a SYN .*, and none came to router:internet\.$/,
  ],
  [
    "a SYN that a router let through and did not send on",
    "227-rewritten",
    (seen) => without(without(seen, "router:lan", isDataSyn), "server:lan", isDataSyn),
    /^router says it let the SYN .* through, and it did not leave by router:lan\.$/,
  ],
  [
    "a SYN that a router dropped and sent on",
    "227-rewritten",
    (seen) => withTraces(seen, decided("DROP")),
    /^router says it dropped the SYN .*:21, and it left by router:lan\.$/,
  ],
  [
    "a translation that is not the one of the connection table",
    "227-rewritten",
    (seen) =>
      withRouterEvidence(seen, ({ connections }) => ({
        connections: connections.map((event) =>
          event.original.destinationPort === 21
            ? { ...event, reply: { ...event.reply, source: "192.168.10.99" } }
            : event,
        ),
      })),
    /^router's connection table makes .*:21 into .*192\.168\.10\.99:21, and it left by router:lan as .*192\.168\.10\.10:21\.$/,
  ],
  [
    "an answer that conntrack saw and no link carried",
    "229-unread",
    (seen) =>
      withRouterEvidence(seen, ({ connections }) => {
        const [event] = connections;
        const original = { ...event!.original, sourcePort: 1, destinationPort: 2 };
        const reply = { ...event!.reply, sourcePort: 2, destinationPort: 1 };
        return { connections: [...connections, { ...event!, original, reply, replied: true }] };
      }),
    /^router's connection table has an answer to .*:1 to .*:2, and none came to its links\.$/,
  ],
  [
    "an answer that came and conntrack never saw",
    "227-rewritten",
    (seen) => {
      const later = withAttempt(seen, { durationMs: 5_000 });
      return withRouterEvidence(later, ({ connections }) => ({
        connections: connections.map((event) => ({ ...event, at: event.at + 3, replied: false })),
      }));
    },
    /^A SYN,ACK to .*:21 came to router, and its connection table has no answer\.$/,
  ],
  [
    "packets at the server that no router sent there",
    "227-rewritten",
    (seen) => without(seen, "router:lan", isData),
    /^A SYN 203\.0\.113\.\d+:\d+ to 192\.168\.10\.10:\d+ came to server:lan, and router:lan did not send it\.$/,
  ],
  [
    "a connection from end to end that no router passed",
    "ipv6-forward-dropped",
    (seen) => {
      const beside = seen.captures.map((capture): Capture => {
        const packets =
          capture.node === "router" ? capture.packets.filter((packet) => !isData(packet)) : capture.packets;
        return { ...capture, packets };
      });
      const [client] = beside;
      const strays = client!.packets.filter(isDataSyn).map((packet): SeenPacket => ({ ...packet, direction: "in" }));
      const captures = beside.map((capture) =>
        capture.node === "server" ? { ...capture, packets: [...capture.packets, ...strays] } : capture,
      );
      return { ...seen, captures };
    },
    /^A connection .* passed from end to end, but no router saw it\.$/,
  ],
  [
    "a log of a session that never came",
    "227-rewritten",
    (seen) => without(seen, "server:lan", () => true),
    "The server's log tells of a session, and no handshake of one passed its interface server:lan.",
  ],
  [
    "a session that worked and a log that confirms nothing",
    "227-rewritten",
    (seen) => ({
      ...seen,
      server: { ...seen.server!, exchanges: seen.server!.exchanges.filter(({ replyCode }) => replyCode !== 226) },
    }),
    "The client says that everything worked, and the server's log confirms no transfer.",
  ],
];

describe("witnesses of which one lies", () => {
  it.each(lies)("are caught: %s", (_title, session, change, said) => {
    const found = contradictionsOf(change(recordedSession(session)));
    expect(found).toContainEqual(typeof said === "string" ? said : expect.stringMatching(said));
  });

  it.each(lies)("say nothing while the packets of both ends may be incomplete: %s", (_title, session, change, said) => {
    const changed = change(recordedSession(session));
    const captures = changed.captures.map((capture) => ({ ...capture, cut: "it is cut at 64 MB" }));
    // The log and the client need no packets to disagree.
    const others = contradictionsOf({ ...changed, captures });
    expect(others).toEqual(typeof said === "string" && said.endsWith("confirms no transfer.") ? [said] : []);
  });

  it.each(lies)("say nothing when nobody knows what is missing: %s", (_title, session, change) => {
    expect(contradictionsOf({ ...change(recordedSession(session)), missing: [gap("packets")] })).toEqual([]);
  });

  it.each(lies)("say nothing without packets: %s", (_title, session, change) => {
    expect(contradictionsOf({ ...change(recordedSession(session)), captures: [] })).toEqual([]);
  });
});

describe("what is no contradiction", () => {
  const worked = recordedSession("227-rewritten");
  const blocked = recordedSession("229-unread");

  it("is a router's claim while its own witness is missing", () => {
    const changed = withTraces(worked, decided("DROP"));
    expect(contradictionsOf(changed)).not.toEqual([]);
    expect(contradictionsOf({ ...changed, missing: [gap("router-events", "router")] })).toEqual([]);
  });

  it("is a SYN that a filter let through and that ended behind it, as the trace itself says", () => {
    const silent = without(without(worked, "router:lan", isDataSyn), "server:lan", isDataSyn);
    const about = /let the SYN .* through/;
    const told = (seen: CellEvidence): readonly string[] => contradictionsOf(seen).filter((text) => about.test(text));
    const withEnd = (end: NonNullable<TracedPacket["end"]>): CellEvidence =>
      withTraces(silent, (packets) => packets.map((packet) => ({ ...packet, end })));
    expect(told(withEnd("left"))).not.toEqual([]);
    expect(told(withEnd("postrouting"))).toEqual([]);
  });

  it("is a way between the hosts that the topology has beside its routers", () => {
    const seen = recordedSession("ipv6-forward-dropped");
    const syns = seen.captures[0]!.packets.filter(isDataSyn);
    const beside = (link: string): CellEvidence => ({
      ...seen,
      captures: [
        ...seen.captures.map((capture) => ({
          ...capture,
          packets: capture.packets.filter((packet) => !isData(packet)),
        })),
        { node: "client", link, packets: syns, cut: null },
        {
          node: "server",
          link: "beside",
          packets: syns.map((packet) => ({ ...packet, direction: "in" as const })),
          cut: null,
        },
      ].toSorted((one, other) => order.indexOf(one.node) - order.indexOf(other.node)),
    });
    const order = ["client", "router", "server"];
    const told = (evidence: CellEvidence): readonly string[] =>
      contradictionsOf(evidence).filter((text) => text.includes("no router saw it"));
    expect(told(beside("elsewhere"))).toHaveLength(1);
    expect(told(beside("beside"))).toEqual([]);
  });

  it("is a trace that somebody's rules no longer ask for, or ask for too late", () => {
    const untraced = (rules: RouterEvidence["rules"]): CellEvidence =>
      withRouterEvidence(blocked, ({ packets }) => ({ packets: packets.slice(0, 1), rules }));
    const [{ rules }] = blocked.routers as readonly [RouterEvidence];
    expect(contradictionsOf(untraced(rules))).toHaveLength(1);
    expect(contradictionsOf(untraced(rules.replace(/^.*-j TRACE\n/m, "")))).toEqual([]);
    const later = rules.replace(/^(.*-j TRACE)$/m, "-A PREROUTING -p tcp -m tcp --dport 50000:50999 -j DROP\n$1");
    expect(contradictionsOf(untraced(later))).toEqual([]);
  });

  it("is an answer that comes when the client has just given up", () => {
    const syn = worked.captures[0]!.packets.find(isDataSyn)!;
    const target = `${syn.flow.destination}:${syn.flow.destinationPort}`;
    const givesUp = (afterMs: number): CellEvidence =>
      withAttempt(worked, {
        result: "failed",
        stage: "data-connect",
        message: `Timeout when trying to open data connection to ${target} after 2000 ms`,
        durationMs: (syn.at - worked.attempt.startedAt) * 1000 + afterMs,
      });
    expect(contradictionsOf(givesUp(150))).toEqual([]);
    expect(contradictionsOf(givesUp(300))).toHaveLength(1);
  });

  it("is a SYN,ACK that the client's own host kept from it", () => {
    const syn = worked.captures[0]!.packets.find(isDataSyn)!;
    const message = `Timeout when trying to open data connection to ${syn.flow.destination}:${syn.flow.destinationPort} after 2000 ms`;
    const unheard = without(
      worked,
      "client:internet",
      (packet) => isData(packet) && packet.direction === "out" && !isSyn(packet),
    );
    const transcript = worked.attempt.transcript.filter(({ direction }) => direction !== "*");
    const failed = { result: "failed", stage: "data-connect", message, durationMs: 3_000, transcript } as const;
    expect(contradictionsOf(withAttempt(unheard, failed))).toEqual([]);
    expect(contradictionsOf(withAttempt(worked, failed))).toHaveLength(1);
  });

  it("is more data than files where the client has sent PROT P by itself", () => {
    const { attempt, ...seen } = recordedSession("download");
    const transfers = attempt.transfers.slice(0, 2);
    const aboutFiles = (lines: typeof attempt.transcript): readonly string[] =>
      contradictionsOf({
        ...seen,
        attempt: { ...attempt, transfers, transcript: [...attempt.transcript, ...lines] },
      }).filter((sentence) => sentence.includes("bytes of files"));
    expect(aboutFiles([])).toHaveLength(1);
    expect(aboutFiles([{ atMs: 1, direction: ">", text: "PROT P" }])).toEqual([]);
  });

  it("is the files that a failed upload was to send", () => {
    const seen = recordedSession("download");
    const transfers = seen.attempt.transfers.map((transfer) => ({ ...transfer, size: transfer.size + 1 }));
    const failed = withAttempt(seen, { result: "failed", stage: "completion", transfers });
    const ofFiles = (evidence: CellEvidence): readonly string[] =>
      contradictionsOf(evidence).filter((sentence) => sentence.includes("bytes of files"));
    expect(ofFiles(failed)).toHaveLength(1);
    expect(ofFiles({ ...failed, cell: { ...failed.cell, operation: "upload" } })).toEqual([]);
  });

  it("is a program's word on a session in which it connected more than once", () => {
    const seen = without(recordedSession("download"), "client:internet", isData);
    const again = (packets: readonly SeenPacket[]): readonly SeenPacket[] =>
      packets.flatMap((packet) => {
        const { flow } = packet;
        if (isData(packet)) return [packet];
        const isForth = flow.destinationPort === 21;
        const other = isForth ? { ...flow, sourcePort: 2 } : { ...flow, destinationPort: 2 };
        return [packet, { ...packet, flow: other }];
      });
    const twice = withPackets(seen, "client:internet", again);
    expect(contradictionsOf(seen)).not.toEqual([]);
    expect(contradictionsOf(twice)).toEqual([]);
  });

  it("is data beside the files of a client that listed the folder first", () => {
    const { transcript, transfers } = recordedSession("download").attempt;
    const fewer = withAttempt(recordedSession("download"), { transfers: transfers.slice(0, 2) });
    const listed = withAttempt(fewer, { transcript: [...transcript, { atMs: 0, direction: ">", text: "LIST -a" }] });
    const ofFiles = (seen: CellEvidence): readonly string[] =>
      contradictionsOf(seen).filter((sentence) => sentence.includes("bytes of files"));
    expect(ofFiles(fewer)).toHaveLength(1);
    expect(ofFiles(listed)).toEqual([]);
  });

  it("is a SYN to a neighbour that nothing was ever sent to", () => {
    const silent = without(without(worked, "router:lan", isDataSyn), "server:lan", isData);
    const elsewhere = withRouterEvidence(silent, ({ connections }) => ({
      connections: connections.map((event) =>
        event.original.destinationPort === 21
          ? event
          : { ...event, reply: { ...event.reply, source: "192.168.10.77" } },
      ),
    }));
    const said = contradictionsOf(elsewhere);
    expect(contradictionsOf(silent).some((sentence) => sentence.includes("did not leave by"))).toBe(true);
    expect(said.some((sentence) => sentence.includes("did not leave by"))).toBe(false);
  });

  it.each(["227-rewritten", "download"] as const)(
    "is what another session of the same address did before: %s",
    (name) => {
      const own = recordedSession(name);
      const captures = own.captures.map((capture) => {
        const before = capture.packets.map((packet) => ({
          ...packet,
          at: packet.at - 60,
          flow: renumbered(packet.flow),
        }));
        return { ...capture, packets: [...before, ...capture.packets] };
      });
      const routers = own.routers.map((router) => ({
        ...router,
        packets: [
          ...router.packets.map((packet) => ({ ...packet, arrived: renumbered(packet.arrived) })),
          ...router.packets,
        ],
      }));
      expect(contradictionsOf({ ...own, captures, routers })).toEqual([]);
    },
  );

  it("is a control connection to another port than the mode has", () => {
    const port = (number: number): number => (number === 21 ? 2_121 : number);
    const moved = (flow: SeenPacket["flow"]): SeenPacket["flow"] => ({
      ...flow,
      sourcePort: port(flow.sourcePort),
      destinationPort: port(flow.destinationPort),
    });
    const own = recordedSession("download");
    const captures = own.captures.map((capture) => ({
      ...capture,
      packets: capture.packets.map((packet) => ({ ...packet, flow: moved(packet.flow) })),
    }));
    expect(contradictionsOf({ ...own, captures })).toEqual([]);
  });

  it("is a refusal by the client's own host, whose SYN never left", () => {
    const message = "connect ECONNREFUSED 203.0.113.1:50999";
    expect(contradictionsOf(withAttempt(blocked, { message }))).toEqual([]);
  });

  it("is a 227 that arrived in two segments, of which the first holds no whole line", () => {
    const inTwo = withPackets(worked, "client:internet", (packets) =>
      packets.flatMap((packet) => {
        if (packet.text?.startsWith("227") !== true) return [packet];
        const text = packet.text.slice(0, 20);
        const rest = { ...packet, sequence: packet.sequence + 20, length: packet.length - 20, text: null };
        return [{ ...packet, text, length: 20 }, rest];
      }),
    );
    expect(contradictionsOf(inTwo)).toEqual([]);
  });

  it("is a clock that was set while the session ran", () => {
    expect(contradictionsOf(withAttempt(worked, { startedAt: worked.attempt.startedAt + 3_600 }))).toEqual([]);
    expect(contradictionsOf(withAttempt(worked, { startedAt: worked.attempt.startedAt - 3_600 }))).toEqual([]);
  });
});

/** The same flow from another port of the client's. */
function renumbered(flow: SeenPacket["flow"]): SeenPacket["flow"] {
  const [low, high] = [21, 1_024];
  const other = (port: number): number => (port > high ? port - 1_000 : port);
  if (flow.destinationPort === low) return { ...flow, sourcePort: other(flow.sourcePort) };
  if (flow.sourcePort === low) return { ...flow, destinationPort: other(flow.destinationPort) };
  return { ...flow, sourcePort: other(flow.sourcePort), destinationPort: other(flow.destinationPort) };
}
