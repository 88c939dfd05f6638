import type { Stage } from "../model/axes";

/** How far a transfer has come, as the client sees it. */
export type TransferState = {
  /** Whether the data connection is to be protected (PROT P). */
  readonly protected: boolean;
  /** The server has announced the transfer (125 or 150). */
  readonly preliminary: boolean;
  /** The data connection is there. */
  readonly connected: boolean;
  /** The client's side of the TLS handshake is complete; with clear data, true as soon as connected. */
  readonly ready: boolean;
  /** Application data that passed the data connection. */
  readonly flow: "none" | "sent" | "received";
  /** All bytes have been sent or received. */
  readonly finished: boolean;
};

/** The stage that a transfer is in. ProFTPD sends 150 only after the data connection is there, and before TLS on it. */
export function stageOfTransfer(state: TransferState): Stage {
  if (!state.preliminary || !state.connected) return "data-connect";
  if (!state.ready) return "data-tls";
  return state.finished ? "completion" : "transfer";
}

/** The stage that an error reply to the transfer command, or to the transfer, stands for. */
export function stageOfTransferReply(code: number, state: TransferState): Stage {
  // RFC 4217 section 10.2 names 521 and 522 for a data connection that has the wrong protection.
  if (code === 521 || code === 522) return "protection";
  if (!state.preliminary) return code === 425 ? "data-connect" : "transfer";
  if (!state.protected) return "transfer";
  // With TLS 1.3 the client's handshake is complete, and an upload's bytes are under way, before the server judges the
  // client's session: 425 then still means that the server never opened the channel. Bytes from the server prove that it did.
  const opened = code === 425 ? state.flow === "received" : state.flow !== "none";
  return opened ? "transfer" : "data-tls";
}
