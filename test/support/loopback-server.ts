/** The scripted server on loopback, as the lab runs it in a container: its program, and settings from a profile. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { Duplex, PassThrough } from "node:stream";
import { connect as connectTls } from "node:tls";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { scripted } from "../../harness/catalog/servers/scripted";
import { scriptedProgram } from "../../harness/catalog/servers/scripted/program";
import { parseServerProfile } from "../../harness/inputs/server-file";
import { makeSiteCertificates, certificateOf } from "../../harness/lab/site-certificates";
import { serverOf } from "../../harness/model/network";
import { topologyNamed } from "./inputs";
import { freePort, listens } from "./loopback-port";

export const hasPython = spawnSync("python3", ["-c", "import ssl"]).status === 0;

export type ScriptedServer = {
  readonly port: number;
  readonly implicitPort: number;
  readonly ca: string;
  /** What lies in the account's home. */
  readonly read: (path: string) => string;
  /** Commands with the code of their last reply, as its log has them. */
  readonly exchanges: () => readonly (readonly [command: string, code: number | null, reply: string])[];
  readonly tlsLog: () => string;
  readonly stop: () => Promise<void>;
};

/** A profile of the scripted server, with the text of its `script`, indented by two blanks. */
export function scriptedProfile(
  script: string,
  tls = "{ protocol: TLSv1.2 TLSv1.3, options: [NoSessionReuseRequired], required: off }",
) {
  const text = `title: a\ndescription: b\nsoftware: scripted\ntls: ${tls}\n${script === "" ? "" : `script:\n${script}\n`}`;
  return parseServerProfile({ file: "x.yaml", text });
}

/** Starts it; what it has of files is `list/one.txt` and `download/ten.bin`, of ten bytes. */
export async function startScripted(profile = scriptedProfile("")): Promise<ScriptedServer> {
  const folder = mkdtempSync(join(tmpdir(), "scripted-"));
  const home = join(folder, "home");
  for (const name of ["list", "download", "upload"]) mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, "list/one.txt"), "1");
  writeFileSync(join(home, "download/ten.bin"), "0123456789");
  const site = await makeSiteCertificates();
  const other = await certificateOf(profile.script?.data.certificate ?? "trusted", site, "127.0.0.1");
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const usual = { certificate: file("cert.pem", site.certificate), privateKey: file("key.pem", site.privateKey) };
  const ofData = {
    certificate: file("data.pem", other.certificate),
    privateKey: file("data-key.pem", other.privateKey),
  };
  const topology = topologyNamed("direct");
  const [{ text }] = scripted.files({ topology, server: serverOf(topology), profile });
  const settings = JSON.parse(text) as Record<string, unknown> & { tls: { dataCertificate: unknown } | null };
  const [port, implicitPort] = [await freePort(), await freePort()];
  const logs = Object.fromEntries(["dialogue", "tlsLog", "systemLog"].map((name) => [name, join(folder, name)]));
  const { tls } = settings;
  const changed = {
    ...settings,
    ...{ address: "127.0.0.1", port, implicitPort, home, logs },
    masqueradeAddress: profile.script?.data.address ?? null,
    tls: tls === null ? null : { ...tls, ...usual, dataCertificate: tls.dataCertificate === null ? null : ofData },
  };
  const program = file("server.py", scriptedProgram);
  const child = spawn("python3", [program, file("settings.json", JSON.stringify(changed))], { stdio: "inherit" });
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  while (!(await listens(port))) await sleep(20);
  const logged = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    port,
    implicitPort,
    ca: site.ca,
    read: (path) => readFileSync(join(home, path), "utf8"),
    exchanges: () =>
      scripted
        .readLogs({ dialogue: logged("dialogue"), tlsLog: "", systemLog: "", transferLog: "" })
        .exchanges.map(({ command, replyCode, reply }) => [command, replyCode, reply] as const),
    tlsLog: () => logged("tlsLog"),
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** A client that says what it is told, and hears what comes. */
export class RawClient {
  heard = "";
  /** `null` while the connection is open. */
  end: "FIN" | "RST" | null = null;
  /** Of TLS: the fingerprint of what the server shows. */
  certificate = "";
  readonly #socket: Socket;
  #stream: Duplex;
  readonly #bytes: Buffer[] = [];

  constructor(port: number, host = "127.0.0.1") {
    this.#socket = connect(port, host);
    this.#stream = this.#socket;
    this.#socket.on("data", (data) => (this.heard += data.toString("latin1")));
    this.#socket.on("end", () => (this.end ??= "FIN"));
    this.#socket.on("error", () => (this.end = "RST"));
  }

  /** Sends a line, and gives what comes until the pattern is there, or the connection ends. */
  async say(line: string | null, until = /^\d{3} .*\r\n/m): Promise<string> {
    this.heard = "";
    if (line !== null) this.#stream.write(`${line}\r\n`);
    return this.hear(until);
  }

  async hear(until: RegExp): Promise<string> {
    for (let tries = 0; tries < 500 && !until.test(this.heard) && this.end === null; tries += 1) await sleep(10);
    return this.heard;
  }

  /** Lays TLS on the connection, with no session to resume and whatever certificate comes. */
  async startTls(): Promise<void> {
    const raw = this.#socket;
    raw.removeAllListeners("data");
    const through = new PassThrough();
    raw.on("data", (data) => this.#bytes.push(data));
    const tls = connectTls({
      socket: Duplex.from({ readable: raw.pipe(through), writable: raw }),
      rejectUnauthorized: false,
    });
    tls.on("data", (data: Buffer) => (this.heard += data.toString("latin1")));
    tls.on("error", () => (this.end = "RST"));
    await new Promise((resolve) => tls.once("secureConnect", resolve));
    this.#stream = tls;
    this.certificate = tls.getPeerCertificate().fingerprint256;
  }

  /** How many records of TLS have come (RFC 8446 section 5.1). */
  records(): number {
    const bytes = Buffer.concat(this.#bytes);
    let count = 0;
    for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) count += 1;
    return count;
  }

  /** The greeting where one is awaited, USER and PASS. */
  async login(greeting: RegExp | null = /^220 .*\r\n/m): Promise<void> {
    if (greeting !== null) await this.hear(greeting);
    await this.say("USER lab1");
    await this.say("PASS lab-password");
  }

  close(): void {
    this.#socket.destroy();
  }
}
