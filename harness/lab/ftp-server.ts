import { createHash } from "node:crypto";
import { LabError } from "../model/errors";
import type { SoftwareId } from "../model/ids";
import type { RemoteFile } from "../model/remote-file";
import { homeRelease, type ServerProfile } from "../model/server-profile";
import type { ServerNode, Topology } from "../model/topology";
import { familyOf } from "../model/network";
import { account, fileSizes, folders, siteRoot } from "../model/ftp-site";
import type { DataCertificate, ServerFile, ServerImage, ServerSoftware } from "../catalog/servers/definition";
import type { ServerLogPaths } from "../evidence/text/server-log";
import { releaseOfImage, softwareNamed, softwaresIn } from "../catalog/servers/registry";
import type { ServerTexts } from "../evidence/recording/server-session";
import { giveUp, poll } from "../text/poll";
import type { SiteFiles, Versions } from "./lab-port";
import type { NodeShell } from "./node-shell";
import { readFiles } from "./read-files";
import type { SiteCertificates } from "./site-certificates";

type ServerParts = {
  readonly shell: NodeShell;
  readonly place: Place;
  readonly certificates: SiteCertificates;
  readonly files: SiteFiles;
  /** Of each software in the image. */
  readonly versions: ReadonlyMap<SoftwareId, string>;
};

/** The FTP server in its container, and the files it serves. */
export class FtpServer {
  #files: SiteFiles;
  readonly #shell: NodeShell;
  readonly #topology: Topology;
  readonly #node: ServerNode;
  readonly #image: ServerImage;
  readonly #certificates: SiteCertificates;
  readonly #versions: ReadonlyMap<SoftwareId, string>;
  /** The one that runs, or ran last: those of an image share its container. */
  #software: ServerSoftware;
  readonly #served = new Set<ServerSoftware>();
  #ports: readonly number[] = [];

  private constructor({ shell, place, certificates, files, versions }: ServerParts) {
    this.#shell = shell;
    this.#topology = place.topology;
    this.#node = place.node;
    this.#image = place.image;
    const [software] = softwaresIn(place.image);
    if (software === undefined) throw new Error(`no server software lives in the image ${place.image}`);
    this.#software = software;
    this.#certificates = certificates;
    this.#files = files;
    this.#versions = versions;
  }

  /** Lays out the site's files, random ones or those of another server; the server in the image is not started yet. */
  static async prepare(shell: NodeShell, spec: ServerSpec, image: ServerImage = "server"): Promise<FtpServer> {
    const { topology, node, certificates, archive } = spec;
    const softwares = softwaresIn(image);
    const fill = ([folder, names]: readonly [string, readonly string[]]): string[] => [
      `mkdir -p ${siteRoot}${folder}`,
      ...names.map((name, index) => `head -c ${fileSizes[index] ?? 0} /dev/urandom > ${siteRoot}${folder}/${name}`),
    ];
    const names = fileSizes.map((size) => `${size}-bytes.bin`);
    const owner = `${account.uid}:${account.gid}`;
    const script = [
      "set -e",
      ...(archive === null
        ? [...fill([folders.list, names]), ...fill([folders.download, names]), ...fill([folders.upload, []])]
        : [`mkdir -p ${siteRoot}`, `base64 -d <<'END_OF_FILES' | tar -xC ${siteRoot}\n${archive}\nEND_OF_FILES`]),
      `chown -R ${owner} ${siteRoot}`,
      // What comes next begins a line, whatever a program prints.
      ...softwares.map(({ id, version }) => `echo; echo 'version ${id}'; (${version.command}) 2>&1 || true; echo`),
      `find ${siteRoot}${folders.list} -mindepth 1 -printf 'list %f %s\\n'`,
      `cd ${siteRoot}${folders.download}`,
      `find . -mindepth 1 -type f -printf 'download %f %s\\n'`,
      "sha256sum *",
    ].join("\n");
    const output = await shell.run("server", script);
    const versions = new Map(
      softwares.map(({ id, version }) => {
        const [, told = ""] = output.split(`version ${id}\n`);
        return [id, version.pattern.exec(told)?.[1] ?? "unknown"] as const;
      }),
    );
    return new FtpServer({ shell, place: { topology, node, image }, certificates, files: readSite(output), versions });
  }

