import { isPassive, traitsOf, type Stage } from "../../model/axes";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { ClientOptions } from "../../model/agent-protocol";
import type { CauseId } from "../../model/diagnosis";
import type { Topology } from "../../model/topology";
import type { ServerProfile, ServerTls } from "../../model/server-profile";
import type { ServerTraits } from "../../catalog/servers/definition";
import { traitsOfServer } from "../../catalog/servers/registry";
import { addressOf, clientOf, dialledPort, nodeOf } from "../../model/network";
import { lotsOf, type Lot } from "../balance";
import type { Session } from "./session";
import { predictActive, predictPassive, wordOf, type DataPath } from "./data-connection";
import { duringHandshake, duringTransfer } from "./line-conditions";
import { walk, type WalkEnd } from "./packet-walk";
import { examine } from "./certificate";
import { agreedVersion } from "./tls-versions";
import { describeEnd } from "./describe";

/** Everything that a cell's outcome follows from. */
export type Premises = {
  readonly topology: Topology;
  readonly server: ServerProfile;
  readonly client: ClientOptions;
};

/**
 * What first principles say of a cell: the RFCs, what its server software does, and the kernel's conntrack helper.
 * Pure; the lab compares it with what the kernel does.
 */
export function predict(cell: Cell, premises: Premises): ExpectedResult {
  const { topology } = premises;
  const [first, ...others] = lotsOf(topology, dialledPort(topology, cell.mode)).map((lot) =>
    predictOne(cell, { ...premises, topology: lot.control }, lot),
  );
  const other = others.find(
    ({ result, stage, cause }) => [result, stage, cause].join() !== [first?.result, first?.stage, first?.cause].join(),
  );
  if (first === undefined) throw new Error(`nothing is predicted of ${cell.id}`);
  return other === undefined ? first : undecided(first, other);
}

/** Where chance decides to which server a connection goes. */
function undecided(one: ExpectedResult, other: ExpectedResult): ExpectedResult {
  const [first, second] = [one, other].map(({ reason }) => reason.slice(0, 1).toLowerCase() + reason.slice(1, -1));
  const reason =
    `Nothing is predicted, since chance decides which servers the connections go to: either ` +
    `${first ?? ""}, or ${second ?? ""}.`;
  return { result: "not-run", stage: null, cause: null, reason, unpredicted: true };
}

/** What is said of a session whose connections are shared out as a lot says. */
function predictOne(cell: Cell, premises: Premises, lot: Lot): ExpectedResult {
  const { topology, server } = premises;
  const traits = traitsOfServer(server);
  const client = clientOf(topology);
  const controlPort = dialledPort(topology, cell.mode);
  const source = addressOf(topology, client.id);
  const ports = { first: controlPort, last: controlPort };
  const control = walk(topology, { from: client.id, source, destination: topology.dial, ports }, []);
  if (control.end.kind === "untold") return untold(control.end.why);
  const reached = control.end.kind === "delivered" ? nodeOf(topology, control.end.node) : null;
  if (control.end.kind !== "delivered" || reached?.kind !== "server") {
    return failed(
      "control-connect",
      causeOfControl(control.end),
      `The control connection does not get through: ${describeEnd(control.end)}.`,
    );
  }
  const listens = controlPort === 990 ? controlPort : reached.controlPort;
  if (control.end.ports !== undefined && control.end.ports.first !== listens) {
    const reason = `The control connection comes to port ${control.end.ports.first} of ${reached.id}, where nothing listens.`;
    return failed("control-connect", "port-unreachable", reason);
  }
  // Without TLS the server refuses AUTH before any handshake.
  const handshake = server.tls === null ? null : duringHandshake(cell, topology);
  const refusal = handshake ?? beforeData(cell, premises, traits, controlPort);
  if (refusal !== null) return refusal;

  const session: Session = {
    topology: lot.data,
    host: reached,
    control: control.passages,
    controlPort,
    ...(control.end.helper === undefined ? {} : { hostHelper: control.end.helper }),
    peer: control.end.source,
    readable: isReadable(cell),
    foreignAddress: premises.client.foreignAddress,
    namesFamily: premises.client.namesFamily === true,
    word: wordOf(cell.data),
    foreignPeers: server.foreignAddress ?? null,
    isFirstClearLine: traitsOf(cell.mode).ccc === "unprimed",
    blindness: blindnessOf(cell),
    server: traits,
  };
  const path: DataPath = isPassive(cell.data)
    ? predictPassive(cell.data === "pasv" ? "pasv" : "epsv", session)
    : predictActive(cell.data === "port" ? "port" : "eprt", session);
  if (path.open === "untold") return untold(path.reason);
  // PORT and EPRT connect after the transfer command, which is refused first; PASV and EPSV before it.
  const refused = refusesTransfer(cell, traits);
  if (refused !== null && (path.open || isJudgedLater(path, cell))) return refused;
  if (!path.open) return failed(path.stage, path.cause, path.reason);
  return (
    refusesSession(cell, premises, traits) ??
    duringTransfer(cell, topology) ?? {
      result: "worked",
      stage: null,
      cause: null,
      reason: whyItWorks(path.reason, cell, premises),
    }
  );
}

