/** A session as a ladder: time, a lane for each node from client to server, and in words what passed between them. */
import type { Lane, LineEntry, PacketEntry, Timeline, TimelineEntry } from "../../model/timeline";
import { toAscii, visible } from "../../text/escape";
import { endpoint, flowText, ruleWords } from "./flow-text";
import { displayWidth, padTo } from "../../text/width";
import { wrap, wrapAtMost } from "../../text/wrap";

export type TimelineOptions = {
  readonly unicode: boolean;
  /** Of the terminal; lines are never longer than 120. */
  readonly columns: number;
};

type Signs = {
  readonly lane: string;
  readonly wire: string;
  readonly line: string;
  readonly right: string;
  readonly left: string;
  readonly crossing: string;
  readonly lost: string;
  readonly mark: string;
  readonly becomes: string;
};

const unicode: Signs = {
  lane: "│",
  wire: "─",
  line: "═",
  right: "▶",
  left: "◀",
  crossing: "┼",
  lost: "✗",
  mark: "●",
  becomes: "→",
};
const ascii: Signs = {
  lane: "|",
  wire: "-",
  line: "=",
  right: ">",
  left: "<",
  crossing: "+",
  lost: "x",
  mark: "*",
  becomes: "->",
};

const widest = 120;
const narrowest = 80;
const timeWidth = 11;
const gap = 2;
/** Of the lanes together; the rest is for words. */
const widestLadder = 36;
/** Further routers, which no lab has, share the client's lane. */
const mostLanes = 13;
/** In columns. */
const longestName = 60;
/** Of a packet's payload, which the dialogue tells in full. */
const longestPayload = 60;

/** What an entry draws, and what it says. */
type Rung = { readonly ladder: string; readonly words: readonly string[] };

/** Lines of at most 120 columns, with the names of the lanes first and the notes last. Ends with a line feed. */
export function timelineText({ lanes, entries, notes }: Timeline, options: TimelineOptions): string {
  const ladder = new Ladder(lanes, options);
  return [
    ...ladder.head(),
    ...entries.flatMap((entry) => ladder.lines(entry)),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap((note) => ladder.note(note))]),
    "",
  ].join("\n");
}

class Ladder {
  readonly #signs: Signs;
  readonly #isUnicode: boolean;
  readonly #lanes: readonly Lane[];
  readonly #columns: number;
  /** Columns from one lane to the next. */
  readonly #step: number;

  constructor(lanes: readonly Lane[], options: TimelineOptions) {
    this.#lanes = lanes.length <= mostLanes ? lanes : [...lanes.slice(0, mostLanes - 1), ...lanes.slice(-1)];
    this.#isUnicode = options.unicode;
    this.#signs = options.unicode ? unicode : ascii;
    this.#columns = Math.min(widest, Math.max(narrowest, options.columns));
    this.#step = Math.max(2, Math.min(14, Math.floor(widestLadder / Math.max(1, this.#lanes.length - 1))));
  }

  /** Each lane's name over its lane; in rows of their own, so that long names have room. */
  head(): readonly string[] {
    const names = this.#lanes.map(({ node }, index) => {
      const before = this.#lanes
        .slice(0, index)
        .map(() => padTo(this.#signs.lane, this.#step))
        .join("");
      return `${" ".repeat(timeWidth)}${before}${this.#name(node)}`;
    });
    return [...names, `${"ms".padStart(timeWidth - gap)}${" ".repeat(gap)}${this.#bars()}`];
  }

