import type { TlsVersion } from "../../model/agent-protocol";
import { stages, traitsOf } from "../../model/axes";
import type { Cell, ExpectedResult } from "../../model/cell";
import {
  isProtectionRefused,
  modeAfterRefusals,
  singleTickets,
  withoutWanted,
  withProtection,
  type Predict,
} from "./expects";

/** Whether the session comes to a clear control connection: a refused PROT does not keep curl from asking for CCC. */
export function clears({ mode }: Cell, predict: Predict): boolean {
  if (traitsOf(mode).ccc === "none") return false;
  const { stage } = predict({ mode: withProtection(mode) });
  return stage === null || stages.indexOf(stage) > stages.indexOf("ccc");
}

/**
 * What curl comes to. It takes no notice of a refused PROT or CCC. Since it has said AUTH SSL, ProFTPD protects data from the start
 * (mod_tls.c, tls_auth), and still does after it has refused PROT C: then it waits for TLS on a data connection on which curl waits
 * for data.
 */
export function curlExpects(
  cell: Cell,
  predict: Predict,
  version?: TlsVersion | null,
  otherwise = singleTickets(cell, version),
): ExpectedResult {
  const mode = modeAfterRefusals(cell, predict);
  const expected = predict({ mode }, otherwise);
  const connects = expected.stage === null || stages.indexOf(expected.stage) > stages.indexOf("data-connect");
  if (isProtectionRefused(cell, predict) && connects) {
    const reason =
      "curl goes on after a refused PROT C without TLS on the data connection, where ProFTPD waits for TLS.";
    // Of an upload ProFTPD gets clear text where it waits for TLS, and answers 425.
    const stage = cell.operation === "upload" ? "data-tls" : "transfer";
    return { result: "failed", stage, cause: "protection-refused", reason };
  }
  if (mode === cell.mode) return expected;
  return {
    ...withoutWanted(cell, mode, expected),
    reason: `curl goes on in TLS after a refused CCC. ${expected.reason}`,
  };
}
