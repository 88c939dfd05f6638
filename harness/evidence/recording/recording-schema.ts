/** The shape of a recording on disk, piece by piece, so that a damaged piece does not take the others with it. */
import { z } from "zod";
import { parseAddress } from "../../net/address";
import { axes, dataCommands, modes, operations, results, stages } from "../../model/axes";
import { softwareIds } from "../../model/ids";
import { defaultSoftware } from "../../model/server-profile";
import type { Attempt, Cell, StageSpan, TranscriptLine, TransferRecord } from "../../model/cell";
import type {
  Capture,
  ConnectionEvent,
  ExpectationEvent,
  FlowTuple,
  Gap,
  HostEvidence,
  NodeFacts,
  RouterEvidence,
  ServerEvidence,
  ServerExchange,
  TracedPacket,
  TraceStep,
} from "../../model/evidence";
import { gapCollectors, traceEnds } from "../../model/evidence";

const text = z.string();
/** Seconds since the epoch; any later is no time that `Date` knows. */
const at = z.number().nonnegative().max(8.64e12);
const ms = z.number().nonnegative();
const port = z.int().min(0).max(65_535);
/** Addresses end up in rules that people paste, so nothing else may pass for one. */
const address = z.string().refine((value) => parseAddress(value) !== null, "expected an IP address");
/** Topologies, servers, clients and routers: what may be part of a cell id or of a file's name. */
/** A user's own program names its packages or its image: `npm@ftp=0.3.10,^icetee~ftp=0.3.15`, `image@my~client=1`. */
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@+=,^~-]*$/, "expected an id");

const flow = z.object({
  source: address,
  destination: address,
  sourcePort: port,
  destinationPort: port,
}) satisfies z.ZodType<FlowTuple>;

const step = z.object({
  table: text,
  chain: text,
  rule: text.nullable(),
  verdict: text,
  packet: flow,
  inLink: text.nullable(),
  outLink: text.nullable(),
}) satisfies z.ZodType<TraceStep>;

/** A packet of a rule trace. */
export const packetSchema = z.object({
  arrived: flow,
  inLink: text.nullable(),
  flags: text,
  steps: z.array(step),
  size: z.int().nonnegative().exactOptional(),
  ttl: z.int().nonnegative().exactOptional(),
  end: z.enum(traceEnds).exactOptional(),
}) satisfies z.ZodType<TracedPacket>;

/** An entry of `connections`. */
export const connectionSchema = z.object({
  kind: z.enum(["new", "update", "destroy"]),
  at,
  state: text.nullable(),
  original: flow,
  reply: flow,
  replied: z.boolean(),
  helper: text.nullable(),
  timeoutS: z.int().nonnegative().exactOptional(),
}) satisfies z.ZodType<ConnectionEvent>;

/** An entry of `expectations`. */
export const expectationSchema = z.object({
  kind: z.enum(["new", "destroy"]),
  at,
  source: address,
  destination: address,
  port,
  master: flow,
  helper: text.nullable(),
}) satisfies z.ZodType<ExpectationEvent>;

/** A router without its lists. */
export const routerSchema = z.object({ router: id, rules: text.catch("") }) satisfies z.ZodType<
  Pick<RouterEvidence, "router" | "rules">
>;

/** A host without its lists. */
export const hostSchema = z.object({
  host: id,
  kind: z.enum(["client", "server"]),
  rules: text.catch(""),
}) satisfies z.ZodType<Pick<HostEvidence, "host" | "kind" | "rules">>;

/** An entry of `facts`. */
export const factsSchema = z.object({
  node: id,
  routes: z.array(text),
  sysctls: z.record(text, text),
  counters: z.record(text, z.number()),
}) satisfies z.ZodType<NodeFacts>;

/** An entry of the server's dialogue. */
export const exchangeSchema = z.object({
  at,
  command: text,
  replyCode: z.int().nullable(),
  reply: text,
}) satisfies z.ZodType<ServerExchange>;

/** What the server saw, without its lists. */
export const serverSchema = z.object({
  // Recordings of before there were several do not say it.
  software: z.enum(softwareIds, `expected ${softwareIds.join(" or ")}`).default(defaultSoftware),
  peer: address.catch(""),
  configuration: text.catch(""),
}) satisfies z.ZodType<Pick<ServerEvidence, "software" | "peer" | "configuration">>;

/** A line of a log or, up to version 1.1, an entry of `missing`. */
export const lineSchema = text;

/** An entry of `missing` since version 1.2. */
export const gapSchema = z.object({
  collector: z.enum(gapCollectors),
  node: id.nullable(),
  reason: text,
}) satisfies z.ZodType<Gap>;

export const stageSchema = z.object({ stage: z.enum(stages), startMs: ms, endMs: ms }) satisfies z.ZodType<StageSpan>;

export const transcriptSchema = z.object({
  atMs: ms,
  direction: z.enum([">", "<", "*"]),
  text,
}) satisfies z.ZodType<TranscriptLine>;

export const transferSchema = z.object({
  name: text,
  size: z.int().nonnegative(),
  clientSha256: text,
  serverSha256: text.nullable(),
}) satisfies z.ZodType<TransferRecord>;

/** What the session came to, without which there is nothing to explain. */
export const verdictSchema = z
  .object({ result: z.enum(results), stage: z.enum(stages).nullable() })
  .refine(({ result, stage }) => (result === "failed") === (stage !== null), {
    path: ["stage"],
    error: "expected a stage where the result is `failed`, and only there",
  }) satisfies z.ZodType<Pick<Attempt, "result" | "stage">>;

/** The rest of an attempt but for its lists. */
export const attemptSchemas = {
  message: text.nullable(),
  replyCode: z.int().nullable(),
  durationMs: ms,
  startedAt: at,
  redraws: z.int().nonnegative(),
} satisfies { readonly [Key in keyof Attempt]?: z.ZodType<Attempt[Key]> };

/** An entry of `captures`; its packets are in a file of their own. */
export const captureSchema = z
  .object({ node: id, link: id, interface: text.optional(), cut: text.nullable() })
  .transform(({ interface: own, ...capture }): Capture => {
    return { ...capture, ...(own === undefined ? {} : { interface: own }), packets: [] };
  });

export const cellSchema = z
  .object({
    id: text,
    topology: id,
    server: id,
    client: id,
    mode: z.enum(modes),
    data: z.enum(dataCommands),
    operation: z.enum(operations),
  })
  .refine((cell) => cell.id === axes.map((axis) => cell[axis]).join("/"), {
    path: ["id"],
    error: "is not the id of these axes",
  }) satisfies z.ZodType<Cell>;
