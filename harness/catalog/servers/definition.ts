import type { ImageName, ReleaseId, SoftwareId } from "../../model/ids";
import type { Cell } from "../../model/cell";
import type { CertificateKind } from "../../model/certificate-kind";
import type { ServerProfile, TakenOver } from "../../model/server-profile";
import type { PortRange, ServerNode, Topology } from "../../model/topology";
import type { ConfigurationFinding } from "./lint/finding";
import type { ServerLogPaths, ServerLogs, ServerLogTexts } from "../../evidence/text/server-log";

/** Images in which servers live. */
export type ServerImage = Extract<ImageName, `server${string}`> | `server${string}@${ReleaseId}`;

/** Everything that a server's configuration follows from. */
export type ServerSetup = {
  readonly topology: Topology;
  readonly server: ServerNode;
  readonly profile: ServerProfile;
};

/** A file that a server needs, as it is written before it starts. */
export type ServerFile = { readonly path: string; readonly text: string; readonly mode: string };

/** What a configuration says, as far as causes and the prediction ask. */
export type ServerSettings = {
  readonly address: string | null;
  readonly passivePorts: PortRange | null;
  readonly masqueradeAddress: string | null;
  /** Value of ProFTPD's TLSRequired. */
  readonly tlsRequired: string | null;
  /** Words of ProFTPD's TLSProtocol. */
  readonly tlsVersions: readonly string[];
  /** Words of ProFTPD's TLSOptions. */
  readonly tlsOptions: readonly string[];
  /** Seconds of ProFTPD's TLSSessionCache, where that is set. */
  readonly sessionSeconds: number | null;
  /** Ports on which TLS begins without being asked for. */
  readonly implicitPorts: readonly number[];
};

/** A refusal's reason as a sentence that names its code. */
export type Refusal = string;

/** What a server with a profile does to a session, as far as it decides its outcome. `null`: it does not refuse. */
export type ServerTraits = {
  /** Whether it takes AUTH TLS, and whether it listens for implicit TLS. */
  readonly explicitTls: boolean;
  readonly implicitTls: boolean;
  /** Set where every control connection begins with TLS: nothing listens for plain FTP and explicit TLS. */
  readonly onlyImplicit?: true;
  /** USER on a clear control connection. */
  readonly refusesClearLogin: Refusal | null;
  readonly refusesProt: Readonly<Record<"C" | "P", Refusal | null>>;
  /** Whether PROT without a PBSZ before it is refused, with 503 (RFC 4217 section 9). */
  readonly wantsPbsz: boolean;
  /** Whether it sends tickets over TLS 1.3, without which no session of that version can be resumed (RFC 8446 section 4.6.1). */
  readonly sendsTickets: boolean;
  /** CCC, once somebody has logged in over TLS. */
  readonly refusesCcc: Refusal | null;
  /** A transfer whose data is in clear: in a session without TLS, or after a granted PROT C. */
  readonly refusesClearTransfer: Refusal | null;
  /** A protected data connection with a TLS session of its own, in a session without CCC. */
  readonly refusesNewSession: { readonly reason: Refusal; readonly stage: "data-tls" | "protection" } | null;
  /** PORT and EPRT, whatever they name, with 502; left out: it has active mode. */
  readonly refusesActive?: Refusal;
  /** What it does with PORT and EPRT that name another address than the control connection's peer. */
  readonly foreignAddress: "refuses" | "takes-peer-for-private";
  /** Code with which it refuses that. */
  readonly foreignAddressCode: number;
  /** What it says to EPRT of the family that its connection does not have; a foreign address is refused as every other. */
  readonly otherFamily: "not-supported" | "foreign-address";
  /** A passive data connection that comes from another address than the control connection (RFC 2577). */
  readonly refusesForeignPeer: Refusal | null;
  /** When it connects in active mode; with `at-command` a failure is the answer to PORT or EPRT. */
  readonly connects: "at-transfer" | "at-command";
};

