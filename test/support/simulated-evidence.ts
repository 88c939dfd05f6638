/** Evidence of cells that nobody ran: what the witnesses would have seen, were the kernel as the prediction says. */
import { isPassive, traitsOf } from "../../harness/model/axes";
import type { Attempt, Cell, TranscriptLine } from "../../harness/model/cell";
import { resolveClient } from "../../harness/catalog/clients/registry";
import type { CellEvidence, ConnectionEvent, RouterEvidence, ServerExchange } from "../../harness/model/evidence";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { Topology } from "../../harness/model/topology";
import { lotsOf } from "../../harness/plan/balance";
import { isPrivateIPv4 } from "../../harness/net/blocks";
import { addressOf, clientOf, dialledPort, routersOf, serverOf } from "../../harness/model/network";
import { announceToClient, announceToServer } from "../../harness/plan/predict/helper";
import { wordOf } from "../../harness/plan/predict/data-connection";
import { walk, type Expectation, type Passage, type Walk } from "../../harness/plan/predict/packet-walk";
import { renderRuleset } from "../../harness/plan/ruleset";
import { asServed } from "../../harness/plan/setup";
import { softwareNamed } from "../../harness/catalog/servers/registry";
import { makeCell, predictFor } from "./cells";
import { profileNamed, topologyNamed } from "./inputs";
import { tracedSyn, tuple } from "./simulated-data";

type Axes = Partial<Omit<Cell, "id">>;
type Setting = { readonly topology?: Topology; readonly server?: ServerProfile };

/** The evidence of a cell as predicted, of the project's own topologies and servers unless others are given. */
export function simulate(axes: Axes, setting: Setting = {}): CellEvidence {
  const cell = makeCell(axes);
  const profile = setting.server ?? profileNamed(cell.server);
  const { topology } = asServed({ topology: setting.topology ?? topologyNamed(cell.topology), server: profile });
  const { result, stage, cause } = predictFor(topology, axes, profile);
  const session = sessionOf(cell, topology);
  const { files, strangerRefusal } = softwareNamed(profile.software);
  const isReuse = cause === "tls-session-not-reused";
  const ending = endingOf(cell, { stage, cause }, session);
  const transcript = [...preamble(cell, isReuse ? null : stage), ...ending.lines].map(line);
  const attempt = {
    result,
    stage,
    message: ending.message,
    replyCode: ending.replyCode,
    startedAt: 1_700_000_000,
    durationMs: 100,
    stages: [],
    transcript,
    transfers: [],
    output: [],
    redraws: 0,
  } satisfies Attempt;
  return {
    schemaVersion: "1.3",
    cell,
    attempt,
    server: {
      software: profile.software,
      peer: session.peer,
      exchanges: exchangesOf(transcript, session),
      tlsLog: isReuse ? [stage === "data-tls" ? notReused : "No SSL session reuse on data channel."] : [],
      systemLog: isRefusedAsStranger(session, profile) && strangerRefusal !== null ? [strangerRefusal] : [],
      transferLog: [],
      configuration: files({ topology, server: serverOf(topology), profile })[0].text,
    },
    routers: routersOf(topology).map(({ id }) => routerEvidence(id, topology, session)),
    captures: [],
    missing: [],
  };
}

/** The data connection arrives where the control connection did, and from another address; the server minds that. */
function isRefusedAsStranger({ passive, peer, control, data }: Session, profile: ServerProfile): boolean {
  const isThere =
    control.end.kind === "delivered" && data?.end.kind === "delivered" && data.end.node === control.end.node;
  const { refusesForeignPeer } = softwareNamed(profile.software).traits(profile);
  return refusesForeignPeer !== null && passive && isThere && data.end.source !== peer;
}

export const notReused =
  "client did not reuse TLS session, rejecting data connection (see the NoSessionReuseRequired TLSOptions parameter)";

/** The evidence with its attempt changed. */
export function withAttempt(evidence: CellEvidence, change: Partial<Attempt>): CellEvidence {
  return { ...evidence, attempt: { ...evidence.attempt, ...change } };
}

