/** What a report from outside says of a session: read from a pasted log, or told on the command line. */
import type { DataCommand, Mode, Operation, Stage } from "./axes";
import type { TranscriptLine } from "./cell";

/** Who wrote a paste: the client, the server, the kernel or a firewall, a capture's reader, or a tool that lists rules or connections. */
export type Speaker = "client" | "server" | "kernel" | "packets" | "listing";

/** Where in the pastes something stands: `line` counts from 1 in its paste, `paste` from 0 in the order in which they were given. */
export type Place = { readonly line: number; readonly paste?: number };

/** A line of a pasted log that is part of the dialogue (`>`, `<`), or a remark of the program that wrote the paste (`*`). */
export type LogLine = Pick<TranscriptLine, "direction" | "text"> &
  Place & {
    /** Left out: the client. */
    readonly by?: Speaker;
    /** The paste does not have this line: what stands there implies it, as 227 implies PASV. */
    readonly implied?: true;
    /** As the line's stamp has it, in ms since 1970, or since midnight where it has no date; left out if it has no time. */
    readonly at?: number;
  };

/** One end of a packet or connection, as a line writes it. */
export type PastedEndpoint = { readonly address: string; readonly port: number | null };

/**
 * What a line of a kernel, a firewall, a capture or a listing says. Nothing is in it that the line does not show: `null` if it shows
 * nothing of it.
 */
export type PastedFact = Place & {
  readonly text: string;
  /** As in `LogLine`. */
  readonly at?: number;
} & (
    | {
        /** A firewall logged a packet: `[UFW BLOCK]`, a LOG rule, a drop in Windows' firewall log. */
        readonly kind: "logged-packet";
        readonly verdict: "blocked" | "allowed" | null;
        /** What the rule writes before the packet, such as `[UFW BLOCK]`. */
        readonly prefix: string | null;
        readonly from: PastedEndpoint;
        readonly to: PastedEndpoint;
        /** Interfaces; both are there where a router forwards it. */
        readonly in: string | null;
        readonly out: string | null;
        /** `SYN`, `ACK` and so on. */
        readonly flags: readonly string[];
      }
    | {
        /** A packet in a capture's text (tcpdump, tshark). */
        readonly kind: "packet";
        readonly from: PastedEndpoint;
        readonly to: PastedEndpoint;
        readonly flags: readonly string[];
        readonly length: number | null;
        /** Decoded FTP, where the reader shows it. */
        readonly ftp: string | null;
      }
    | {
        /** An entry of conntrack(8). */
        readonly kind: "connection";
        readonly event: "NEW" | "UPDATE" | "DESTROY" | null;
        readonly state: string | null;
        readonly flags: readonly string[];
        readonly from: PastedEndpoint;
        readonly to: PastedEndpoint;
        readonly answeredFrom: PastedEndpoint | null;
        readonly answeredTo: PastedEndpoint | null;
        readonly helper: string | null;
      }
    | {
        /** What a connection tracking helper of the kernel said. */
        readonly kind: "helper";
        readonly said: "dropped-packet" | "no-sequence-adjustment" | "not-assigned" | "other";
        /** The packet that it dropped; left out if the line does not show it. */
        readonly from?: PastedEndpoint;
        readonly to?: PastedEndpoint;
      }
    | {
        /** An ICMP error in a capture's text. */
        readonly kind: "icmp-error";
        readonly from: string;
        readonly to: string;
        /** As it is written, such as `host 192.0.2.1 unreachable - admin prohibited`. */
        readonly says: string;
        /** What could not be reached, where the line names it. */
        readonly target: PastedEndpoint | null;
      }
    | {
        /** A rule, or a chain's policy, of iptables, nft, ufw or firewalld. */
        readonly kind: "rule";
        readonly chain: string | null;
        readonly table: string | null;
        readonly action:
          "accept" | "drop" | "reject" | "dnat" | "snat" | "masquerade" | "helper" | "notrack" | "log" | null;
        readonly isPolicy: boolean;
        readonly protocol: string | null;
        /** Destination ports, first and last; empty for any. */
        readonly ports: readonly (readonly [number, number])[];
        readonly states: readonly string[];
        readonly source: string | null;
        readonly destination: string | null;
        /** Where DNAT leads. */
        readonly target: PastedEndpoint | null;
        /** Links that it asks for; left out for any. */
        readonly in?: string;
        readonly out?: string;
        /** The helper that it attaches, or that it asks the control connection for where the action is another. */
        readonly helper?: string;
      }
  );

