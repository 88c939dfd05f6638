import { controlPortOf, isPassive, traitsOf, type Stage } from "../../model/axes";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { ClientOptions } from "../../model/agent-protocol";
import type { CauseId } from "../../model/diagnosis";
import type { Topology } from "../../model/topology";
import { demandsOf, demandsSessionReuse, type ServerProfile } from "../../model/server-profile";
import { addressOf, clientOf, serverOf } from "../network";
import { predictActive, predictPassive, type DataPath, type Session } from "./data-connection";
import { walk } from "./packet-walk";
import { examine } from "./certificate";
import { agreedVersion } from "./tls-versions";
import { describeEnd } from "./words";

/** Everything that a cell's outcome follows from. */
export type Premises = {
  readonly topology: Topology;
  readonly server: ServerProfile;
  readonly client: ClientOptions;
};

/**
 * What first principles say of a cell: the RFCs, ProFTPD's mod_tls and mod_core, and the kernel's conntrack helper.
 * Pure; the lab compares it with what the kernel does.
 */
export function predict(cell: Cell, premises: Premises): ExpectedResult {
  const { topology, server } = premises;
  const client = clientOf(topology);
  const controlPort = controlPortOf(cell.mode);
  const source = addressOf(topology, client.id);
  const ports = { first: controlPort, last: controlPort };
  const control = walk(topology, { from: client.id, source, destination: topology.dial, ports }, []);
  if (control.end.kind !== "delivered" || control.end.node !== serverOf(topology).id) {
    return failed(
      "control-connect",
      control.end.kind === "no-way-back" ? "return-route-missing" : "port-unreachable",
      `The control connection does not get through: ${describeEnd(control.end)}.`,
    );
  }
  const refusal = beforeData(cell, premises);
  if (refusal !== null) return refusal;

  const session: Session = {
    topology,
    control: control.passages,
    controlPort,
    peer: control.end.source,
    readable: isReadable(cell),
    foreignAddress: premises.client.foreignAddress,
    isFirstClearLine: traitsOf(cell.mode).ccc === "unprimed",
    blindness: blindnessOf(cell),
  };
  const path: DataPath = isPassive(cell.data)
    ? predictPassive(cell.data === "pasv" ? "pasv" : "epsv", session)
    : predictActive(cell.data === "port" ? "port" : "eprt", session);
  // PORT and EPRT connect after the transfer command, which mod_tls answers with 522 first; PASV and EPSV before it.
  const refused = refusesTransfer(cell, server);
  if (refused !== null && (path.open || (path.stage === "data-connect" && !isPassive(cell.data)))) return refused;
  if (!path.open) return failed(path.stage, path.cause, path.reason);
  return (
    refusesSession(cell, premises) ?? {
      result: "worked",
      stage: null,
      cause: null,
      reason: whyItWorks(path.reason, cell, premises),
    }
  );
}

/** A flaw of the certificate that the client does not mind is worth a word. */
function whyItWorks(reason: string, cell: Cell, { server, client }: Premises): string {
  if (server.tls === null || traitsOf(cell.mode).tls === "none") return reason;
  const flaw = examine(server.tls.certificate ?? "trusted", client);
  return flaw === null ? reason : `${reason} ${flaw.reason} The client goes on.`;
}

/** Replies that mod_tls refuses with before any data command (contrib/mod_tls.c: tls_auth, tls_any, tls_prot, tls_ccc). */
function beforeData(cell: Cell, { server, client }: Premises): ExpectedResult | null {
  const { tls, protection, ccc } = traitsOf(cell.mode);
  if (server.tls === null) {
    if (tls === "explicit")
      return failed("auth-tls", "tls-not-offered", "The server has no TLS: it does not understand AUTH (500).");
    if (tls === "implicit")
      return failed("control-connect", "port-unreachable", "The server has no TLS: nothing listens on port 990.");
    return null;
  }
  const { required, protocol, certificate = "trusted" } = server.tls;
  if (tls !== "none" && agreedVersion(protocol, client.versions) === null) {
    return failed(
      "auth-tls",
      "tls-versions-do-not-meet",
      `TLSProtocol ${protocol} allows no version of TLS that the client offers (alert protocol_version).`,
    );
  }
  const flaw = tls === "none" ? null : examine(certificate, client);
  if (flaw?.stops === true) return failed("certificate", flaw.cause, `${flaw.reason} It stops there.`);
  const demands = demandsOf(required);
  if (tls === "none") {
    return demands.auth
      ? failed("login", "tls-required", `TLSRequired ${required} refuses USER on a clear control connection (550).`)
      : null;
  }
  const refusesProt =
    (protection === "C" && demands.data === "required") || (protection === "P" && demands.data === "forbidden");
  const protRefusal = `TLSRequired ${required} refuses PROT ${protection ?? ""} (534).`;
  if (ccc === "none") return refusesProt ? failed("protection", "protection-refused", protRefusal) : null;
  // A client that wants CCC asks for it even after a refused PROT, so the later refusal is the one that ends the session.
  if (demands.control)
    return failed("ccc", "ccc-refused", `TLSRequired ${required} refuses a clear control channel: CCC gets 534.`);
  return refusesProt ? failed("protection", "protection-refused", protRefusal) : null;
}

/** LIST, RETR, STOR and the like without PROT P where data must be protected (mod_tls.c tls_any). */
function refusesTransfer(cell: Cell, { tls }: ServerProfile): ExpectedResult | null {
  if (tls === null || traitsOf(cell.mode).tls !== "none" || demandsOf(tls.required).data !== "required") return null;
  return failed(
    "protection",
    "tls-required",
    `TLSRequired ${tls.required} refuses a transfer on a clear data connection (522).`,
  );
}

/** The data connection's TLS handshake is done, and mod_tls looks at its session (tls_data_connect, 425). */
function refusesSession(cell: Cell, { server, client }: Premises): ExpectedResult | null {
  const { protection, ccc } = traitsOf(cell.mode);
  // The check is passed over after CCC: the control connection's session is gone.
  if (server.tls === null || protection !== "P" || ccc !== "none") return null;
  if (!demandsSessionReuse(server.tls) || client.resumeSession) return null;
  return failed(
    "data-tls",
    "tls-session-not-reused",
    "The server wants the control connection's TLS session resumed, and the client does not (425).",
  );
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

function failed(stage: Stage, cause: CauseId, reason: string): ExpectedResult {
  return { result: "failed", stage, cause, reason };
}
