import { Duplex } from "node:stream";
import type { Socket, TcpSocketConnectOpts } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { ClearingStyle } from "../model/agent-protocol";
import { RecordFramer } from "./record-framer";
import { RecordWire } from "./record-wire";

type Callback = (error?: Error | null) => void;

/** Over what the control connection speaks. `clearing`: CCC has been sent, the server may close TLS at any moment. */
type Cover = "clear" | "tls" | "clearing";

/**
 * A control connection that can take TLS off again (CCC, RFC 4217 section 5). It stays the same stream under basic-ftp while what is
 * beneath changes. TLS runs over a {@link RecordWire} and not over the socket, since Node binds TLS to a socket for good
 * and closes both together.
 *
 * It has the properties of a net.Socket that basic-ftp reads.
 */
export class ClearableControl extends Duplex {
  /** The last bytes of TLS in each direction: the router's helper reads a first clear line only behind a byte 0x0a. */
  lastTlsByte: { readonly sent: number | null; readonly received: number | null } = { sent: null, received: null };
  readonly #socket: Socket;
  readonly #framer = new RecordFramer();
  readonly #clearing: ClearingStyle;
  #cover: Cover = "clear";
  #tls: TLSSocket | null = null;
  #wire: RecordWire | null = null;
  /** Clear text that arrived together with the end of TLS. */
  #early: Buffer[] = [];
  #tlsOver = false;
  /** Further TLS records are not sent any more. */
  #silenced = false;
  #finReceived = false;
  #cleared: () => void = () => undefined;
  /** Rejects what is waited for when the connection is lost. */
  #lost: (error: Error) => void = () => undefined;

  /** @param socket not yet connected */
  constructor(socket: Socket, clearing: ClearingStyle = "answer") {
    super();
    this.#socket = socket;
    this.#clearing = clearing;
    socket.on("data", (chunk) => {
      this.#arrived(chunk);
    });
    socket.on("end", () => {
      this.#finReceived = true;
      // Beneath TLS, the end is TLS's to judge: in a handshake it is an error.
      if (this.#cover !== "clear" && this.#wire) this.#wire.push(null);
      else this.push(null);
    });
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  connect(options: TcpSocketConnectOpts, listener: () => void): this {
    this.#socket.connect(options, listener);
    return this;
  }

  setTimeout(): this {
    return this;
  }

  setKeepAlive(enable: boolean): this {
    this.#socket.setKeepAlive(enable);
    return this;
  }

  /** The TLS session last agreed upon, for data connections to resume. */
  getSession(): Buffer | undefined {
    return this.#tls?.getSession();
  }

  /** Starts TLS; rejects with Node's error when the handshake fails or the certificate does not verify. */
  startTls(options: ConnectionOptions, onSession: (session: Buffer) => void): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      this.#lost = reject;
      this.#wire = new RecordWire((bytes, done) => {
        this.#sendTls(bytes, done);
      });
      const tls = connectTls({ ...options, socket: this.#wire }, () => {
        tls.on("data", (chunk: Buffer) => this.push(chunk));
        tls.on("end", () => {
          this.#tlsEnded();
        });
        resolve(tls);
      });
      tls.on("session", onSession);
      tls.on("error", (error: Error) => {
        reject(error);
        // Before the end of the handshake, errors go to the caller; later ones belong to the connection. After CCC they mean nothing.
        if (this.#cover !== "clear") this.destroy(error);
      });
      this.#tls = tls;
      this.#cover = "tls";
    });
  }

  /** To be called before CCC is sent: the server may close TLS in the same segment as its reply. */
  expectClear(): void {
    this.#cover = "clearing";
  }

  /** The server has refused CCC. */
  stayProtected(): void {
    this.#cover = "tls";
  }

  /**
   * Waits until both sides have closed TLS: the server's close_notify, then ours (RFC 4217 section 12.3), or as this connection's
   * style of clearing has it. The TCP connection goes on in clear.
   */
  clear(): Promise<void> {
    if (this.#cover === "clear") return Promise.resolve();
    if (this.#clearing === "first") this.#tls?.end();
    return new Promise((resolve, reject) => {
      this.#cleared = resolve;
      this.#lost = reject;
    });
  }

  override _read(): void {
    // Replies are small: they are pushed as they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Callback): void {
    if (this.#cover !== "clear" && this.#tls) this.#tls.write(chunk, done);
    else this.#socket.write(chunk, done);
  }

  override _destroy(error: Error | null, done: Callback): void {
    this.#tls?.destroy();
    this.#socket.destroy();
    this.#lost(error ?? new Error("Server closed connection unexpectedly."));
    done(error);
  }

  #arrived(chunk: Buffer): void {
    if (this.#cover === "clear" || !this.#wire) {
      this.push(chunk);
      return;
    }
    for (const frame of this.#framer.push(chunk)) {
      if (frame.kind === "clear" && this.#cover === "clearing") {
        this.#early.push(frame.bytes);
        continue;
      }
      // Clear text where TLS was agreed goes to TLS too, which says what is wrong with it.
      this.lastTlsByte = { ...this.lastTlsByte, received: frame.bytes.at(-1) ?? null };
      this.#wire.feed(frame.bytes);
    }
  }

  #sendTls(bytes: Buffer, done: Callback): void {
    if (this.#silenced) {
      done();
      return;
    }
    this.lastTlsByte = { ...this.lastTlsByte, sent: bytes.at(-1) ?? null };
    this.#socket.write(bytes, done);
  }

  #tlsEnded(): void {
    if (this.#cover !== "clearing") {
      this.push(null);
      return;
    }
    if (this.#tlsOver) return;
    this.#tlsOver = true;
    if (this.#clearing === "silent") {
      // Node's TLS answers a close_notify by itself.
      this.#silenced = true;
      this.#goOnInClear();
      return;
    }
    this.#wire?.onFinal(() => {
      this.#goOnInClear();
    });
    this.#tls?.end();
  }

  #goOnInClear(): void {
    this.#cover = "clear";
    for (const bytes of this.#early.splice(0)) this.push(bytes);
    if (this.#finReceived) this.push(null);
    this.#cleared();
  }
}
