import type { SessionRequest } from "../model/agent-protocol";
import type { Attempt } from "../model/cell";
import { failureOf } from "./session-failure";
import { SessionRun, VoidPremise } from "./session-run";
import type { SessionTools } from "./session-tools";

/** Sessions given up and begun anew at most; the chance that all of them are void is 1 in 256⁵. */
const maxRedraws = 4;

/**
 * Runs one session to its end and reports it. Never rejects for a failure of FTP.
 *
 * @throws an error that says nothing about FTP: a bug, or a fault of the lab
 */
export async function runSession(request: SessionRequest, tools: SessionTools): Promise<Attempt> {
  let waited = false;
  const onWaiting = (): void => {
    if (!waited) tools.onWaiting();
    waited = true;
  };
  for (let redraws = 0; ; redraws += 1) {
    const run = new SessionRun(request, { ...tools, onWaiting }, redraws < maxRedraws);
    if (redraws > 0) run.transcript.remark(`begun anew (${redraws}): chance had opened the helper's gate`);
    const attempt = await attemptOf(run, redraws);
    if (attempt) return attempt;
  }
}

/** `null` when the session is to be begun anew. */
async function attemptOf(run: SessionRun, redraws: number): Promise<Attempt | null> {
  try {
    await run.toCompletion();
    const told = run.tell();
    await run.quit();
    return { ...told, result: "worked", stage: null, message: null, replyCode: null, redraws };
  } catch (error) {
    if (error instanceof VoidPremise) return null;
    const failure = failureOf(error, run.stage, run.transferState);
    if (!failure) throw error;
    run.enter(failure.stage);
    const { stage, message, replyCode } = failure;
    return { ...run.tell(), result: "failed", stage, message, replyCode, redraws };
  } finally {
    run.close();
  }
}
