/**
 * What harness and client agent say to each other: one JSON value a line, harness to agent on stdin, agent to harness on
 * stdout. The agent is one long-lived process in the client's container and runs many sessions side by side.
 */
import type { DataCommand, Mode, Operation, Stage } from "./axes";
import type { Attempt } from "./cell";
import type { ProgramCommand, ProgramOutcome } from "./program";
import type { RemoteFile } from "./remote-file";

/** Time limit for each stage, in ms. The server may stay silent for an hour while it waits for a data connection. */
export type StageDeadlines = Readonly<Record<Stage, number>>;
/** How a client treats an address in a 227 reply that is not the control connection's peer. */
export type ForeignAddressPolicy =
  /** Gives up, as basic-ftp 6 does by default, and tnftp. */
  | "reject"
  /** Takes it, but puts the peer in place of a private address when the peer is public (basic-ftp 5; `allowSeparateTransferHost`). */
  | "replace-private"
  /** Dials whatever the reply says, as wget does. */
  | "trust"
  /** Dials the control connection's peer whatever the reply says, as curl and ftplib do. */
  | "ignore";

/** What a client demands of the server's certificate; it stops where that is not so. */
export type CertificateChecks =
  /** A chain to a CA that it trusts, in its time, and the name or address that was dialled (RFC 9525). */
  "chain-and-name" | "chain" | "nothing";

/** Versions of TLS, in the words of client and server options. */
export const tlsVersions = ["tls1.2", "tls1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** How a client closes TLS once CCC has been granted (RFC 4217 section 12.3). */
export type ClearingStyle =
  /** Waits for the server's close_notify and answers it. */
  | "answer"
  /** Sends its own close_notify at once, then waits for the server's. */
  | "first"
  /** Goes on in clear once the server has closed TLS, and never sends a close_notify. */
  | "silent";

export type ClientOptions = {
  readonly foreignAddress: ForeignAddressPolicy;
  /** Whether data connections resume the control connection's TLS session. */
  readonly resumeSession: boolean;
  /** Left out: `chain-and-name`. */
  readonly checks?: CertificateChecks;
  /** Whether the server's name or its address is dialled. Left out: `name`. */
  readonly dials?: "name" | "address";
  /** Versions of TLS that it offers. Left out: all of them. */
  readonly versions?: readonly TlsVersion[];
  /** Milliseconds of doing nothing between login and the first data command. Left out: none. */
  readonly idleMs?: number;
  /** It sends `EPSV 2` over IPv6 (RFC 2428 section 3), where others send EPSV alone. Left out: it does not. */
  readonly namesFamily?: true;
  /** Left out: `answer`. */
  readonly clearing?: ClearingStyle;
};

/** Everything one session needs. */
export type SessionRequest = {
  readonly kind: "session";
  /** Unique within the agent's life. */
  readonly id: string;
  readonly mode: Mode;
  readonly data: DataCommand;
  /** Host name to dial (resolved by /etc/hosts in the container); also the name the certificate must carry. */
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
  /** Source address of this session's connections; no other session uses it meanwhile. */
  readonly localAddress: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the CA that the client trusts. */
  readonly ca: string;
  readonly options: ClientOptions;
  readonly deadlines: StageDeadlines;
  /** All steps after login, where there are others than the one operation, which is the first part of them. */
  readonly steps?: readonly (SessionPart | SessionPause)[];
} & SessionPart;

/** One operation of a session. */
export type SessionPart = {
  readonly operation: Operation;
  /** Folder for the operation: what to list, where to download from, where to upload to. */
  readonly folder: string;
  /** `list`: what must be listed. `download`: what to fetch. `upload`: what to make (random bytes of that size) and send. */
  readonly files: readonly RemoteFile[];
};

/** Nothing is sent for a while. */
export type SessionPause = { readonly pauseMs: number };

/** Tries a TCP connection and says how it ended; for negative controls. */
export type ProbeRequest = {
  readonly kind: "probe";
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly localAddress: string;
  readonly timeoutMs: number;
};

/** Runs a client program in the client's container. */
export type ProgramRequest = {
  readonly kind: "program";
  readonly id: string;
  readonly command: ProgramCommand;
  /** Made for it and removed afterwards. */
  readonly home: string;
  /** Runs as this user and group, which no other program in flight has; the client's routes give it its own address. */
  readonly uid: number;
  /** Files of random bytes to be made in its home. */
  readonly makes: readonly RemoteFile[];
  /** Files of its home whose sizes and hashes are wanted afterwards. */
  readonly wants: readonly string[];
  readonly deadlineMs: number;
};

export type AgentRequest = SessionRequest | ProbeRequest | ProgramRequest;

/** `error`: a Node error code such as ECONNREFUSED or EHOSTUNREACH. */
export type ProbeOutcome = {
  readonly connected: boolean;
  readonly error: string | null;
  readonly durationMs: number;
};

/** A session as the agent reports it; `serverSha256` is still null, the harness asks the server. */
export type AgentMessage =
  | { readonly kind: "ready"; readonly versions: Readonly<Record<string, string>> }
  /** A session has made no progress for a while: others may start beside it. */
  | { readonly kind: "waiting"; readonly id: string }
  | { readonly kind: "session-done"; readonly id: string; readonly attempt: Attempt }
  | { readonly kind: "program-done"; readonly id: string; readonly outcome: ProgramOutcome }
  | { readonly kind: "probe-done"; readonly id: string; readonly outcome: ProbeOutcome }
  /** The agent cannot go on: a fault of the lab, not of FTP. */
  | { readonly kind: "fault"; readonly id: string | null; readonly message: string };

/** A request or a message as it is sent. Node 24 ends a line at U+2028 and U+2029 too, which JSON leaves as they are. */
export function protocolLine(value: AgentRequest | AgentMessage): string {
  return `${JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}
