import { createServer, Socket, type AddressInfo, type Server } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext, type SecureVersion } from "node:tls";
import { RecordFramer } from "../../harness/agent/record-framer";
import { RecordWire } from "../../harness/agent/record-wire";

/** What a test's server does at one command; returning `undefined` leaves the command to the server's own answer. */
export type Script = (command: string, server: Connection) => string | undefined;

export type ScriptedServerOptions = {
  readonly certificate: { readonly cert: string; readonly key: string };
  readonly version?: SecureVersion;
  readonly greeting?: string;
  readonly script?: Script;
  /** Clear text put into the same write as TLS's close_notify. */
  readonly behindCloseNotify?: string;
  readonly files?: ReadonlyMap<string, Buffer>;
  /** Never confirms a transfer. */
  readonly quiet?: boolean;
};

/** A small FTP server on loopback that can take TLS off again (CCC), for sessions without Docker. */
export class ScriptedServer {
  readonly commands: string[] = [];
  readonly uploads = new Map<string, Buffer>();
  /** Records of TLS that came on control connections. */
  recordsReceived = 0;
  /** Last bytes of TLS on the control connection, as the client sent and received them. */
  lastTlsByte: { sent: number | undefined; received: number | undefined } = { sent: undefined, received: undefined };
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  readonly #secureContext: SecureContext;

  private constructor(readonly options: ScriptedServerOptions) {
    const version = options.version ?? "TLSv1.3";
    this.#secureContext = createSecureContext({
      ...options.certificate,
      minVersion: version,
      maxVersion: version,
      sessionIdContext: "lab",
    });
    this.#listener = createServer((socket) => {
      this.track(socket);
      new Connection(this, socket);
    });
  }

  static async start(options: ScriptedServerOptions): Promise<ScriptedServer> {
    const server = new ScriptedServer(options);
    await new Promise<void>((resolve) => server.#listener.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  get openSockets(): number {
    return [...this.#sockets].filter((socket) => !socket.closed).length;
  }

  track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  /** The TLS server's side over any stream. */
  secure(stream: Socket | RecordWire): TLSSocket {
    const tls = new TLSSocket(stream, { isServer: true, secureContext: this.#secureContext });
    tls.on("error", () => undefined);
    return tls;
  }
}

/** One control connection of the scripted server. */
export class Connection {
  readonly #framer = new RecordFramer();
  #tls: TLSSocket | null = null;
  #wire: RecordWire | null = null;
  #clearing = false;
  #held: Buffer[] = [];
  #protectData = false;
  #data: Promise<Socket> | null = null;

  constructor(
    readonly server: ScriptedServer,
    readonly socket: Socket,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      if (!this.#wire) this.#lines(chunk);
      else {
        for (const { kind, bytes } of this.#framer.push(chunk)) {
          if (kind === "record") {
            this.server.lastTlsByte.sent = bytes.at(-1);
            this.server.recordsReceived += 1;
            this.#wire.feed(bytes);
          } else this.#lines(bytes);
        }
      }
    });
    this.say(server.options.greeting ?? "220 ready");
  }

  say(reply: string): void {
    const text = `${reply}\r\n`;
    if (this.#tls && !this.#clearing) this.#tls.write(text);
    else this.socket.write(text);
  }

  #lines(bytes: Buffer): void {
    for (const line of bytes.toString().split("\r\n")) if (line !== "") void this.#obey(line);
  }

  async #obey(line: string): Promise<void> {
    this.server.commands.push(line);
    const scripted = this.server.options.script?.(line, this);
    if (scripted !== undefined) {
      if (scripted !== "") this.say(scripted);
      return;
    }
    const [verb = "", argument = ""] = line.split(/ (.*)/);
    switch (verb) {
      case "AUTH":
        this.say("234 go");
        this.#startTls();
        return;
      case "USER":
        this.say("331 password");
        return;
      case "FEAT":
        this.say("211-Features:\r\n MLST size*;\r\n211 End");
        return;
      case "PROT":
        this.#protectData = argument === "P";
        this.say("200 ok");
        return;
      case "CCC":
        this.say("200 clearing");
        this.#closeTls();
        return;
      case "PASV":
        await this.#listen();
        return;
      case "PORT":
        this.#dial(argument);
        return;
      case "MLSD":
      case "RETR":
      case "STOR":
        await this.#transfer(verb, argument);
        return;
      case "QUIT":
        this.say("221 bye");
        this.socket.end();
        return;
      default:
        this.say("200 ok");
    }
  }

  #startTls(): void {
    this.#wire = new RecordWire((bytes, done) => {
      this.server.lastTlsByte.received = bytes.at(-1);
      if (this.#clearing) {
        this.#held.push(bytes);
        done();
      } else this.socket.write(bytes, done);
    });
    this.#tls = this.server.secure(this.#wire);
    this.#tls.on("data", (chunk: Buffer) => {
      this.#lines(chunk);
    });
  }

  /** Sends close_notify, and what the test wants behind it, as one write. */
  #closeTls(): void {
    this.#clearing = true;
    this.#wire?.onFinal(() => {
      const behind = this.server.options.behindCloseNotify ?? "";
      this.socket.write(Buffer.concat([...this.#held, Buffer.from(behind)]));
    });
    this.#tls?.end();
  }

  async #listen(): Promise<void> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    this.#data = new Promise((resolve) => {
      listener.once("connection", (socket) => {
        listener.close();
        this.server.track(socket);
        resolve(socket);
      });
    });
    const { port } = listener.address() as AddressInfo;
    this.say(`227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255}).`);
  }

  #dial(argument: string): void {
    const parts = argument.split(",").map(Number);
    const port = (parts[4] ?? 0) * 256 + (parts[5] ?? 0);
    this.#data = new Promise((resolve) => {
      const socket = new Socket();
      this.server.track(socket);
      socket.connect({ port, host: "127.0.0.1", localAddress: "127.0.0.3" }, () => {
        resolve(socket);
      });
    });
    this.say("200 ok");
  }

  async #transfer(verb: string, argument: string): Promise<void> {
    const raw = await this.#data;
    if (!raw) throw new Error("No data connection was arranged.");
    this.say("150 here");
    const socket = this.#protectData ? this.server.secure(raw) : raw;
    const files = this.server.options.files ?? new Map<string, Buffer>();
    if (verb === "STOR") {
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      this.server.uploads.set(argument, Buffer.concat(chunks));
      socket.end();
    } else {
      const listing = [...files].map(([name, { length }]) => `type=file;size=${length}; ${name}\r\n`).join("");
      socket.end(verb === "MLSD" ? listing : (files.get(argument.replace(/^.*\//, "")) ?? ""));
    }
    if (!this.server.options.quiet) this.say("226 done");
  }
}
