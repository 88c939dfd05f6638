import { Socket } from "node:net";
import { Client, FTPContext, type FTPResponse, type ResponseHandler } from "basic-ftp";
import type { Transcript } from "./transcript";

/** What a session puts into basic-ftp's control connection. */
export type ControlHooks = {
  readonly transcript: Transcript;
  /** Makes the control connection's socket, bound to the session's own address. */
  readonly newSocket: () => Socket;
  /** The server has announced a transfer (125 or 150). */
  readonly onPreliminary: () => void;
};

/** basic-ftp's control connection with its dialogue written down. basic-ftp's own time-outs are off: stages have theirs. */
class ControlContext extends FTPContext {
  // Undefined while the base class's constructor runs, which asks for a first socket and never connects it.
  readonly #hooks: ControlHooks | undefined;
  #quitSent = false;

  constructor(hooks: ControlHooks) {
    super(0);
    this.#hooks = hooks;
  }

  override _newSocket(): Socket {
    return #hooks in this && this.#hooks ? this.#hooks.newSocket() : new Socket();
  }

  /** basic-ftp logs `> command` and `< chunk`; its other remarks do not know our data connections, so we make our own. */
  override log(message: string): void {
    const transcript = this.#hooks?.transcript;
    if (message.startsWith("> ")) transcript?.sent(message.slice(2));
    else if (message.startsWith("< ")) transcript?.received(message.slice(2));
  }

  /** Closing a context sends QUIT; one that was sent and answered is enough. */
  override send(command: string): void {
    if (command === "QUIT") {
      if (this.#quitSent || this.socket.remoteAddress === undefined) return;
      this.#quitSent = true;
    }
    super.send(command);
  }

  /** basic-ftp writes down a stack trace for each command, a tenth of a session's work, for a misuse that we do not commit. */
  override handle(command: string | undefined, handler: ResponseHandler): Promise<unknown> {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return super.handle(command, handler);
    } finally {
      Error.stackTraceLimit = limit;
    }
  }

  protected override _passToHandler(response: Error | FTPResponse): void {
    if (!(response instanceof Error) && (response.code === 150 || response.code === 125)) this.#hooks?.onPreliminary();
    super._passToHandler(response);
  }
}

/** basic-ftp's client on a control connection with hooks. */
export class ControlClient extends Client {
  override readonly ftp: ControlContext;

  constructor(hooks: ControlHooks) {
    super(0);
    this.ftp = new ControlContext(hooks);
  }
}