/** The evidence with every router changed. */
export function withRouterEvidence(
  evidence: CellEvidence,
  change: (router: RouterEvidence) => Partial<RouterEvidence>,
): CellEvidence {
  return { ...evidence, routers: evidence.routers.map((router) => ({ ...router, ...change(router) })) };
}

/** A session that ended before its data command, with the lines that it ended with. */
export function stoppedAt(
  stage: NonNullable<Attempt["stage"]>,
  lines: readonly string[],
  change: Partial<Attempt> & { readonly mode?: Cell["mode"] } = {},
): CellEvidence {
  const { mode = "ftps", ...attempt } = change;
  const base = simulate({ mode });
  const server = base.server === null ? null : { ...base.server, exchanges: [] };
  return {
    ...withAttempt(base, { result: "failed", stage, message: "it failed", transcript: lines.map(line), ...attempt }),
    server,
  };
}

/** `> PASV`, `< 227 ...`, `* a remark`. */
export function line(text: string): TranscriptLine {
  const direction = text.startsWith("<") ? "<" : text.startsWith("*") ? "*" : ">";
  return { atMs: 1, direction, text: text.slice(2) };
}

const clientPort = 61_001;

/** What a session's control and data connections would meet. */
type Session = ReturnType<typeof sessionOf>;

function sessionOf(cell: Cell, topology: Topology) {
  const [client, server] = [clientOf(topology), serverOf(topology)];
  const [clientAddress, serverAddress] = [addressOf(topology, client.id), addressOf(topology, server.id)];
  const controlPort = dialledPort(topology, cell.mode);
  const only = (port: number): { first: number; last: number } => ({ first: port, last: port });
  // Where servers share connections, the control connection goes to the first.
  const [lot] = lotsOf(topology, controlPort);
  const control = walk(
    lot.control,
    { from: client.id, source: clientAddress, destination: topology.dial, ports: only(controlPort) },
    [],
  );
  const peer = control.end.kind === "delivered" ? control.end.source : clientAddress;
  const { tls, ccc } = traitsOf(cell.mode);
  const readable = tls === "none" || ccc === "primed";
  const passive = isPassive(cell.data);
  const port = passive ? server.passivePorts.first + 1 : clientPort;
  const named = passive ? (server.masqueradeAddress ?? serverAddress) : clientAddress;
  const written = cell.data === "epsv" ? null : named;
  const announced = (passive ? announceToClient : announceToServer)(
    { readable, controlPort, word: wordOf(cell.data), address: written },
    control.passages,
  );
  const target = passive
    ? passiveTarget(cell, announced.address, topology.dial)
    : activeTarget(announced.address, peer);
  const [from, source] = passive ? [client.id, clientAddress] : [server.id, serverAddress];
  const data: Walk | null =
    target === null
      ? null
      : walk(lot.data, { from, source, destination: target, ports: only(port) }, announced.expectations);
  return {
    ...{ cell, passive, port, named, control, controlPort, peer, clientAddress, source, data },
    read: announced.address,
    dial: topology.dial,
    target: target ?? "",
    expectations: announced.expectations,
  };
}

function passiveTarget(cell: Cell, address: string, dial: string): string | null {
  if (cell.data === "epsv" || address === dial) return dial;
  switch (resolveClient(cell.client)?.options.foreignAddress) {
    case "trust":
      return address;
    case "ignore":
      return dial;
    case "replace-private":
      return isPrivateIPv4(address) && !isPrivateIPv4(dial) ? dial : address;
    case "reject":
    case undefined:
      return null;
  }
}

/** ProFTPD takes the peer in place of a private address; where it refuses, nothing is dialled. */
function activeTarget(address: string, peer: string): string {
  return address === peer ? address : peer;
}

