import { createServer, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { boundSocket } from "./bound-socket";
import type { Target } from "./passive-address";
import { describeTls } from "./tls-settings";
import type { TransferState } from "./transfer-state";

type Callback = (error?: Error | null) => void;

/** How long a reply may explain an error of the data connection before the error counts by itself. */
const explanationMs = 500;

/** Ports for active mode, above those that Linux gives to connections (net.ipv4.ip_local_port_range). */
const activePorts = { first: 61000, last: 65535 };
let lastActivePort = activePorts.last;

/** A port that no other session has had for long: behind NAT a server's SYN names nothing else of whose it is. */
function nextActivePort(): number {
  lastActivePort = lastActivePort === activePorts.last ? activePorts.first : lastActivePort + 1;
  return lastActivePort;
}

export type DataChannelOptions = {
  readonly localAddress: string;
  readonly direction: "in" | "out";
  /** TLS for PROT P; `null` for PROT C and plain FTP. */
  readonly tls: ConnectionOptions | null;
  readonly onSession: (session: Buffer) => void;
  readonly remark: (text: string) => void;
  readonly note: (change: Partial<TransferState>) => void;
  /** The control connection's other end. */
  readonly peer: string;
};

/**
 * A data connection that basic-ftp can hold before it exists. In active mode the server opens it only after the transfer
 * command; with PROT P the client is the TLS client even then (RFC 4217 section 7). Writing waits for the handshake, and so does the
 * end of writing: an empty file too needs a handshake and a close_notify, else the server refuses it.
 */
export class DataChannel extends Duplex {
  bytesRead = 0;
  bytesWritten = 0;
  readonly #options: DataChannelOptions;
  #listener: Server | null = null;
  #socket: Socket | null = null;
  /** Carries application data; null until the handshake is complete. */
  #carrier: Socket | TLSSocket | null = null;
  #held: (() => void) | null = null;
  #grace: NodeJS.Timeout | undefined;

  constructor(options: DataChannelOptions) {
    super({ allowHalfOpen: false });
    this.#options = options;
  }

  setTimeout(): this {
    return this;
  }

  /** Opens the connection (PASV, EPSV); rejects with basic-ftp's words around Node's error. */
  dial(target: Target): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = boundSocket(this.#options.localAddress);
      this.#socket = socket;
      const refused = (error: Error): void => {
        error.message = `Can't open data connection in passive mode: ${error.message}`;
        reject(error);
      };
      socket.once("error", refused);
      // Destroyed while dialling, since the control connection was lost: the transfer command will tell why.
      socket.once("close", () => {
        resolve();
      });
      socket.connect({ host: target.host, port: target.port }, () => {
        socket.removeListener("error", refused);
        this.#options.remark(`data connection to ${target.host} port ${target.port}`);
        this.#opened(socket);
        resolve();
      });
    });
  }

  /** Listens for the server's connection (PORT, EPRT); resolves to the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      const listener = createServer((socket) => {
        listener.close();
        this.#accepted(socket);
      });
      this.#listener = listener;
      listener.once("error", reject);
      listener.listen({ host: this.#options.localAddress, port: nextActivePort() }, () => {
        const address = listener.address();
        if (address === null || typeof address === "string") reject(new TypeError("A TCP listener has a port."));
        else resolve(address.port);
      });
    });
  }

  override _read(): void {
    this.#carrier?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Callback): void {
    this.#whenReady((carrier) => {
      carrier.write(chunk, (error) => {
        // The carrier's own event reports an error, after the server's reply.
        if (error) return;
        this.bytesWritten += chunk.length;
        if (this.#options.direction === "out") this.#options.note({ flow: "sent" });
        done();
      });
    });
  }

  override _final(done: Callback): void {
    this.#whenReady((carrier) => {
      carrier.end(() => {
        if (carrier.errored) return;
        if (this.#options.direction === "out") this.#options.note({ finished: true });
        done();
      });
    });
  }

  override _destroy(error: Error | null, done: Callback): void {
    clearTimeout(this.#grace);
    this.#held = null;
    this.#listener?.close();
    this.#carrier?.destroy();
    this.#socket?.destroy();
    done(error);
  }

  #accepted(socket: Socket): void {
    if (this.destroyed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    const from = (socket.remoteAddress ?? "nowhere").replace(/^::ffff:/i, "");
    const stranger =
      from === this.#options.peer ? "" : `, which is not the control connection's peer ${this.#options.peer}`;
    this.#options.remark(`data connection from ${from} port ${String(socket.remotePort)}${stranger}`);
    socket.setNoDelay(true);
    this.#opened(socket);
  }

  #opened(socket: Socket): void {
    const failed = (error: Error): void => {
      this.#failed(error);
    };
    if (!this.#options.tls) {
      socket.on("error", failed);
      this.#options.note({ connected: true, ready: true });
      this.#carry(socket);
      return;
    }
    this.#options.note({ connected: true });
    const tls = connectTls({ ...this.#options.tls, socket }, () => {
      this.#options.remark(`data TLS ${describeTls(tls)}, ${tls.isSessionReused() ? "resumed" : "new"} session`);
      this.#options.note({ ready: true });
      // Node reports the write of the handshake's last record in its next check phase. TLS that is ended before then sends a
      // FIN and no close_notify, and a TLS 1.2 server forgets the session: an empty upload would spoil the next transfer.
      setImmediate(() => {
        this.#carry(tls);
      });
    });
    tls.on("error", failed);
    tls.on("session", this.#options.onSession);
  }

  #carry(carrier: Socket | TLSSocket): void {
    if (this.destroyed) {
      carrier.destroy();
      return;
    }
    this.#carrier = carrier;
    carrier.on("data", (chunk: Buffer) => {
      this.bytesRead += chunk.length;
      this.#options.note({ flow: "received" });
      if (!this.push(chunk)) carrier.pause();
    });
    carrier.on("end", () => {
      if (this.#options.direction === "in") this.#options.note({ finished: true });
      this.push(null);
    });
    carrier.on("close", () => {
      if (this.#options.direction === "in" || this.writableFinished) return;
      this.#failed(new Error("Server closed the data connection before the upload was complete."));
    });
    const held = this.#held;
    this.#held = null;
    held?.();
  }

  #whenReady(act: (carrier: Socket | TLSSocket) => void): void {
    if (this.#carrier) act(this.#carrier);
    else {
      this.#held = () => {
        if (this.#carrier) act(this.#carrier);
      };
    }
  }

  /** A server that refuses a data connection closes it and says why on the control connection: let it speak first. */
  #failed(error: Error): void {
    this.#grace ??= setTimeout(() => {
      this.destroy(error);
    }, explanationMs);
  }
}
