import type { Socket } from "node:net";
import { TLSSocket, type ConnectionOptions } from "node:tls";
import { FTPError } from "basic-ftp";
import type { SessionPart, SessionRequest } from "../model/agent-protocol";
import { isPassive, traitsOf, type ModeTraits, type Stage } from "../model/axes";
import type { Attempt, TransferRecord } from "../model/cell";
import { boundSocket } from "./bound-socket";
import { ClearableControl } from "./clearable-control";
import { ControlClient } from "./control-client";
import { prepareTransfer } from "./data-strategy";
import { operate } from "./operation";
import type { SessionTools } from "./session-tools";
import { SessionFailure } from "./session-failure";
import { StageClock } from "./stage-clock";
import { describeTls } from "./tls-settings";
import { Transcript } from "./transcript";
import type { TransferState } from "./transfer-state";
import { TransferProgress } from "./transfer-progress";

/** How long the goodbye may take. */
const quitMs = 250;

/** By chance the first clear line after CCC lies behind a byte 0x0a: the router's helper would read it. */
export class VoidPremise extends Error {}

/** One FTP session, stage by stage. Stages with time-outs of their own are the clock's; basic-ftp does the talking. */
export class SessionRun {
  readonly transcript: Transcript;
  readonly #request: SessionRequest;
  readonly #traits: ModeTraits;
  readonly #mayRedraw: boolean;
  readonly #now: () => number;
  readonly #clock: StageClock;
  readonly #client: ControlClient;
  readonly #tls: ConnectionOptions;
  readonly #transfers: TransferRecord[] = [];
  readonly #startedAt: number;
  /** The control connection of the modes with CCC; the others use basic-ftp's sockets. */
  #control: ClearableControl | null = null;
  #progress: TransferProgress | null = null;
  #part: SessionPart;

