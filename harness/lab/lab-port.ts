/**
 * * The lab as `run/` knows it. The code that runs cells uses only these methods, so that it can be tested without an engine;
 * `test/support/fake-lab.ts` implements them too.
 */
import type { ServerImage } from "../catalog/servers/definition";
import type { LabTexts } from "../evidence/recording/assemble";
import type { ProbeOutcome, ProgramRequest, SessionRequest } from "../model/agent-protocol";
import type { Attempt } from "../model/cell";
import type { ClientImage, ProgramOutcome } from "../model/program";
import type { RemoteFile } from "../model/remote-file";
import type { ServerProfile, TakenOver } from "../model/server-profile";
import type { Topology, TopologyNode } from "../model/topology";
import type { HostImages } from "../plan/labs";
import type { KernelFeature } from "../plan/needs";

/** The files that are really on the server's disk, read there when the lab starts. */
export type SiteFiles = {
  readonly list: readonly RemoteFile[];
  readonly download: readonly (RemoteFile & { readonly sha256: string })[];
};

/** Names and their versions. */
export type Versions = Readonly<Record<string, string>>;

/** What a run needs before its first lab can start. */
export type SiteRequest = {
  /** The run's id. */
  readonly run: string;
  /** Images that its labs need beside those of the core matrix. */
  readonly images: readonly (ClientImage | ServerImage | "translator")[];
  /** Told what takes a while. */
  readonly notice: (text: string) => void;
  readonly signal: AbortSignal;
};

/** A server's configuration that is a user's own, at least in parts, and a network that has its server. */
export type UserFileCheck = { readonly topology: Topology; readonly profile: ServerProfile };

/** Makes what the labs of a run share. @throws LabError; nothing is left running then */
export type OpenSite = (request: SiteRequest) => Promise<RunSite>;

/** Where the labs of one run are started. */
export interface RunSite {
  /** Versions of the engine and of the kernel on which its containers run. */
  readonly versions: Versions;

  /** The first of the features that the kernel lacks; `null` if it has them all. @throws LabError if it cannot be asked */
  findLackingFeature(needed: readonly KernelFeature[]): Promise<KernelFeature | null>;

  /** The image of a release that a lab's hosts need, and why it cannot be had; `null` if all are there. */
  whyLacking(hosts: HostImages): string | null;

  /** Loads a user's own rules of these networks' routers. @throws UsageError in the words of the program that refuses them */
  checkUserRules(topologies: readonly Topology[]): Promise<void>;

  /**
   * Lets a server check what of its configuration is a user's own; gives the lines that the lab takes over.
   * @throws UsageError in the server's words
   */
  checkUserConfiguration(check: UserFileCheck): Promise<readonly TakenOver[]>;

  /** Brings a network up; its server is started by `server.serve`. @throws LabError; whatever had been started is gone then */
  startLab(topology: Topology, hosts: HostImages): Promise<RunningLab>;

  /** Ends what the labs share: they must have been closed before. */
  close(): Promise<void>;
}

/** A running network: client, routers and servers, wired and filtered as the topology says. Each question throws LabError. */
export interface RunningLab {
  /** See `labId`. */
  readonly id: string;
  readonly topology: Topology;
  /** Versions that a verdict may depend on. */
  readonly versions: Versions;
  /** `ca`: PEM text of what signs the server's certificates. */
  readonly certificates: { readonly ca: string };
  readonly server: LabServer;
  /** Container names by node, for `docker exec` by hand. */
  readonly containers: ReadonlyMap<string, string>;

  /** Runs a session in the client's network position; `onWaiting` is called when it stands still for a while. */
  runSession(request: SessionRequest, onWaiting?: () => void): Promise<Attempt>;

  /** Runs a packaged program in the client's network position; `onWaiting` is called when it stands still for a while. */
  runProgram(request: ProgramRequest, onWaiting: () => void): Promise<ProgramOutcome>;

  /** Tries a TCP connection from the client. */
  probe(address: string, port: number, timeoutMs: number): Promise<ProbeOutcome>;

  /** Interfaces that a node really has, without loopback. */
  interfacesOf(node: TopologyNode): Promise<readonly string[]>;

  /** Loads the rules of this topology's routers; flows that are tracked already keep their state. */
  applyRules(topology: Topology): Promise<void>;

  /** Turns forwarding on every router on or off. */
  setForwarding(on: boolean): Promise<void>;

  /** Begins to listen on routers, servers and wires, and on the hosts' own rules where they have any. */
  watch(options?: WatchOptions): Promise<LabWitnesses>;

  /** What is broken in the lab itself, or `null`: checked before a failure counts as FTP's. */
  findFault(): Promise<string | null>;

  /** Leaves the containers to the user. */
  keep(): Promise<void>;

  /** Ends everything; what still runs in the lab fails. */
  close(): Promise<void>;
}

/** `everything`: every node is traced from end to end, hosts too, whatever rules it has; left out: those with rules of their own. */
export type WatchOptions = { readonly everything?: boolean };

/** The FTP server of a lab, or several that are alike. */
export interface LabServer {
  readonly files: SiteFiles;

  /** Starts it with a profile, ending the one that runs; returns when it listens. */
  serve(profile: ServerProfile): Promise<void>;

  /** SHA-256 of uploaded files as they lie on the server's disk, by name; what is not there is left out. */
  uploadHashes(names: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** Sees to it that there is a file of each of these sizes, in bytes, to be downloaded. */
  provide(sizes: readonly number[]): Promise<void>;

  /** A listener that is no FTP server, so that a blocked connection to its port proves a filter and not an empty port. */
  openDecoy(port: number): Promise<void>;
}

/** The vantage points of a lab beside the client: routers, servers and the packets on the wires. */
export interface LabWitnesses {
  /** Forgets what was seen so far, so that addresses and names may be used again. */
  clear(): Promise<void>;

  /** Everything seen since it was last cleared; what could not be heard is named in it. */
  collect(): Promise<LabTexts>;

  /** TLS secrets of all sessions since the lab's start, in the NSS key log format (SSLKEYLOGFILE). */
  keyLog(): Promise<string>;
}
