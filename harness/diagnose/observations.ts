import type { SoftwareId } from "../model/ids";
import type { Dialogue, DialogueExchange } from "../ftp/dialogue";
import type { Endpoint } from "../ftp/endpoint";
import type { DataCommand, ModeTraits, Stage } from "../model/axes";
import type { ExpectationEvent, FlowTuple, Gap, ServerExchange, TracedPacket, TraceStep } from "../model/evidence";
import type { FirstBreak } from "../model/first-break";
import type { Cell } from "../model/cell";
import type { PortRange } from "../model/topology";
import type { ServerSettings } from "../catalog/servers/definition";
import type { RouterRules } from "../evidence/text/rules";
import type { PacketView } from "./observe/packets";
import type { WireView } from "./observe/wire";

/** What one router did with the data connection's SYN. */
export type SynFate =
  /** The router's trace is missing. */
  | { readonly kind: "unrecorded" }
  /** It did not come to this router. */
  | { readonly kind: "unseen" }
  /** It was let through. */
  | { readonly kind: "passed"; readonly packet: TracedPacket; readonly step: TraceStep }
  | { readonly kind: "blocked"; readonly packet: TracedPacket; readonly step: TraceStep; readonly silent: boolean }
  /** The router took it for its own and let it in: nothing listens there. */
  | { readonly kind: "own"; readonly packet: TracedPacket; readonly step: TraceStep }
  /** It came, and no filter decided: the router knew no way on. */
  | { readonly kind: "lost"; readonly packet: TracedPacket };

/** Both sides of a connection on a router. */
export type Translation = { readonly original: FlowTuple; readonly reply: FlowTuple };

/** One router, as far as this session is concerned. */
export type RouterView = {
  readonly id: string;
  /** `null` if they were not recorded. */
  readonly rules: RouterRules | null;
  readonly control: Translation | null;
  /** Destination port of the control connection, as it comes here. */
  readonly controlPort: number;
  /** Links by which the control connection's SYN came and left. */
  readonly inLink: string | null;
  readonly outLink: string | null;
  /** Rules that keep packets from connection tracking (NOTRACK, CT --notrack, nft's notrack), as they stand. */
  readonly untracking: readonly string[];
  /** Control ports to which the rules attach the FTP helper. */
  readonly helperPorts: readonly PortRange[];
  /** Whether the helper was attached to this session's control connection; `null` if that was not recorded. */
  readonly attached: boolean | null;
  /** The control connection's source (client) or destination (server) was translated here. */
  /** Whether any answer to the control connection's SYN came by here; `null` if nothing shows that the SYN left. */
  readonly answered: boolean | null;
  /** Seconds of silence after which it forgets the established control connection; `null` if unknown. */
  readonly forgetsAfterS: number | null;
  readonly translatesClient: boolean;
  readonly translatesServer: boolean;
  /** Expectations made for the data connection in question. */
  readonly expectations: readonly ExpectationEvent[];
  readonly syn: SynFate;
  /** Other packets of the session that its filter dropped or rejected. */
  readonly dropped: readonly TracedPacket[];
};

/** Where the data connection ended, over all routers. */
export type Stop =
  | { readonly kind: "blocked" | "own"; readonly router: RouterView; readonly chain: string; readonly silent: boolean }
  | { readonly kind: "lost" | "unseen"; readonly router: RouterView }
  /** Every router let it through. */
  | { readonly kind: "passed" }
  | { readonly kind: "unknown" };

/** The facts that causes ask for, each derived once. */
export type Observations = {
  readonly cell: Cell;
  readonly failed: boolean;
  readonly stage: Stage | null;
  readonly message: string;
  readonly replyCode: number | null;
  readonly data: DataCommand;
  readonly passive: boolean;
  readonly family: "ipv4" | "ipv6";
  readonly traits: ModeTraits;
  readonly dialogue: Dialogue;
  /** The last PASV, EPSV, PORT or EPRT, and the last transfer command after it. */
  readonly dataExchange: DialogueExchange | null;
  readonly transferExchange: DialogueExchange | null;
  readonly control: {
    readonly port: number;
    /** Whether some witness saw the connection to that port. */
    readonly portSeen: boolean;
    /** The server's name; `null` if that is not known. */
    readonly name: string | null;
    /** Address that the client dialled. */
    readonly peer: string | null;
    /** The client's own address. */
    readonly client: string | null;
    /** Whether TLS covered the data command. */
    readonly encrypted: boolean;
    readonly firstClear: boolean;
  };
  /** What the data command or its reply named, at the client's end and at the server's. */
  readonly advertised: Endpoint | null;
  readonly logged: Endpoint | null;
  /** Whether a router rewrote it on the way; `null` if one end is not recorded. */
  readonly rewritten: boolean | null;
  /** Where the session broke first; `null` if it did not fail, or if that is unknown. */
  readonly firstBreak: FirstBreak | null;
  /** What happened to the session's packets; `null` if none were captured. */
  readonly packets: PacketView | null;
  /** The session's connections at its two ends; `null` if one was not listened to, or the session worked. */
  readonly wire: WireView | null;
  /** Everything was listened to, and no packet of the session was seen anywhere. */
  readonly sentNothing: boolean;
  /** Where the client connected to (PASV, EPSV). */
  readonly dialled: Endpoint | null;
  readonly routers: readonly RouterView[];
  /** Something of the routers is missing. */
  readonly routersMissing: boolean;
  readonly helper: {
    /** Whether any router's rules attach the FTP helper to any port. */
    readonly onPath: boolean | null;
    /** Whether one was attached to this control connection. */
    readonly attached: boolean | null;
    /** Whether one read the data command or its reply: it expected the connection, or rewrote the line. */
    readonly read: boolean;
  };
  /** Whether the data command and its reply were such that a helper could have parsed them. */
  readonly readable: boolean;
  readonly stop: Stop;
  /** Whether static rules alone would let a connection through to the port; `null` if the rules are unknown. */
  readonly staticallyOpen: boolean | null;
  /** The same of the address in 227, where that is not the one dialled for control; `null` also where no rule tells who reaches it. */
  readonly namedIsOpen: boolean | null;
  readonly server: {
    readonly seen: boolean;
    /** The client's address as the server saw it. */
    readonly peer: string | null;
    /** The server's own address. */
    readonly address: string | null;
    /** As its logs or its greeting tell; else `null`. */
    readonly software: SoftwareId | null;
    /** Its configuration as it is; empty if nobody has seen it. */
    readonly configuration: string;
    readonly settings: ServerSettings;
    readonly exchanges: readonly ServerExchange[];
    readonly tlsLog: readonly string[];
    readonly systemLog: readonly string[];
  };
  readonly missing: readonly Gap[];
};