  constructor(request: SessionRequest, tools: SessionTools, mayRedraw: boolean) {
    const startedAt = performance.now();
    this.#startedAt = (performance.timeOrigin + startedAt) / 1000;
    this.#now = () => Math.round((performance.now() - startedAt) * 100) / 100;
    this.#request = request;
    this.#part = request;
    this.#traits = traitsOf(request.mode);
    this.#mayRedraw = mayRedraw;
    this.transcript = new Transcript(this.#now);
    this.#clock = new StageClock({ deadlines: request.deadlines, now: this.#now, onWaiting: tools.onWaiting });
    this.#tls = tools.tls.optionsFor(request.host, request.ca, request.options);
    this.#client = new ControlClient({
      transcript: this.transcript,
      newSocket: () => this.#newControlSocket(),
      onPreliminary: () => this.#progress?.note({ preliminary: true }),
    });
    this.#client.ftp.ipFamily = request.family;
    this.#client.prepareTransfer = () => this.#prepareTransfer();
  }

  get stage(): Stage {
    return this.#clock.stage;
  }

  get transferState(): TransferState | null {
    return this.#progress?.state ?? null;
  }

  enter(stage: Stage): void {
    this.#clock.enter(stage);
  }

  /** Resolves when everything worked; rejects with what stopped it. */
  toCompletion(): Promise<void> {
    return Promise.race([this.#steps(), this.#clock.expired]);
  }

  /** The session so far, its clock stopped. */
  tell(): Pick<Attempt, "startedAt" | "durationMs" | "stages" | "transcript" | "transfers" | "output"> {
    const stages = this.#clock.stop();
    this.transcript.flush();
    return {
      startedAt: this.#startedAt,
      durationMs: this.#now(),
      stages,
      transcript: this.transcript.lines,
      transfers: this.#transfers,
      output: [],
    };
  }

  /** Says goodbye and waits for the answer a moment: a connection closed on its reply leaves a RST in the packets. */
  async quit(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, quitMs);
    });
    await Promise.race([this.#client.send("QUIT").catch(() => undefined), patience]);
    clearTimeout(timer);
  }

  /** Closes every socket of the session; may be called at any time. */
  close(): void {
    this.#clock.stop();
    this.#client.close();
  }

  async #steps(): Promise<void> {
    await this.#connect();
    if (this.#traits.tls === "explicit") await this.#startTls();
    await this.#login();
    const refusal = await this.#protect();
    if (this.#traits.ccc !== "none") await this.#clearControl();
    if (refusal) throw new SessionFailure("protection", refusal.message, refusal.code);
    const { idleMs } = this.#request.options;
    if (idleMs !== undefined) await this.#clock.pause(idleMs);
    for (const step of this.#request.steps ?? [this.#request]) {
      if ("pauseMs" in step) await this.#clock.pause(step.pauseMs);
      else await this.#operate(step);
    }
  }

  async #operate(part: SessionPart): Promise<void> {
    this.#part = part;
    await operate(this.#client, part, {
      onTransfer: (record) => this.#transfers.push(record),
      onConfirmed: () => {
        this.#progress = null;
        this.#clock.enter("integrity");
      },
    });
  }

  async #connect(): Promise<void> {
    const { host, port, localAddress, family } = this.#request;
    if (this.#traits.tls !== "implicit") {
      await this.#client.connect(host, port);
      return;
    }
    const options = { ...this.#tls, localAddress, family };
    const greeted = this.#client.connectImplicitTLS(host, port, options);
    const socket = this.#client.ftp.socket;
    socket.once("connect", () => {
      this.#clock.enter("auth-tls");
    });
    socket.once("secureConnect", () => {
      this.#protectedControl(socket);
      this.#clock.enter("greeting");
    });
    await greeted;
  }

  async #startTls(): Promise<void> {
    this.#clock.enter("auth-tls");
    if (this.#control) {
      const ftp = this.#client.ftp;
      await this.#client.send("AUTH TLS");
      const tls = await this.#control.startTls(this.#tls, (session) => {
        ftp.tlsSessionStore = session;
      });
      this.#protectedControl(tls);
    } else {
      await this.#client.useTLS({ ...this.#tls });
      this.#protectedControl(this.#client.ftp.socket);
    }
  }

  #protectedControl(socket: Socket): void {
    if (socket instanceof TLSSocket) this.transcript.remark(`control TLS ${describeTls(socket)}`);
    this.#clock.enter("certificate");
  }

  async #login(): Promise<void> {
    this.#clock.enter("login");
    await this.#client.login(this.#request.user, this.#request.password);
    // One command, and not basic-ftp's series of them: a second try would hide why the first failed.
    const features = await this.#client.features();
    // Who knows no FEAT (RFC 2389) may not know an option either: LIST has a path as its argument (RFC 959 section 5.3.1).
    this.#client.availableListCommands = [features.has("MLST") ? "MLSD" : features.size === 0 ? "LIST" : "LIST -a"];
    await this.#client.send("TYPE I");
  }

  /** A refusal of PBSZ or PROT is reported and not thrown: curl and basic-ftp go on after one, so CCC is tried if it follows. */
  async #protect(): Promise<FTPError | null> {
    if (this.#traits.protection === null) return null;
    this.#clock.enter("protection");
    try {
      await this.#client.send("PBSZ 0");
      await this.#client.send(`PROT ${this.#traits.protection}`);
      return null;
    } catch (error) {
      if (!(error instanceof FTPError)) throw error;
      return error;
    }
  }

  async #clearControl(): Promise<void> {
    const control = this.#control;
    if (!control) throw new TypeError("CCC needs a control connection that can be cleared.");
    this.#clock.enter("ccc");
    control.expectClear();
    try {
      await this.#client.send("CCC");
    } catch (error) {
      control.stayProtected();
      throw error;
    }
    await control.clear();
    this.transcript.remark("control connection in clear");
    if (this.#traits.ccc === "primed") await this.#client.send("NOOP");
    else this.#judgePremise(control);
  }

  /**
   * nf_conntrack_ftp reads a segment only if the one before it ended in a newline (find_nl_seq). `ftps-ccc-unprimed` stands
   * for the first clear line going unread; the last byte of TLS is 0x0a once in 256 times.
   */
  #judgePremise(control: ClearableControl): void {
    const { sent, received } = control.lastTlsByte;
    if ((isPassive(this.#request.data) ? received : sent) !== 0x0a) return;
    if (this.#mayRedraw) throw new VoidPremise();
    this.transcript.remark("the last byte of TLS is 0x0a: the router's helper may read the next line");
  }

  #prepareTransfer(): ReturnType<typeof prepareTransfer> {
    this.#progress = null;
    this.#clock.enter("data-command");
    const { data, localAddress, options } = this.#request;
    const isProtected = this.#traits.protection === "P";
    const ftp = this.#client.ftp;
    return prepareTransfer(ftp, {
      data,
      localAddress,
      options,
      channel: {
        direction: this.#part.operation === "upload" ? "out" : "in",
        tls: isProtected ? this.#dataTls() : null,
        onSession: (session) => {
          ftp.tlsSessionStore = session;
        },
        remark: (text) => {
          this.transcript.remark(text);
        },
        note: (change) => this.#progress?.note(change),
      },
      onArranged: (overdue) => {
        this.#progress = new TransferProgress(this.#clock, isProtected, overdue);
      },
    });
  }

  /** As basic-ftp does: the newest ticket, or what the control connection has (TLS 1.2). */
  #dataTls(): ConnectionOptions {
    const socket = this.#control ?? this.#client.ftp.socket;
    if (!this.#request.options.resumeSession || !("getSession" in socket)) return this.#tls;
    const session = this.#client.ftp.tlsSessionStore ?? socket.getSession();
    return session ? { ...this.#tls, session } : this.#tls;
  }

  /** basic-ftp asks for a socket once for each connection; the data connections are ours. */
  #newControlSocket(): Socket {
    const socket = boundSocket(this.#request.localAddress);
    socket.once("connect", () => {
      this.#clock.enter("greeting");
    });
    if (this.#traits.ccc === "none") return socket;
    this.#control = new ClearableControl(socket, this.#request.options.clearing);
    return this.#control as unknown as Socket;
  }
}