/** What admins write to change a setting, in the server's own words. */
export type Directives = {
  readonly passivePorts: (range: PortRange) => readonly string[];
  /** The configuration's lines that have to go for new lines to hold; left out if the last line of a kind holds. */
  readonly replaced?: (lines: readonly string[], configuration: string) => readonly string[];
  readonly masqueradeAddress: (address: string) => readonly string[];
  /** TLS for login and data, CCC granted; `null` if no setting does that. */
  readonly grantCcc: readonly string[] | null;
  /** `options`: the words of ProFTPD's TLSOptions that stay; `null` if reuse is never demanded. */
  readonly acceptNewSessions: ((options: readonly string[]) => readonly string[]) | null;
  /** Lets TLS sessions, which now last so many seconds, outlast a control connection; left out if nothing shortens them. */
  readonly rememberSessions?: (seconds: number) => readonly string[];
  /** It sets SO_KEEPALIVE on control connections, and leaves it to the host how often; left out if it does not. */
  readonly asksKeepAlive?: true;
  readonly demandNothing: readonly string[];
  /** Data protected or not as the client wants. */
  readonly freeProtection: readonly string[];
  /** `configuration` is the server's own file, empty if it was not recorded. */
  readonly certificate: (configuration: string) => readonly string[];
  /** Lets the server read its configuration and certificate again. */
  readonly reload: readonly string[];
  /** The versions that current clients speak. */
  readonly currentVersions: readonly string[];
  /** Switches TLS on, with a certificate. */
  readonly offerTls: readonly string[];
  readonly acceptForeignAddress: readonly string[];
  /** Takes passive data connections from other addresses than the control connection's; `null` if no setting does that. */
  readonly acceptForeignPeer: readonly string[] | null;
  /** Implicit TLS on port 990; `null` if there is none. `address` is the server's. */
  readonly implicitTls: ((address: string) => readonly string[]) | null;
  readonly port: (port: number) => readonly string[];
  readonly logMore: readonly string[];
  /** Lifts the limits on sessions at once. */
  readonly moreSessions: readonly string[];
  /** Lets the server take connections from every address. */
  readonly allowAddress: readonly string[];
  /** Lets it answer without waiting for names, idents or its own brakes. */
  readonly answerSooner: readonly string[];
  /** Lines of shell that let the software check its configuration. */
  readonly check: readonly string[];
  /** Makes the server refuse a command such as `EPSV`; `null` if no setting does that. */
  readonly denyCommand: (verb: string) => readonly string[] | null;
  /**
   * Makes the server take a command that its configuration denies; `null` if no setting does that. `configuration` is the server's own
   * file, empty if it was not recorded.
   */
  readonly allowCommand: (verb: string, configuration: string) => readonly string[] | null;
};

/** What a line of a reply or a log may tell of a server's own decision or trouble. */
export const serverWordKinds = [
  /** A limit of sessions or transfers is reached. */
  "limit",
  /** An access rule turns the client away by its address. */
  "address",
  /** A rule denies a command that the software knows. */
  "command",
  /** A file or folder is not there, not allowed, or too big. */
  "file",
  /** The configuration, or what it names, is not in order. */
  "setting",
  /** A process of the server ended by a signal or a fault. */
  "died",
  /** No port of the passive range was free. */
  "range",
] as const;
export type ServerWordKind = (typeof serverWordKinds)[number];

/** How a software says so; `null` if it says nothing, or nothing that is always the same. */
export type ServerWords = Readonly<Record<ServerWordKind, RegExp | null>>;

/** A server software: how it is set up, run and read, and how it differs from others. One file each in this folder. */
export type ServerSoftware = {
  /** The file's name. */
  readonly id: SoftwareId;
  /** As its authors write it. */
  readonly name: string;
  /** It stands for servers that the lab does not have: nobody runs it outside, and its words may be those of any. Left out: it does not. */
  readonly isStandIn?: true;
  /** What only it is called beside its name, such as a module of it that writes logs; left out: nothing. */
  readonly alsoCalled?: RegExp;
  /** It runs on Unix alone; left out: on Windows, too. */
  readonly isUnixOnly?: true;
  /**
   * What of a network's server no setting of it decides, with what it does instead: the passive ports that it takes, and that 227 names
   * its own address (`masqueradeAddress: null`). Left out: it does all that a network asks.
   */
  readonly fixed?: Partial<Pick<ServerNode, "passivePorts" | "masqueradeAddress">>;
  /** How its log of commands and replies is had, and the log of its TLS, as words behind "the server's". */
  readonly logging: { readonly plain: string; readonly tls: string };
  /** Finds its name in its greeting, with the version where that is told. */
  readonly greeting: RegExp;
  /**
   * What it says in a reply or a log when it refuses a passive data connection from another host than the control connection's, as far as
   * the words are always the same; `null` if it says nothing.
   */
  readonly strangerRefusal: string | null;
  readonly says: ServerWords;
  /** Lines of its logs with which each session begins and ends, however it ends; left out if it has no such lines. */
  readonly sessionLines?: { readonly begins: string; readonly ends: string };
  /** The line of its configuration that denies a command; `null` if none does, or nobody has seen it. */
  readonly deniedBy: (verb: string, configuration: string) => string | null;
  /** Debian's package whose version is the software's; left out if it is none of Debian's. */
  readonly debianPackage?: string;
  /** Those with a folder of their own; other releases of the package have the one of Debian 13 upon their own base. */
  readonly images: Readonly<Partial<Record<ReleaseId, ServerImage>>>;
  /** Shell text that prints the version, which the pattern finds as its first group. */
  readonly version: { readonly command: string; readonly pattern: RegExp };
  /** Capabilities that its container needs beside the engine's usual ones. */
  readonly capabilities: readonly string[];
  readonly paths: { readonly configuration: string; readonly certificate: string; readonly privateKey: string };
  readonly logs: ServerLogPaths;
  /** What of a profile it cannot do, and the profile's key that asks for it; `null` if it can do all. */
  readonly lacks: (profile: Pick<ServerProfile, "tls" | "foreignAddress" | "release">) => ProfileLack | null;
  readonly traits: (profile: ServerProfile) => ServerTraits;
  /** What a profile decides of a cell beyond its traits, as a clause; `null`, or left out: nothing. */
  readonly undecided?: (profile: ServerProfile, cell: Cell) => string | null;
  /** The configuration first. */
  readonly files: (setup: ServerSetup) => readonly [ServerFile, ...ServerFile[]];
  /** A certificate for data connections alone, and where it finds that; `null`, or left out: it has one for all. */
  readonly dataCertificate?: (profile: ServerProfile) => DataCertificate | null;
  /** Control ports that it listens on. */
  readonly ports: (setup: ServerSetup) => readonly number[];
  /** Lines of shell that start it and end once it runs by itself; and that end what they started, if it runs. */
  readonly start: (setup: ServerSetup) => readonly string[];
  readonly stop: readonly string[];
  /** Lines of shell that return once all that was logged so far stands in the logs. */
  readonly settle: readonly string[];
  readonly readLogs: (texts: ServerLogTexts) => ServerLogs;
  /** `isImplicit`: as they hold for sessions that begin with TLS, where those have a block of their own. */
  readonly readSettings: (configuration: string, isImplicit?: boolean) => ServerSettings;
  readonly directives: Directives;
  /**
   * Puts lines of its language into a configuration so that they count: each instead of what sets the same, or where such a line belongs.
   */
  readonly amend: (configuration: string, lines: readonly string[]) => string;
  /** Whether a profile's file may add lines of its own to the configuration; left out: it may. */
  readonly takesDirectives?: false;
  /** How an administrator's files of it are told from others; `null` if `import` reads none. */
  readonly userFiles: UserFiles | null;
  /** How it takes a user's own configuration; `null` if the lab cannot do that with it. */
  readonly userConfig: UserConfigSupport | null;
};

