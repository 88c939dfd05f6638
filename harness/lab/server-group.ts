import type { ServerTexts } from "../evidence/recording/server-session";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { serversOf } from "../model/network";
import type { ServerImage } from "../catalog/servers/definition";
import { FtpServer } from "./ftp-server";
import type { LabServer, SiteFiles, Versions } from "./lab-port";
import type { NodeShell } from "./node-shell";
import type { SiteCertificates } from "./site-certificates";

/** The FTP servers of a lab: one in most networks, several that are alike where a router shares connections out among them. */
export class ServerGroup implements LabServer {
  readonly #first: FtpServer;
  readonly #all: readonly FtpServer[];

  private constructor(first: FtpServer, others: readonly FtpServer[]) {
    this.#first = first;
    this.#all = [first, ...others];
  }

  /** Lays out the same files on each server; `shells` are theirs, in the order of the file. */
  static async prepare(
    shells: readonly NodeShell[],
    { topology, certificates }: { readonly topology: Topology; readonly certificates: SiteCertificates },
    image: ServerImage,
  ): Promise<ServerGroup> {
    const [head, ...rest] = serversOf(topology).flatMap((node, index) => {
      const shell = shells[index];
      return shell === undefined ? [] : [{ shell, spec: { topology, node, certificates } }];
    });
    if (head === undefined) throw new Error(`${topology.id}: no shell on a server`);
    const first = await FtpServer.prepare(head.shell, { ...head.spec, archive: null }, image);
    const archive = rest.length === 0 ? null : await first.archive();
    const others = rest.map(({ shell, spec }) => FtpServer.prepare(shell, { ...spec, archive }, image));
    return new ServerGroup(first, await Promise.all(others));
  }

  get files(): SiteFiles {
    return this.#first.files;
  }

  /** See `FtpServer`. */
  get versions(): Versions {
    return this.#first.versions;
  }

  get name(): string {
    return this.#first.name;
  }

  /** Starts each server with a profile, ending what runs; returns when all listen. */
  async serve(profile: ServerProfile): Promise<void> {
    await Promise.all(this.#all.map((server) => server.serve(profile)));
  }

  async isListening(): Promise<boolean> {
    return (await Promise.all(this.#all.map((server) => server.isListening()))).every(Boolean);
  }

  async clearLogs(): Promise<void> {
    await Promise.all(this.#all.map((server) => server.clearLogs()));
  }

  /** Each server's logs since they were last cleared. */
  readLogs(): Promise<readonly ServerTexts[]> {
    return Promise.all(this.#all.map((server) => server.readLogs()));
  }

  /** SHA-256 of uploaded files, by name, on whichever server they lie: no two sessions of a lab upload the same name. */
  async uploadHashes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(this.#all.map((server) => server.uploadHashes(names)));
    return new Map(found.flatMap((hashes) => [...hashes]));
  }

  /** See `FtpServer`. */
  async provide(sizes: readonly number[]): Promise<void> {
    await Promise.all(this.#all.map((server) => server.provide(sizes)));
  }

  /** See `FtpServer`. */
  async openDecoy(port: number): Promise<void> {
    await Promise.all(this.#all.map((server) => server.openDecoy(port)));
  }
}
