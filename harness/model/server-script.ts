/** Typed form of the `script` of a server profile: what a server says and does where it is other than an ordinary one. */
import type { CertificateKind } from "./certificate-kind";
import type { PortRange } from "./topology";

/** The words that stand for a step by themselves. */
export const stepWords = ["default", "transfer", "close", "reset"] as const;

/** What a server does next. `reply`: lines without their ends; `send`: characters as they are; `close` is a FIN. */
export type ScriptStep =
  | { readonly kind: (typeof stepWords)[number] }
  | { readonly kind: "reply" | "send"; readonly text: string }
  | { readonly kind: "wait"; readonly ms: number };

/** Steps in order; none is silence. */
export type ScriptAnswer = readonly ScriptStep[];

/** What is answered to a command. */
export type ScriptedCommand = {
  /** In capitals. */
  readonly verb: string;
  /** A glob of its argument; `null` for any. */
  readonly argument: string | null;
  /** The first and the second time that a session sends it; left out: as always. */
  readonly first?: ScriptAnswer | undefined;
  readonly second?: ScriptAnswer | undefined;
  readonly always: ScriptAnswer;
};

/** Who sends close_notify after CCC: the server at once, the server once the client has, or not the server. */
export const cccManners = ["first", "answer", "never"] as const;

/** How TLS is asked for: AUTH on the usual port, TLS from the first byte on port 990, or either. */
export const tlsAccess = ["both", "explicit", "implicit"] as const;

/** How data connections end in the middle. */
export const breakWays = ["reset", "close", "silence"] as const;

export type DataManners = {
  /** Whether anything listens on the port that a reply to PASV or EPSV names. */
  readonly listens: boolean;
  /** Ports in place of those of the network. */
  readonly ports: PortRange | null;
  /** The address that replies name, in place of the server's. */
  readonly address: string | null;
  /** Connections are opened, and nothing happens on them. */
  readonly silent: boolean;
  /** Bytes of a transfer after which it ends so; `null`: at its own end. */
  readonly breaks: { readonly after: number; readonly by: (typeof breakWays)[number] } | null;
  /** Bytes of zero that are sent behind a file or listing. */
  readonly extra: number;
  readonly closeNotify: boolean;
  /** Certificate of data connections; `null`: the control connection's. */
  readonly certificate: CertificateKind | null;
};

export type ServerScript = {
  /** `null`: the usual one. */
  readonly greeting: ScriptAnswer | null;
  /** The first that fits counts. */
  readonly commands: readonly ScriptedCommand[];
  readonly data: DataManners;
  readonly tls: { readonly accepts: (typeof tlsAccess)[number]; readonly ccc: (typeof cccManners)[number] };
};

/** The script that leaves everything alone. */
export const emptyScript: ServerScript = {
  greeting: null,
  commands: [],
  data: {
    listens: true,
    ports: null,
    address: null,
    silent: false,
    breaks: null,
    extra: 0,
    closeNotify: true,
    certificate: null,
  },
  tls: { accepts: "both", ccc: "first" },
};