function preamble({ mode }: Cell, stage: Attempt["stage"]): string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  if (stage === "control-connect") return [];
  const lines = ["< 220 ProFTPD Server ready."];
  if (tls === "explicit") lines.push("> AUTH TLS");
  if (stage === "auth-tls") return lines;
  if (tls === "explicit") lines.push("< 234 AUTH TLS successful", "* control TLS TLSv1.3 TLS_AES_256_GCM_SHA384");
  lines.push("> USER lab1");
  if (stage === "login") return lines;
  lines.push("< 331 Password required for lab1", "> PASS ###", "< 230 User lab1 logged in");
  lines.push("> FEAT", "< 211-Features:", "< 211 End", "> TYPE I", "< 200 Type set to I");
  if (protection !== null) lines.push("> PBSZ 0", "< 200 PBSZ 0 successful", `> PROT ${protection}`);
  if (stage === "protection" && protection !== null && ccc === "none") return lines;
  if (protection !== null) lines.push(stage === "protection" ? "< 534 Refused" : "< 200 Protection set");
  if (ccc === "none") return lines;
  lines.push("> CCC");
  if (stage === "ccc") return lines;
  lines.push("< 200 Clearing control channel protection", "* control connection in clear");
  return ccc === "primed" ? [...lines, "> NOOP", "< 200 NOOP command successful"] : lines;
}

type Ending = { readonly lines: readonly string[]; readonly message: string | null; readonly replyCode: number | null };

type Failure = Pick<ReturnType<typeof predictFor>, "stage" | "cause">;

function endingOf(cell: Cell, { stage, cause }: Failure, session: Session): Ending {
  const isReuse = cause === "tls-session-not-reused";
  const refused = (text: string, ...before: string[]): Ending => ({
    lines: [...before, `< ${text}`],
    message: text,
    replyCode: Number(text.slice(0, 3)),
  });
  const place = `${session.target}:${session.port}`;
  switch (stage) {
    case "control-connect": {
      const { end } = session.control;
      // What arrives, at a router or a server, and finds nobody listening is answered with RST.
      const isRefused = end.kind === "delivered" || end.kind === "closed" || (end.kind === "blocked" && !end.silent);
      const message = isRefused
        ? `connect ECONNREFUSED ${session.dial}:${session.controlPort}`
        : "Timeout (control socket) after 2000 ms";
      return { lines: [], message, replyCode: null };
    }
    case "auth-tls":
      return refused("500 AUTH not understood");
    case "login":
      return refused("550 SSL/TLS required on the control channel");
    case "protection":
      if (isReuse) {
        const transfer = ["> LIST -a", "< 150 Here comes the directory listing."];
        return refused("522 SSL connection failed: session reuse required", ...dataLines(cell, session), ...transfer);
      }
      if (traitsOf(cell.mode).protection !== null) return refused("534 Unwilling to accept security parameters");
      return refused("522 SSL/TLS required on the data channel", ...dataLines(cell, session), "> LIST -a");
    case "ccc":
      return refused("534 Unwilling to accept security parameters");
    case "data-command":
      if (cause === "data-command-refused")
        return refused("502 Command not implemented", ...dataLines(cell, session).slice(0, 1));
      // The address was accepted, and the server could not connect to it.
      if (!session.passive && session.read === session.peer)
        return refused("425 Can't connect to specified address.", ...dataLines(cell, session).slice(0, 1));
      if (!session.passive)
        return refused(
          cause === "address-family-refused"
            ? "522 Network protocol not supported, use (1)"
            : `500 Illegal ${cell.data.toUpperCase()} command`,
          ...dataLines(cell, session).slice(0, 1),
        );
      return {
        lines: dataLines(cell, session),
        message: `PASV returned another host (${session.read}) for data transfer that you have connected to (${session.dial}).`,
        replyCode: null,
      };
    case "data-connect": {
      const arranged = dataLines(cell, session);
      if (!session.passive) {
        return refused("425 Unable to build data connection: Connection timed out", ...arranged, "> LIST -a");
      }
      const silent = session.data?.end.kind !== "blocked" || session.data.end.silent;
      const message = silent
        ? `Timeout when trying to open data connection to ${place} after 2000 ms`
        : `Can't open data connection in passive mode: connect ECONNREFUSED ${place} - Local (${session.source}:0)`;
      return { lines: arranged, message, replyCode: null };
    }
    case "data-tls":
      return refused(
        "425 Unable to build data connection: Operation not permitted",
        ...dataLines(cell, session),
        "> LIST -a",
        "< 150 Opening BINARY mode data connection for file list",
      );
    default:
      return {
        lines: [
          ...dataLines(cell, session),
          `* data connection to ${session.target} port ${session.port}`,
          "> LIST -a",
          "< 150 Opening",
          "< 226 Transfer complete",
        ],
        message: null,
        replyCode: null,
      };
  }
}