  /** Of what has run here: each software, with Debian's release where that is not the newest, and its version. */
  get versions(): Versions {
    const entries = [...this.#served].map((software) => {
      const { id } = software;
      const release = releaseOfImage(software, this.#image);
      return [release === homeRelease ? id : `${id} (${release})`, this.#versions.get(id) ?? "unknown"] as const;
    });
    return Object.fromEntries(entries);
  }

  get files(): SiteFiles {
    return this.#files;
  }

  /** The site's files, for another server to have the same: a tar archive in base64. */
  archive(): Promise<string> {
    return this.#shell.run("server", `tar -cC ${siteRoot} . | base64`);
  }

  /** Its software, as people call it. */
  get name(): string {
    return this.#software.name;
  }

  /** Starts the server with a profile, ending the one that runs; returns when it listens. */
  async serve(profile: ServerProfile): Promise<void> {
    const software = softwareNamed(profile.software);
    const setup = { topology: this.#topology, server: this.#node, profile };
    const before = { software: this.#software, ports: this.#ports };
    this.#software = software;
    this.#served.add(software);
    this.#ports = software.ports(setup);
    const { paths, dataCertificate } = software;
    const usual = { kind: profile.tls?.certificate ?? "trusted", ...paths };
    const ofData = dataCertificate?.(profile) ?? null;
    const script = [
      "set -e",
      ...before.software.stop,
      // An ended daemon may stay a zombie for a while, so what is waited for is that its ports are free.
      poll({
        until: `[ "$(${listening(before.ports)})" = 0 ]`,
        otherwise: giveUp(`${before.software.name} does not free its ports.`),
      }),
      ...logPathsOf(software.logs).map((file) => `: > ${file}`),
      ...(await this.#writingCertificate(usual)),
      ...(ofData === null ? [] : await this.#writingCertificate(ofData)),
      ...software.files(setup).flatMap((file) => writing(file)),
      ...software.start(setup),
      poll({
        until: `[ "$(${listening(this.#ports)})" = ${this.#ports.length} ]`,
        otherwise: `tail -n 5 ${logPathsOf(software.logs).join(" ")}; ${giveUp(`${software.name} does not listen.`)}`,
      }),
    ].join("\n");
    await this.#shell.run("server", script);
  }

  /** Lines of shell that write a certificate and its key. */
  async #writingCertificate({ kind, ...paths }: DataCertificate): Promise<readonly string[]> {
    const { certificateOf } = await import("./site-certificates.ts");
    const { certificate, privateKey } = await certificateOf(kind, this.#certificates, this.#topology.dial);
    return [
      ...writing({ path: paths.certificate, text: certificate, mode: "644" }),
      ...writing({ path: paths.privateKey, text: privateKey, mode: "600" }),
    ];
  }

  /** Whether the server still listens: a session's failure proves nothing about the network while it does not. */
  async isListening(): Promise<boolean> {
    return Number(await this.#shell.run("server", listening(this.#ports))) === this.#ports.length;
  }

  /** Empties the logs; the server appends to them. */
  async clearLogs(): Promise<void> {
    const { settle, logs } = this.#software;
    await this.#shell.run("server", [...settle, ...logPathsOf(logs).map((file) => `: > ${file}`)].join("\n"));
  }

  /** The logs since they were last cleared, and the configuration in force. */
  async readLogs(): Promise<ServerTexts> {
    const { id, settle, logs, paths } = this.#software;
    await this.#shell.run("server", settle.join("\n"));
    const wanted = [logs.dialogue, logs.tlsLog, logs.systemLog, logs.transferLog, paths.configuration];
    const files = await readFiles(
      this.#shell,
      wanted.map((path) => path ?? "/dev/null"),
      mostLogBytes,
    );
    const [dialogue = "", tlsLog = "", systemLog = "", transferLog = "", configuration = ""] = files.map((file) =>
      file.toString("utf8"),
    );
    return {
      node: this.#node.id,
      software: id,
      dialogue,
      tlsLog,
      systemLog,
      transferLog,
      configuration: configuration.trimEnd(),
    };
  }

  /** SHA-256 of uploaded files as they lie on the server's disk, by name; what is not there is left out. */
  async uploadHashes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // Names are made by the harness: letters, digits, dot and dash.
    const script = `cd ${siteRoot}${folders.upload}; sha256sum ${names.join(" ")} 2>/dev/null || true`;
    const lines = (await this.#shell.run("server", script)).split("\n");
    return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  }

  /** Sees to it that there is a file of each of these sizes, in bytes, to be downloaded; on servers that are alike it is the same. */
  async provide(sizes: readonly number[]): Promise<void> {
    const missing = sizes.filter((size) => !this.#files.download.some((file) => file.size === size));
    if (missing.length === 0) return;
    const script = [
      "set -e",
      `cd ${siteRoot}${folders.download}`,
      ...missing.flatMap((size) => {
        const name = `${size}-bytes.bin`;
        return [`seq 1 99999999 | head -c ${size} > ${name}`, `chmod 644 ${name}`, `sha256sum ${name}`];
      }),
    ];
    const lines = (await this.#shell.run("server", script.join("\n"))).split("\n");
    const made = missing.map((size) => {
      const name = `${size}-bytes.bin`;
      return { name, size, sha256: lines.find((line) => line.slice(66) === name)?.slice(0, 64) ?? "" };
    });
    this.#files = { ...this.#files, download: [...this.#files.download, ...made] };
  }

  /** A listener that is no FTP server, so that a blocked connection to its port proves a filter and not an empty port. */
  async openDecoy(port: number): Promise<void> {
    const family = familyOf(this.#topology, this.#node.id) === "ipv6" ? "TCP6" : "TCP4";
    const script = [
      `setsid -f socat ${family}-LISTEN:${port},fork,reuseaddr OPEN:/dev/null </dev/null >/dev/null 2>&1`,
      poll({
        until: `[ "$(${listening([port])})" != 0 ]`,
        otherwise: giveUp(`The decoy does not listen on port ${port}.`),
      }),
    ];
    await this.#shell.run("server", script.join("\n"));
  }
}

/** What is to be prepared; `archive` as another server gave it, `null` for files of its own. */
export type ServerSpec = {
  readonly topology: Topology;
  readonly node: ServerNode;
  readonly certificates: SiteCertificates;
  readonly archive: string | null;
};

/** Where a server runs, and what it can be. */
type Place = { readonly topology: Topology; readonly node: ServerNode; readonly image: ServerImage };

function logPathsOf(logs: ServerLogPaths): readonly string[] {
  return Object.values(logs).filter((path) => path !== null);
}

/** A command that counts listeners on some ports. */
function listening(ports: readonly number[]): string {
  if (ports.length === 0) return "echo 0";
  return `ss -Hltn '${ports.map((port) => `sport = :${port}`).join(" or ")}' | wc -l`;
}

/** Lines of shell that write a file. Its text may be a stranger's: nothing of it is shell. */
export function writing({ path, text, mode }: ServerFile): string[] {
  const encoded = Buffer.from(text, "utf8").toString("base64");
  return [`install -D -m ${mode} /dev/null ${path}`, `base64 -d > ${path} <<< ${encoded}`];
}

/** More than any honest lab writes. */
const mostLogBytes = 16 * 1024 * 1024;

function readSite(output: string): SiteFiles {
  const lines = output.split("\n");
  const entries = (kind: string): RemoteFile[] =>
    lines.flatMap((line) => {
      const [word, name, size] = line.split(" ");
      return word === kind && name !== undefined ? [{ name, size: Number(size) }] : [];
    });
  const hashes = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const download = entries("download").map((file) => ({ ...file, sha256: hashes.get(file.name) ?? "" }));
  // The server's own record is checked against what this code knows without it: the hash of nothing.
  const empty = createHash("sha256").digest("hex");
  if (download.length !== fileSizes.length || download.find(({ size }) => size === 0)?.sha256 !== empty) {
    throw new LabError("server", `The server's files could not be read back: ${output}`, { code: "site-files" });
  }
  const bySize = <T extends RemoteFile>(files: readonly T[]): T[] => [...files].sort((a, b) => a.size - b.size);
  return { list: bySize(entries("list")), download: bySize(download) };
}