  lines(entry: TimelineEntry): readonly string[] {
    const { ladder, words } = this.#rung(entry);
    const left = timeWidth + displayWidth(this.#bars()) + gap;
    const wrapped = words.flatMap((text, index) =>
      wrap(text, this.#columns - left - 2).map((line, row) => (index + row === 0 ? line : `  ${line}`)),
    );
    const exact = entry.atMs.toFixed(1);
    const time = (exact.length <= timeWidth - gap ? exact : entry.atMs.toExponential(1)).padStart(timeWidth - gap);
    return wrapped.map((line, index) => {
      const [start, lanes] = index === 0 ? [time, ladder] : [" ".repeat(timeWidth - gap), this.#bars()];
      return `${start}${" ".repeat(gap)}${padTo(lanes, displayWidth(this.#bars()))}${" ".repeat(gap)}${line}`.trimEnd();
    });
  }

  note(text: string): readonly string[] {
    return wrap(this.#show(text), this.#columns - 6).map((line, index) =>
      index === 0 ? `note: ${line}` : `      ${line}`,
    );
  }

  #rung(entry: TimelineEntry): Rung {
    switch (entry.kind) {
      case "stage": {
        const took = `${(entry.endMs - entry.atMs).toFixed(1)} ms`;
        return {
          ladder: this.#mark(0),
          words: [`stage ${entry.stage}: ${took}${entry.failed ? ", failed here" : ""}`],
        };
      }
      case "line":
        return this.#dialogue(entry);
      case "remark":
        return { ladder: this.#mark(this.#laneOf(entry.node)), words: [this.#show(entry.text)] };
      case "packet":
        return this.#packet(entry);
      case "decision": {
        const rule = entry.rule === null ? "by policy" : `by ${this.#show(ruleWords(entry.rule))}`;
        const [arrived, left] = [this.#flow(entry.arrived), entry.left === null ? null : this.#flow(entry.left)];
        const words = [this.#show(`${entry.router}: ${entry.verdict} in ${entry.place} ${rule}`), arrived];
        if (left !== null && left !== arrived) words.push(`to leave as ${left}`);
        return { ladder: this.#mark(this.#laneOf(entry.router)), words };
      }
      case "expectation": {
        const verb = entry.change === "made" ? "expects" : "expects no more";
        const target = `${entry.source} ${this.#signs.becomes} ${endpoint(entry.destination, entry.port)}`;
        return {
          ladder: this.#mark(this.#laneOf(entry.router)),
          words: [this.#show(`${entry.router}: ${verb} ${target}`)],
        };
      }
    }
  }

  #dialogue({ from, sent, received, encrypted, rewrittenBy }: LineEntry): Rung {
    const [own, other] = from === "client" ? [0, this.#lanes.length - 1] : [this.#lanes.length - 1, 0];
    const sign = from === "client" ? ">" : "<";
    const cover = encrypted ? " (inside TLS)" : "";
    const [text = "", ...others] = (sent ?? received ?? "").split("\n");
    const more = others.length === 0 ? "" : ` (and ${others.length} lines more)`;
    const words = [`${sign} ${this.#show(text)}${more}${cover}`];
    if (sent !== null && received !== null && sent !== received) {
      const who = rewrittenBy.length === 0 ? "arrived as" : `${rewrittenBy.join(" and ")} made it`;
      words.push(this.#show(`${who} ${received}`));
    }
    // ProFTPD tells no greeting and no line but a reply's last, so only what the client does not tell is doubtful.
    if (received === null && from === "server") words.push("the client does not tell of it");
    return { ladder: this.#arrow(own, other, this.#signs.line, false), words };
  }

  #packet(packet: PacketEntry): Rung {
    const { hops, lostAt, flags, icmp, segments, length, retransmissions, endMs, atMs } = packet;
    const [first, last] = [hops[0], hops.at(-1)];
    if (first === undefined || last === undefined) return { ladder: this.#bars(), words: [flags] };
    const run = segments === 1 ? "" : ` in ${segments} segments, ${(endMs - atMs).toFixed(1)} ms`;
    const again =
      retransmissions === 0 ? "" : `, sent anew ${retransmissions === 1 ? "once" : `${retransmissions} times`}`;
    const what = icmp === null ? flags : `ICMP ${icmp}`;
    const text = first.text === null ? "" : ` "${this.#show(first.text, longestPayload)}"`;
    const head = `${packet.connection} ${what}${length === 0 ? "" : ` ${length} bytes`}${run}${again}${text}`;
    const words = [this.#show(head)];
    if (/SYN|RST/.test(flags) || icmp !== null || lostAt !== null) words.push(this.#flow(first.flow));
    for (const [index, hop] of hops.entries()) {
      const before = hops[index - 1];
      if (before?.node !== hop.node) continue;
      const isMoved = flowText(before.flow) !== flowText(hop.flow);
      if (isMoved && flags.includes("SYN"))
        words.push(this.#show(`${hop.node} made it ${flowText(hop.flow, this.#signs.becomes)}`));
      if (before.text !== hop.text && hop.text !== null) words.push(this.#show(`${hop.node} made it "${hop.text}"`));
    }
    if (lostAt !== null)
      words.push(
        this.#show(last.direction === "in" ? `ended at ${lostAt}` : `lost on the wire ${last.link} after ${lostAt}`),
      );
    const [from, to] = [this.#laneOf(first.node), this.#laneOf(last.node)];
    return {
      ladder:
        from === to
          ? this.#mark(from, lostAt === null ? this.#signs.mark : this.#signs.lost)
          : this.#arrow(from, to, this.#signs.wire, lostAt !== null),
      words,
    };
  }

  /** From lane to lane; a lost one ends with a cross. */
  #arrow(from: number, to: number, wire: string, isLost: boolean): string {
    const width = (this.#lanes.length - 1) * this.#step + 1;
    const [start, end] = [Math.min(from, to) * this.#step, Math.max(from, to) * this.#step];
    const head = from < to ? end - 1 : start + 1;
    const { lane, crossing, lost, right, left } = this.#signs;
    const sign = (column: number): string => {
      const isLane = column % this.#step === 0;
      if (column < start || column > end) return isLane ? lane : " ";
      if (isLost && column === to * this.#step) return lost;
      if (column === head) return from < to ? right : left;
      if (isLane) return column === start || column === end ? lane : crossing;
      return wire;
    };
    return Array.from({ length: width }, (_, column) => sign(column)).join("");
  }

  #mark(index: number, sign = this.#signs.mark): string {
    return this.#lanes
      .map((_, at) => padTo(at === index ? sign : this.#signs.lane, this.#step))
      .join("")
      .trimEnd();
  }

  #bars(): string {
    return this.#mark(-1);
  }

  #laneOf(node: string): number {
    return Math.max(
      0,
      this.#lanes.findIndex((lane) => lane.node === node),
    );
  }

  #flow(flow: PacketEntry["hops"][number]["flow"]): string {
    return this.#show(flowText(flow, this.#signs.becomes));
  }

  /** Cut when it is as it will be shown: one character may become several. */
  #name(node: string): string {
    return wrapAtMost(this.#show(node), longestName, 1, "")[0] ?? "";
  }

  #show(text: string, limit?: number): string {
    const shown = visible(text, limit);
    return this.#isUnicode ? shown : toAscii(shown.replaceAll("→", "->"));
  }
}