/** The data command and its reply, as the client has them. */
function dataLines({ data }: Cell, session: Session): string[] {
  return exchangeLines(data, session, session.passive ? session.read : session.clientAddress);
}

function exchangeLines(data: Cell["data"], { port }: Session, address: string): string[] {
  const six = `${address.replaceAll(".", ",")},${port >> 8},${port & 255}`;
  switch (data) {
    case "pasv":
      return ["> PASV", `< 227 Entering Passive Mode (${six}).`];
    case "epsv":
      return ["> EPSV", `< 229 Entering Extended Passive Mode (|||${port}|)`];
    case "port":
      return [`> PORT ${six}`, "< 200 PORT command successful"];
    case "eprt":
      return [`> EPRT |${address.includes(":") ? "2" : "1"}|${address}|${port}|`, "< 200 EPRT command successful"];
  }
}

/** The dialogue as the server logged it: its own 227, or the PORT that reached it. */
function exchangesOf(transcript: readonly TranscriptLine[], session: Session): ServerExchange[] {
  const exchanges: ServerExchange[] = [];
  const [command = "", reply = ""] = exchangeLines(
    session.cell.data,
    session,
    session.passive ? session.named : session.read,
  ).map((text) => text.slice(2));
  for (const { direction, text } of transcript) {
    const last = exchanges.at(-1);
    if (direction === ">") {
      const isData = text.split(" ")[0] === command.split(" ")[0];
      exchanges.push({ at: 1, command: isData ? command : text, replyCode: null, reply: isData ? reply.slice(4) : "" });
    } else if (direction === "<" && last !== undefined && /^\d{3} /.test(text)) {
      const kept = last.command === command && session.passive ? last.reply : text.slice(4);
      exchanges[exchanges.length - 1] = { ...last, replyCode: Number(text.slice(0, 3)), reply: kept };
    }
  }
  return exchanges;
}

/** A connection's first packet and the answer to it, as conntrack tells them. */
function controlEvents({ before, after }: Passage, port: number, hasHelper: boolean): ConnectionEvent[] {
  const common = {
    at: 1,
    original: tuple(before, port),
    reply: { source: after.destination, destination: after.source, sourcePort: port, destinationPort: 40_000 },
    helper: hasHelper ? "ftp" : null,
  };
  return [
    { kind: "new", state: "SYN_SENT", replied: false, ...common },
    { kind: "update", state: "SYN_RECV", replied: true, ...common },
  ];
}

function routerEvidence(id: string, topology: Topology, session: Session): RouterEvidence {
  const router = routersOf(topology).find((candidate) => candidate.id === id);
  if (router === undefined) throw new Error(`no router ${id}`);
  const { control, controlPort, clientAddress, data } = session;
  const passage = control.passages.find((candidate) => candidate.router.id === id);
  const attempts = [
    { made: { walk: control, source: clientAddress, target: session.dial, port: controlPort }, fromClient: true },
    ...(data === null
      ? []
      : [
          {
            made: { walk: data, source: session.source, target: session.target, port: session.port },
            fromClient: session.passive,
          },
        ]),
  ];
  return {
    router: id,
    packets: attempts.flatMap(({ made, fromClient }) => tracedSyn(topology, made, id, fromClient) ?? []),
    dropped: [],
    connections:
      passage === undefined
        ? []
        : controlEvents(passage, controlPort, router.helperPorts.includes(controlPort)).slice(
            0,
            // An answer that finds no way back leaves the connection unreplied.
            control.end.kind === "delivered" ? 2 : 1,
          ),
    expectations: session.expectations
      .filter((expectation: Expectation) => expectation.router === id)
      .map(({ source, destination }) => ({
        kind: "new",
        at: 2,
        source,
        destination,
        port: session.port,
        master: tuple(passage?.before ?? { source, destination }, controlPort),
        helper: "ftp",
      })),
    rules: renderRuleset(topology, router).text,
  };
}
