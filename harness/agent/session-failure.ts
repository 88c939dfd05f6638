import { FTPError } from "basic-ftp";
import type { Stage } from "../model/axes";
import { stageOfTransferReply, type TransferState } from "./transfer-state";

/** A session of FTP that failed: it travels as an exception through basic-ftp's promises and becomes data at the session's edge. */
export class SessionFailure extends Error {
  readonly stage: Stage;
  /** Code of the reply that decided; `null` if no reply did. */
  readonly replyCode: number | null;

  constructor(stage: Stage, message: string, replyCode: number | null) {
    super(message);
    this.stage = stage;
    this.replyCode = replyCode;
  }
}

/** Codes by which Node names a certificate that does not verify (X509_V_ERR_* and ERR_TLS_CERT_ALTNAME_INVALID). */
const certificateCode =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_TLS_CERT|CRL_|ERROR_IN_C|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

/** Codes that say that the client's own host is not as the lab promised: no verdict may be drawn from them. */
const labCode = /^(EADDRNOTAVAIL|EADDRINUSE|EMFILE|ENFILE|ENOBUFS|ENOMEM)$/;

/** The same for the name of the server, which the lab writes into the client's hosts file. */
const nameCode = /^(ENOTFOUND|EAI_\w+)$/;

/** Whether an error means that the server's certificate does not verify. */
export function isCertificateError(error: unknown): boolean {
  return certificateCode.test(codeOf(error));
}

/** The string `code` of a Node error, or "". */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/**
 * What an error of a session says about FTP: the stage that failed, and the reply that decided. `null` if it says nothing
 * about FTP, being a bug or a fault of the lab.
 *
 * @param stage the stage that the clock was in
 * @param transfer the state of the transfer in hand, `null` before its data connection was arranged
 */
export function failureOf(error: unknown, stage: Stage, transfer: TransferState | null): SessionFailure | null {
  if (error instanceof SessionFailure) return error;
  if (error instanceof FTPError) {
    const failed = transfer === null ? stage : stageOfTransferReply(error.code, transfer);
    return new SessionFailure(failed, error.message, error.code);
  }
  if (!(error instanceof Error) || isBug(error) || labCode.test(codeOf(error))) return null;
  if (stage === "control-connect" && nameCode.test(codeOf(error))) return null;
  const failed = stage === "auth-tls" && isCertificateError(error) ? "certificate" : stage;
  return new SessionFailure(failed, error.message, null);
}

/** FTP never raises these; code does. */
function isBug(error: Error): boolean {
  return (
    ["TypeError", "RangeError", "ReferenceError", "SyntaxError"].includes(error.name) ||
    codeOf(error) === "ERR_ASSERTION" ||
    error.message.startsWith("User launched a task while another one is still running")
  );
}
