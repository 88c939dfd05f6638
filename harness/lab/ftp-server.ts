import { createHash } from "node:crypto";
import { LabError } from "../model/errors";
import type { RemoteFile } from "../model/agent-protocol";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { serverOf } from "../plan/network";
import { renderPasswordFile, renderProftpdConf } from "../plan/proftpd-conf";
import { account, fileSizes, folders, serverPaths, siteRoot } from "../plan/site";
import type { ServerTexts } from "../evidence/assemble";
import type { NodeShell } from "./node-shell";
import { certificateOf, type SiteCertificates } from "./site-certificates";

/** What is really on the server's disk, read there when the lab starts. */
export type SiteFiles = {
  readonly list: readonly RemoteFile[];
  readonly download: readonly (RemoteFile & { readonly sha256: string })[];
};

type ServerParts = {
  readonly shell: NodeShell;
  readonly topology: Topology;
  readonly certificates: SiteCertificates;
  readonly files: SiteFiles;
  readonly version: string;
};

/** ProFTPD in the server's container, and the files it serves. */
export class FtpServer {
  readonly files: SiteFiles;
  readonly version: string;
  readonly #shell: NodeShell;
  readonly #topology: Topology;
  readonly #certificates: SiteCertificates;
  #ports: readonly number[] = [];

  private constructor(parts: ServerParts) {
    this.#shell = parts.shell;
    this.#topology = parts.topology;
    this.#certificates = parts.certificates;
    this.files = parts.files;
    this.version = parts.version;
  }

  /** Lays out the site's files with random content; ProFTPD is not started yet. */
  static async prepare(shell: NodeShell, topology: Topology, certificates: SiteCertificates): Promise<FtpServer> {
    const fill = ([folder, names]: readonly [string, readonly string[]]): string[] => [
      `mkdir -p ${siteRoot}${folder}`,
      ...names.map(
        (name, index) => `head -c ${String(fileSizes[index] ?? 0)} /dev/urandom > ${siteRoot}${folder}/${name}`,
      ),
    ];
    const names = fileSizes.map((size) => `${String(size)}-bytes.bin`);
    const owner = `${String(account.uid)}:${String(account.gid)}`;
    const script = [
      "set -e",
      ...fill([folders.list, names]),
      ...fill([folders.download, names]),
      ...fill([folders.upload, []]),
      `chown -R ${owner} ${siteRoot}`,
      "proftpd --version 2>&1",
      `find ${siteRoot}${folders.list} -mindepth 1 -printf 'list %f %s\\n'`,
      `cd ${siteRoot}${folders.download}`,
      `find . -mindepth 1 -type f -printf 'download %f %s\\n'`,
      "sha256sum *",
    ].join("\n");
    const [files, version] = readSite(await shell.run("server", script));
    return new FtpServer({ shell, topology, certificates, files, version });
  }

