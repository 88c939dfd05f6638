import { traitsOf, type Mode } from "../../model/axes";
import type { ClientOptions, TlsVersion } from "../../model/agent-protocol";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { ClientDefinition } from "./definition";

export type Predict = Parameters<NonNullable<ClientDefinition["expects"]>>[1];

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

/** Of a client that gives up at a refused PROT, where curl goes on to CCC: what it then comes to; `null` in any other case. */
export function endsAtProtection({ mode }: Pick<Cell, "mode">, predict: Predict): ExpectedResult | null {
  const { ccc } = traitsOf(mode);
  if (ccc === "none") return null;
  const expected = predict({ mode: withoutCcc(mode) });
  return expected.stage === "protection" ? expected : null;
}

/** What is left of a mode for a client that takes no notice of refusals: PROT P where PROT C is refused, no CCC where that is. */
export function modeAfterRefusals({ mode }: Pick<Cell, "mode">, predict: Predict): Mode {
  const isProtected = isProtectionRefused({ mode }, predict);
  const kept = isProtected ? withProtection(mode) : mode;
  return predict({ mode: kept }).cause === "ccc-refused" ? withoutCcc(kept) : kept;
}

/** What comes of a session that goes on in another mode: CCC was to let a helper read, and where it is refused, that is the cause. */
export function withoutWanted({ mode }: Pick<Cell, "mode">, kept: Mode, expected: ExpectedResult): ExpectedResult {
  const isRefused = traitsOf(mode).ccc !== "none" && traitsOf(kept).ccc === "none";
  return isRefused && expected.cause === "helper-blind-to-tls" ? { ...expected, cause: "ccc-refused" } : expected;
}

/** Whether the server refuses the mode's PROT. */
export function isProtectionRefused({ mode }: Pick<Cell, "mode">, predict: Predict): boolean {
  return traitsOf(mode).tls === "explicit" && predict({ mode: withoutCcc(mode) }).cause === "protection-refused";
}

export function withProtection(mode: Mode): Mode {
  switch (mode) {
    case "ftps-clear-data":
      return "ftps";
    case "ftps-ccc-clear-data":
      return "ftps-ccc";
    default:
      return mode;
  }
}

function withoutCcc(mode: Mode): Mode {
  const { ccc, protection } = traitsOf(mode);
  if (ccc === "none") return mode;
  return protection === "C" ? "ftps-clear-data" : "ftps";
}
