/** Time as reporters see it; tests pass their own. */
export interface Clock {
  /** Monotonic, in ms. */
  now(): number;
  /** Does something later; the answer calls it off. */
  after(delayMs: number, action: () => void): () => void;
}

/** The real clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
