/** Packets that pass wires and routers, for what no recording shows: each vantage point sees them as a kernel would tell it. */
import type { Capture, FlowTuple, SeenPacket } from "../../harness/model/evidence";

/** How a connection looks on a link. */
export type Forms = Readonly<Record<string, FlowTuple>>;

/** A segment on its way. */
export type Sent = {
  readonly forms: Forms;
  readonly flags: string;
  /** From who opened the connection, or to it. */
  readonly way?: "forth" | "back";
  readonly sequence: number;
  readonly acknowledgement?: number;
  readonly length?: number;
  readonly text?: string;
  /** Vantage points that see it, as `node:link`, in the order of its way; all of them unless given. */
  readonly by?: readonly string[];
  /** What is different at a vantage point. */
  readonly changes?: Readonly<Record<string, Partial<SeenPacket>>>;
};

/** Seconds since the epoch at which simulated sessions begin. */
export const simulatedStart = 1_700_000_000;

/** A client, routers in a row and a server. */
export class SimulatedPackets {
  readonly #points: readonly { readonly node: string; readonly link: string; readonly packets: SeenPacket[] }[];
  #now = simulatedStart;

  /** @param points vantage points from client to server, `node:link` */
  constructor(points: readonly string[]) {
    this.#points = points.map((point) => {
      const [node = "", link = ""] = point.split(":");
      return { node, link, packets: [] };
    });
  }

  wait(ms: number): void {
    this.#now += ms / 1000;
  }

  /** Sends a segment of a connection that the client opened; one of the server's when `way` is `back`. */
  send({ forms, flags, way = "forth", by, changes = {}, ...segment }: Sent): void {
    const order = way === "forth" ? this.#points : this.#points.toReversed();
    this.wait(0.1);
    for (const [index, { node, link, packets }] of order.entries()) {
      const name = `${node}:${link}`;
      if (by !== undefined && !by.includes(name)) continue;
      const form = forms[link];
      if (form === undefined) throw new Error(`no form on ${link}`);
      packets.push({
        at: this.#now,
        // Each node but the first takes it in by one link before it sends it out by the other.
        direction: index % 2 === 0 ? "out" : "in",
        flow: way === "forth" ? form : reverse(form),
        flags,
        sequence: segment.sequence,
        acknowledgement: segment.acknowledgement ?? 0,
        length: segment.length ?? 0,
        text: segment.text ?? null,
        icmp: null,
        ...changes[name],
      });
      this.#now += 0.00001;
    }
  }

  captures(): readonly Capture[] {
    return this.#points.map(({ node, link, packets }) => ({ node, link, packets: [...packets], cut: null }));
  }
}

function reverse(flow: FlowTuple): FlowTuple {
  return {
    source: flow.destination,
    destination: flow.source,
    sourcePort: flow.destinationPort,
    destinationPort: flow.sourcePort,
  };
}
