import { exitCodes } from "../model/errors";

/**
 * One Ctrl-C may come twice within a moment: the terminal sends it to the whole process group, and npm, which is in the group too,
 * passes it on. A person's second one comes later.
 */
const echoMs = 500;

/**
 * SIGINT, SIGTERM and SIGHUP end a run after cleaning up; a second one ends the process at once, and the leases clean up.
 * Gives a signal to pass on, and a function that takes the handlers back.
 */
export function interruptible(onInterrupt: () => void): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  let firstAt = 0;
  const handler = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt > echoMs) process.exit(exitCodes.interrupted);
      return;
    }
    firstAt = performance.now();
    onInterrupt();
    controller.abort();
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) process.on(name, handler);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, handler);
    },
  };
}