/** Mentions a certificate flaw even when the client ignores it. */
function whyItWorks(reason: string, cell: Cell, { server, client }: Premises): string {
  if (server.tls === null || traitsOf(cell.mode).tls === "none") return reason;
  const flaw = examine(server.tls.certificate ?? "trusted", client);
  return flaw === null ? reason : `${reason} ${flaw.reason} The client goes on.`;
}

/** Whether the data connection is tried, or its peer looked at, only after the transfer command. */
function isJudgedLater(path: Extract<DataPath, { readonly open: false }>, cell: Cell): boolean {
  return path.stage === "data-connect" && (!isPassive(cell.data) || path.cause === "foreign-data-peer");
}

/** What the server refuses before any data command, and the client of the server's certificate. */
function beforeData(
  cell: Cell,
  { server, client }: Premises,
  traits: ServerTraits,
  port: number,
): ExpectedResult | null {
  const { tls, protection, ccc } = traitsOf(cell.mode);
  if (tls !== "implicit" && traits.onlyImplicit === true) {
    const reason = `The server has implicit TLS alone: nothing listens on port ${port}.`;
    return failed("control-connect", "port-unreachable", reason);
  }
  const name = `The server has no ${server.tls === null ? "TLS" : "implicit TLS"}`;
  if (tls === "explicit" && !traits.explicitTls)
    return failed("auth-tls", "tls-not-offered", `${name}: it does not understand AUTH (500).`);
  if (tls === "implicit" && !traits.implicitTls)
    return failed("control-connect", "port-unreachable", `${name}: nothing listens on port ${port}.`);
  const handshake = tls === "none" || server.tls === null ? null : duringTls(server.tls, client);
  if (handshake !== null) return handshake;
  if (tls === "none") {
    return traits.refusesClearLogin === null ? null : failed("login", "tls-required", traits.refusesClearLogin);
  }
  const refusedProt = protection === null ? null : traits.refusesProt[protection];
  // A client that wants CCC asks for it even after a refused PROT, so the later refusal is the one that ends the session.
  if (ccc !== "none" && traits.refusesCcc !== null) return failed("ccc", "ccc-refused", traits.refusesCcc);
  return refusedProt === null ? null : failed("protection", "protection-refused", refusedProt);
}

/** Where the handshake of the control connection ends the session. */
function duringTls({ protocol, certificate = "trusted" }: ServerTls, client: ClientOptions): ExpectedResult | null {
  if (agreedVersion(protocol, client.versions) === null) {
    return failed(
      "auth-tls",
      "tls-versions-do-not-meet",
      `TLSProtocol ${protocol} allows no version of TLS that the client offers (alert protocol_version).`,
    );
  }
  const flaw = examine(certificate, client);
  return flaw?.stops === true ? failed("certificate", flaw.cause, `${flaw.reason} It stops there.`) : null;
}

/** LIST, RETR, STOR and the like without PROT P where data must be protected. */
function refusesTransfer(cell: Cell, { refusesClearTransfer: reason }: ServerTraits): ExpectedResult | null {
  const { tls, protection } = traitsOf(cell.mode);
  if (reason === null || protection === "P") return null;
  return failed("protection", tls === "none" ? "tls-required" : "protection-refused", reason);
}

/** The data connection's TLS handshake is done, and the server looks at its session. */
function refusesSession(cell: Cell, { client, server }: Premises, traits: ServerTraits): ExpectedResult | null {
  const { protection, ccc } = traitsOf(cell.mode);
  const { refusesNewSession } = traits;
  const expired = expiryOf(server, client);
  const resumes = client.resumeSession && expired === null;
  if (refusesNewSession === null || protection !== "P" || ccc !== "none" || resumes) return null;
  const { stage, reason } = refusesNewSession;
  return failed(stage, "tls-session-not-reused", expired === null ? reason : `${expired} ${reason}`);
}

/** That the control connection's session is over when the client would resume it (RFC 8446 section 4.6.1); else `null`. */
function expiryOf({ tls }: ServerProfile, { idleMs = 0 }: ClientOptions): string | null {
  const seconds = tls?.sessionSeconds;
  if (seconds === undefined || idleMs <= seconds * 1000) return null;
  return `TLS sessions end after ${seconds} s, and the client waits for longer.`;
}

/**
 * The helper parses clear text, but only a segment that follows one ending in a newline: the first clear line after CCC
 * follows a TLS record (find_nl_seq, nf_conntrack_ftp.c).
 */
function isReadable(cell: Cell): boolean {
  const { tls, ccc } = traitsOf(cell.mode);
  return tls === "none" || ccc === "primed";
}

function blindnessOf(cell: Cell): (line: string) => string {
  return traitsOf(cell.mode).ccc === "unprimed"
    ? (line) => `the ${line} is the first clear line after CCC, which the FTP helper never parses`
    : (line) => `TLS hides the ${line} from the FTP helper`;
}

function causeOfControl(end: WalkEnd): CauseId | null {
  if (end.kind === "blocked" && end.later === true) return null;
  return end.kind === "no-way-back" ? "return-route-missing" : "port-unreachable";
}

/** What a user's own rules leave open. */
function untold(why: string): ExpectedResult {
  const reason = `Nothing is predicted: ${why}.`;
  return { result: "not-run", stage: null, cause: null, reason, unpredicted: true };
}

function failed(stage: Stage, cause: CauseId | null, reason: string): ExpectedResult {
  return { result: "failed", stage, cause, reason };
}
