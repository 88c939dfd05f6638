import { FTPError } from "basic-ftp";
import { failureOf, SessionFailure } from "../../../harness/agent/session-failure";
import { stageOfTransfer, stageOfTransferReply, type TransferState } from "../../../harness/agent/transfer-state";

const clear: TransferState = {
  protected: false,
  preliminary: false,
  connected: false,
  ready: false,
  flow: "none",
  finished: false,
};
const announced = { ...clear, preliminary: true, connected: true, ready: true };
const sealed = { ...announced, protected: true };

function errorWith(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  ["nothing has happened yet", clear, "data-connect"],
  ["the connection is there and 150 is not", { ...clear, connected: true, ready: true }, "data-connect"],
  ["150 is there and the connection is not", { ...clear, preliminary: true }, "data-connect"],
  ["TLS is not ready", { ...sealed, ready: false }, "data-tls"],
  ["bytes may flow", sealed, "transfer"],
  ["all bytes are there", { ...sealed, finished: true }, "completion"],
  ["all bytes came before 150", { ...announced, preliminary: false, finished: true }, "data-connect"],
] as const)("a transfer of which %s is at its stage", (_, state, stage) => {
  expect(stageOfTransfer(state)).toBe(stage);
});

test.each([
  [425, "before 150", clear, "data-connect"],
  [550, "before 150", clear, "transfer"],
  [522, "before 150", clear, "protection"],
  [521, "after 150", sealed, "protection"],
  [425, "after 150, clear", announced, "transfer"],
  [426, "after 150, clear", announced, "transfer"],
  [425, "after 150, protected", sealed, "data-tls"],
  [426, "after 150, protected", sealed, "data-tls"],
  [425, "after an upload's bytes were sent", { ...sealed, flow: "sent" }, "data-tls"],
  [425, "after bytes were received", { ...sealed, flow: "received" }, "transfer"],
  [426, "after an upload's bytes were sent", { ...sealed, flow: "sent" }, "transfer"],
  [451, "after bytes were received", { ...sealed, flow: "received" }, "transfer"],
] as const)("reply %i %s fails at its stage", (code, _, state, stage) => {
  expect(stageOfTransferReply(code, state)).toBe(stage);
});

test("a reply outside a transfer fails the stage that the session was in", () => {
  const error = new FTPError({ code: 534, message: "534 Unwilling" });
  expect(failureOf(error, "ccc", null)).toMatchObject({ stage: "ccc", replyCode: 534, message: "534 Unwilling" });
});

test.each([
  "CERT_HAS_EXPIRED",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
])("%s is a matter of the certificate", (code) => {
  expect(failureOf(errorWith(code), "auth-tls", null)?.stage).toBe("certificate");
});

test("other TLS errors fail the handshake, and those of a data connection fail where it stood", () => {
  expect(failureOf(errorWith("ERR_SSL_WRONG_VERSION_NUMBER"), "auth-tls", null)?.stage).toBe("auth-tls");
  expect(failureOf(errorWith("CERT_HAS_EXPIRED"), "data-tls", sealed)?.stage).toBe("data-tls");
});

test("an error of the network fails the stage it befell, and names no reply", () => {
  const error = errorWith("ECONNREFUSED", "connect ECONNREFUSED 192.0.2.1:21");
  expect(failureOf(error, "control-connect", null)).toMatchObject({ replyCode: null, message: error.message });
});

test("a failure that knows its stage keeps it", () => {
  const failure = new SessionFailure("integrity", "differs", null);
  expect(failureOf(failure, "completion", clear)).toBe(failure);
});

test.each([
  ["a bug of ours", new TypeError("x is not a function")],
  [
    "a misuse of basic-ftp",
    new Error("User launched a task while another one is still running. Forgot to use 'await'?"),
  ],
  ["a missing address", errorWith("EADDRNOTAVAIL")],
  ["too many open files", errorWith("EMFILE")],
  ["a name that the lab did not write down", errorWith("ENOTFOUND")],
  ["something that is no error", "boo"],
])("%s is never a failure of FTP", (_, thrown) => {
  expect(failureOf(thrown, "control-connect", null)).toBeNull();
});
