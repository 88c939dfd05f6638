import { traitsOf, type Mode } from "../model/axes";
import type { ClientOptions, TlsVersion } from "../model/agent-protocol";
import type { Cell, ExpectedResult } from "../model/cell";
import type { ClientDefinition } from "./definition";

type Predict = Parameters<NonNullable<ClientDefinition["expects"]>>[1];

/**
 * Of a client that uses each ticket of TLS 1.3 once (RFC 8446 appendix C.4): the control connection brings two, and mod_tls
 * renews none on an upload (ProFTPD issue 959), so the third upload of a session at the latest does not resume. A session of TLS
 * 1.2 may be resumed as often as wanted.
 */
export function singleTickets(
  { operation }: Pick<Cell, "operation">,
  version: TlsVersion | null = "tls1.3",
): Partial<ClientOptions> {
  return operation === "upload" && version === "tls1.3" ? { resumeSession: false } : {};
}

/** Of a client that goes on inside TLS when CCC is refused. */
export function withoutRefusedCcc({ mode }: Pick<Cell, "mode">, predict: Predict): Mode | null {
  if (predict({}).cause !== "ccc-refused") return null;
  return traitsOf(mode).protection === "C" ? "ftps-clear-data" : "ftps";
}

/** Of a client that asks for PROT P when PROT C or the transfer on a clear connection is refused. */
export function protectingRefusedData({ mode }: Pick<Cell, "mode">, predict: Predict): Mode | null {
  if (predict({}).cause !== "protection-refused" || traitsOf(mode).protection !== "C") return null;
  return traitsOf(mode).ccc === "none" ? "ftps" : "ftps-ccc";
}

/** Of a client that gives up at a refused PROT, where curl goes on to CCC: what it then comes to; `null` in any other case. */
export function endsAtProtection({ mode }: Pick<Cell, "mode">, predict: Predict): ExpectedResult | null {
  const { protection, ccc } = traitsOf(mode);
  if (ccc === "none") return null;
  const expected = predict({ mode: protection === "C" ? "ftps-clear-data" : "ftps" });
  return expected.stage === "protection" ? expected : null;
}