  /** Starts ProFTPD with a profile, ending the one that runs; returns when it listens. */
  async serve(profile: ServerProfile): Promise<void> {
    const node = serverOf(this.#topology);
    this.#ports = profile.tls === null ? [21] : [21, 990];
    const ports = this.#ports.map((port) => `sport = :${String(port)}`).join(" or ");
    const kind = profile.tls?.certificate ?? "trusted";
    const { certificate, privateKey } = await certificateOf(kind, this.#certificates, this.#topology.dial);
    const script = [
      "set -e",
      endDaemon,
      `: > ${serverPaths.systemLog}`,
      `cat > ${serverPaths.certificate} <<'END_OF_CERTIFICATE'\n${certificate.trimEnd()}\nEND_OF_CERTIFICATE`,
      `install -m 600 /dev/null ${serverPaths.privateKey}`,
      `cat > ${serverPaths.privateKey} <<'END_OF_KEY'\n${privateKey.trimEnd()}\nEND_OF_KEY`,
      `cat > ${serverPaths.config} <<'END_OF_CONFIG'`,
      renderProftpdConf(this.#topology, node, profile).trimEnd(),
      "END_OF_CONFIG",
      `install -m 600 /dev/null ${serverPaths.passwords}`,
      `cat > ${serverPaths.passwords} <<'END_OF_PASSWORDS'`,
      renderPasswordFile().trimEnd(),
      "END_OF_PASSWORDS",
      `proftpd -c ${serverPaths.config}`,
      `for i in $(seq 250); do [ "$(ss -Hltn '${ports}' | wc -l)" = ${String(this.#ports.length)} ] && exit 0; sleep 0.02; done`,
      `echo "ProFTPD does not listen:"; tail -n 5 ${serverPaths.systemLog}; exit 1`,
    ].join("\n");
    await this.#shell.run("server", script);
  }

  /** Whether ProFTPD still listens: a session's failure proves nothing about the network while it does not. */
  async isListening(): Promise<boolean> {
    const ports = this.#ports.map((port) => `sport = :${String(port)}`).join(" or ");
    const count = await this.#shell.run("server", `ss -Hltn '${ports}' | wc -l`);
    return Number(count) === this.#ports.length;
  }

  /** Empties the logs; ProFTPD appends to them. */
  async clearLogs(): Promise<void> {
    await this.#shell.run("server", logFiles.map((file) => `: > ${file}`).join("; "));
  }

  /** The logs since they were last cleared, and the configuration in force. */
  async readLogs(): Promise<ServerTexts> {
    const marker = "==== end of part ====";
    const parts = [...logFiles, serverPaths.config].map(
      (file) => `head -c ${String(mostLogBytes)} ${file} 2>/dev/null; echo; echo '${marker}'`,
    );
    const output = await this.#shell.run("server", parts.join("\n"));
    const [dialogue = "", tlsLog = "", systemLog = "", transferLog = "", configuration = ""] = output.split(
      `${marker}\n`,
    );
    return {
      dialogue,
      tlsLog,
      systemLog,
      transferLog,
      configuration: configuration.replace(`\n${marker}`, "").trimEnd(),
    };
  }

  /** SHA-256 of uploaded files as they lie on the server's disk, by name; what is not there is left out. */
  async uploadHashes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // Names are made by the harness: letters, digits, dot and dash.
    const script = `cd ${siteRoot}${folders.upload}; sha256sum ${names.join(" ")} 2>/dev/null || true`;
    const lines = (await this.#shell.run("server", script)).split("\n");
    return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  }

  /** A listener that is no FTP server, so that a blocked connection to its port proves a filter and not an empty port. */
  async openDecoy(port: number): Promise<void> {
    const family = this.#topology.family === "ipv6" ? "TCP6" : "TCP4";
    const listening = `[ -n "$(ss -Hltn 'sport = :${String(port)}')" ]`;
    const script = [
      `setsid -f socat ${family}-LISTEN:${String(port)},fork,reuseaddr OPEN:/dev/null </dev/null >/dev/null 2>&1`,
      `for i in $(seq 250); do ${listening} && exit 0; sleep 0.02; done`,
      "echo 'the decoy does not listen'; exit 1",
    ];
    await this.#shell.run("server", script.join("\n"));
  }
}

const logFiles = [serverPaths.dialogueLog, serverPaths.tlsLog, serverPaths.systemLog, serverPaths.transferLog];

/** More than any honest lab writes. */
const mostLogBytes = 16 * 1024 * 1024;

/** An ended daemon may stay a zombie for a while, so what is waited for is that its port is free. */
const endDaemon = [
  `if [ -e ${serverPaths.pidFile} ]; then`,
  `  kill "$(cat ${serverPaths.pidFile})" 2>/dev/null || true`,
  "  for i in $(seq 250); do [ -z \"$(ss -Hltn 'sport = :21')\" ] && break; sleep 0.02; done",
  `  rm -f ${serverPaths.pidFile}`,
  "fi",
].join("\n");

function readSite(output: string): [SiteFiles, string] {
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
  const version = /ProFTPD Version (\S+)/.exec(output)?.[1] ?? "unknown";
  return [{ list: bySize(entries("list")), download: bySize(download) }, version];
}
