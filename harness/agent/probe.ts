import type { ProbeOutcome, ProbeRequest } from "../model/agent-protocol";
import { boundSocket } from "./bound-socket";
import { codeOf } from "./session-failure";

/** Tries a TCP connection and returns how it ended; silence until the time-out is `ETIMEDOUT`. */
export function runProbe(request: ProbeRequest): Promise<ProbeOutcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = boundSocket(request.localAddress);
    const end = (connected: boolean, error: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ connected, error, durationMs: Math.round((performance.now() - startedAt) * 100) / 100 });
    };
    // As in the stage clock: what has arrived is read before silence is declared.
    const timer = setTimeout(() => {
      setImmediate(() => {
        end(false, "ETIMEDOUT");
      });
    }, request.timeoutMs);
    socket.once("error", (error) => {
      end(false, codeOf(error) || error.message);
    });
    socket.connect({ host: request.address, port: request.port }, () => {
      end(true, null);
    });
  });
}