/** What tells a software's files from those of others, for `import`. */
export type UserFiles = {
  /** The configuration's usual name. */
  readonly name: string;
  /** Whether a text is its configuration, by words that no other program's file has. `lines` are those that are no comments. */
  readonly isConfiguration: (text: string, lines: readonly string[]) => boolean;
  /** Whether a file of this name with one line is one option; left out: it has no such files. */
  readonly isOption?: (name: string) => boolean;
  /** A line of the configuration, and not of what people write below it; left out: a block's or a comment's. */
  readonly line?: RegExp;
  /** Names of container images that it is in. */
  readonly images: RegExp;
};

/** How a user's own configuration takes the place of what is rendered. */
export type UserConfigSupport = {
  /** What a file may lack here that it has on its own machine, for the message of a refusal. */
  readonly hint: string;
  /** Contradictions, and what does not do what it looks like, by the server's source; `given`: names of the files that make the text. */
  readonly lint: (text: string, given?: readonly string[]) => readonly ConfigurationFinding[];
  /** Where it listens, as far as the file says. */
  readonly ports: (text: string) => ConfiguredPorts;
  /** Why the lab cannot run it, as a clause; `null` if it can. */
  readonly lacks: (text: string) => string | null;
  /** The file as the server gets it, with the user's lines in their order; `changed` are those that it does not get. */
  readonly compose: (setup: ServerSetup) => {
    readonly text: string;
    readonly linesBefore: number;
    readonly changed: readonly TakenOver[];
  };
  /**
   * The set-up that it comes to, as far as it can be read: what the prediction starts from. `isImplicit`: for sessions that begin
   * with TLS, for which some have a block of their own.
   */
  readonly effective: (
    premises: { readonly topology: Topology; readonly server: ServerProfile },
    isImplicit?: boolean,
  ) => { readonly topology: Topology; readonly server: ServerProfile };
  /** Lines of shell that let the server check it and print what is wrong. */
  readonly check: readonly string[];
  /** What the check complained of, with the line in the user's file where it is known; `null` for nothing. */
  readonly complaint: (
    output: string,
    linesBefore: number,
    own: string,
  ) => { readonly message: string; readonly line: number | null } | null;
};

/** Where a user's own configuration listens. */
export type ConfiguredPorts = {
  /** For plain FTP and explicit TLS; `null` if every control connection begins with TLS. */
  readonly control: number | null;
  /** For implicit TLS; `null` if there is none. */
  readonly implicit: number | null;
  /** For passive data connections; `null` if the file sets no range that holds. */
  readonly passive: PortRange | null;
};

/** A certificate beside a server's usual one, with the paths of its PEM files. */
export type DataCertificate = {
  readonly kind: CertificateKind;
  readonly certificate: string;
  readonly privateKey: string;
};

/** What a software lacks of a profile. */
export type ProfileLack = { readonly key: "release" | "tls" | "allow-foreign-address"; readonly what: string };
