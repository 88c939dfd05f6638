import type { StageDeadlines } from "../model/agent-protocol";
import type { Stage } from "../model/axes";
import type { StageSpan } from "../model/cell";
import { SessionFailure } from "./session-failure";

/**
 * A session that stays this long in a connecting stage waits for the network. In any other stage it waits for the server's
 * processor: to let more sessions start then would only make all of them slower.
 */
const waitingAfterMs = 150;
const connecting: readonly Stage[] = ["control-connect", "data-connect"];

/** In basic-ftp's words. */
const noReply = "Timeout (control socket)";

export type StageClockOptions = {
  readonly deadlines: StageDeadlines;
  /** Monotonic time in ms since the session's start. */
  readonly now: () => number;
  /** Called at most once, when a connecting stage has lasted over 150 ms. */
  readonly onWaiting: () => void;
};

/**
 * Knows which stage a session is in, how long each lasted, and when the present one's time is over. ProFTPD stays silent
 * while it waits for a blocked data connection (TimeoutStalled is an hour), so the time limits are the client's own.
 */
export class StageClock {
  /** Rejects with a {@link SessionFailure} when a stage's time is over; never resolves. */
  readonly expired: Promise<never>;
  readonly #options: StageClockOptions;
  readonly #waiting: NodeJS.Timeout;
  readonly #spans: StageSpan[] = [];
  #reject: (failure: SessionFailure) => void = () => undefined;
  #deadline: NodeJS.Timeout | undefined;
  #stage: Stage = "control-connect";
  #overdue = noReply;
  #startMs: number;
  #visits = 0;
  #waited = false;
  #stopped = false;

  constructor(options: StageClockOptions) {
    this.#options = options;
    this.#startMs = options.now();
    this.expired = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    // A session may end when nothing listens any more.
    this.expired.catch(() => undefined);
    this.#waiting = setTimeout(() => {
      if (!connecting.includes(this.#stage)) return;
      this.#waited = true;
      options.onWaiting();
    }, waitingAfterMs);
    this.#setDeadline();
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Ends the present stage and starts another, unless it is the same; `overdue` is the message should its time run out, by itself that no reply came. */
  enter(stage: Stage, overdue = noReply): void {
    if (this.#stopped) return;
    this.#overdue = overdue;
    if (stage === this.#stage) return;
    this.#closeSpan();
    this.#stage = stage;
    this.#visits += 1;
    // refresh() would also revive a timer that has fired, and a session is reported as waiting only once.
    if (!this.#waited) this.#waiting.refresh();
    this.#setDeadline();
  }

  /** Lets time pass in which nothing is owed by anybody: the present stage's time begins anew after it. */
  async pause(ms: number): Promise<void> {
    clearTimeout(this.#deadline);
    clearTimeout(this.#waiting);
    if (!this.#waited) this.#options.onWaiting();
    this.#waited = true;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#overdue = noReply;
    if (!this.#stopped) this.#setDeadline();
  }

  /** Stops all timers and returns the spans; calling it again gives the same spans. */
  stop(): readonly StageSpan[] {
    if (!this.#stopped) {
      this.#closeSpan();
      this.#stopped = true;
      clearTimeout(this.#waiting);
      clearTimeout(this.#deadline);
    }
    return this.#spans;
  }

  #closeSpan(): void {
    const endMs = this.#options.now();
    this.#spans.push({ stage: this.#stage, startMs: this.#startMs, endMs });
    this.#startMs = endMs;
  }

  #setDeadline(): void {
    clearTimeout(this.#deadline);
    const visit = this.#visits;
    const limitMs = this.#options.deadlines[this.#stage];
    this.#deadline = setTimeout(() => {
      // Timers run before sockets are read: in a busy process the answer may lie in the kernel already. Read first.
      setImmediate(() => {
        if (this.#stopped || this.#visits !== visit) return;
        this.#reject(new SessionFailure(this.#stage, `${this.#overdue} after ${limitMs} ms`, null));
      });
    }, limitMs);
  }
}