/** What is known of a session in which something was reported to fail; `null` if the report does not say. */
export type Symptom = {
  /** Which program's log it is, by the format's id; `null` if nothing was pasted. */
  readonly format: string | null;
  readonly client: string | null;
  /** The server's software and version, as its greeting names them. */
  readonly server: string | null;
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  readonly operation: Operation | null;
  /** `cut-off`: the log ends before anything failed, and before what was to be done was done. */
  readonly result: "failed" | "worked" | "cut-off";
  /** Where it stopped; how far a log goes that is cut off. */
  readonly stage: Stage | null;
  readonly replyCode: number | null;
  /** What the client told its user about the failure, in its own words. */
  readonly message: string | null;
  /** The address that the client dialled for the control connection. */
  readonly dialled: string | null;
  /** What the data command, or the reply to it, named as the client saw it; no address where it is blotted out. */
  readonly announced: { readonly address: string | null; readonly port: number } | null;
  /** How the reply to the data command reads; `null` if none is shown. */
  readonly dataReply: DataReply | null;
  /** Where the client says that it dialled for the data connection. */
  readonly dataDialled: PastedEndpoint | null;
  /** The client says that it put the server's address in place of the one in 227. */
  readonly replaced: boolean;
  /** The client says that 227 named a private address, without showing it. */
  readonly hidesPrivateAddress: boolean;
  /** The other sessions of the same log, in its order. */
  readonly beside: readonly SessionBeside[];
  /** What of the above rests on which lines; what is typed on the command line rests on none. */
  readonly grounds?: Readonly<Partial<Record<SymptomTrait, readonly Place[]>>>;
  /** All lines of the told session, and all remarks of servers and kernels beside it. */
  readonly lines: readonly LogLine[];
  /** What kernels, firewalls, captures and listings say. */
  readonly facts?: readonly PastedFact[];
};

/**
 * The reply to a data command. `legal`: as RFC 959, 1123 and 2428 have it. `malformed`: the right code, and no endpoint that those allow.
 * `other`: the code of another command's reply, such as 227 for EPSV. `refused`: 4xx or 5xx.
 */
export type DataReply = { readonly form: "legal" | "malformed" | "other" | "refused"; readonly code: number };

/** What a symptom says of a session. */
export type SymptomTrait =
  | "client"
  | "server"
  | "mode"
  | "data"
  | "operation"
  | "result"
  | "stage"
  | "replyCode"
  | "message"
  | "dialled"
  | "announced"
  | "dataReply"
  | "dataDialled"
  | "replaced"
  | "hidesPrivateAddress";

/** Another session of the log than the reported one. */
export type SessionBeside = Pick<Symptom, "mode" | "data" | "result"> & {
  /** Its first line; of an attempt the first that is not of the login. */
  readonly line: number;
  /** Another attempt to transfer in a session that goes on. */
  readonly isAttempt?: true;
};

/** A session that failed, and no more. */
export const nothingKnown: Symptom = {
  format: null,
  client: null,
  server: null,
  mode: null,
  data: null,
  operation: null,
  result: "failed",
  stage: null,
  replyCode: null,
  message: null,
  dialled: null,
  announced: null,
  dataReply: null,
  dataDialled: null,
  replaced: false,
  hidesPrivateAddress: false,
  beside: [],
  lines: [],
};

/** Whether a program that logs commands and no replies went on to something else after this one: lines follow in which nothing was read. */
export function goesOnUnread(lines: readonly LogLine[], command: LogLine): boolean {
  if (lines.some(({ direction }) => direction === "<")) return false;
  const next = lines[lines.indexOf(command) + 1];
  return next !== undefined && next.paste === command.paste && next.line > command.line + 1;
}
