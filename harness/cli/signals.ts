import { exitCodes } from "../model/errors";

/**
 * SIGINT, SIGTERM and SIGHUP end a run after cleaning up; a second one ends the process at once, and the leases clean up.
 * Gives a signal to pass on, and a function that takes the handlers back.
 */
export function interruptible(onInterrupt: () => void): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
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
