import { Duplex } from "node:stream";

type Callback = (error?: Error | null) => void;

/**
 * The wire under TLS. Node's TLS over a stream ends and destroys that stream when TLS ends; this one lets go of the connection
 * instead, so that closing TLS sends close_notify and no FIN.
 */
export class RecordWire extends Duplex {
  readonly #send: (bytes: Buffer, done: Callback) => void;
  #final: () => void = () => undefined;
  #finalised = false;

  constructor(send: (bytes: Buffer, done: Callback) => void) {
    super();
    this.#send = send;
  }

  /** Hands one received record to TLS. */
  feed(record: Buffer): void {
    if (!this.destroyed) this.push(record);
  }

  /** Calls back when TLS has sent its last byte. */
  onFinal(listener: () => void): void {
    if (this.#finalised) listener();
    else this.#final = listener;
  }

  override _read(): void {
    // Records are pushed as they come.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Callback): void {
    this.#send(bytes, done);
  }

  override _final(done: Callback): void {
    this.#finalised = true;
    done();
    this.#final();
  }
}
