import { exitCodes, LabError } from "../model/errors";
import { browserStep } from "../setup/browser";
import { Progress } from "../setup/progress";
import { takeSetupLock } from "../setup/setup-lock";
import { baseStep, engineStep, imagesStep, kernelStep } from "../setup/steps";
import { interruptible } from "./signals";

export type SetupOptions = {
  /** Prints failures only. */
  readonly quiet?: boolean;
  /** A browser too, for the tests of the page. */
  readonly browser?: boolean;
};

/** Makes this machine ready to run labs: engine, base image, images, kernel helpers. Gives the exit code. */
export async function runSetup(options: SetupOptions = {}): Promise<number> {
  const startedAt = performance.now();
  const { signal, release } = interruptible(() => process.stdout.write("\nInterrupted, cleaning up.\n"));
  const progress = new Progress(process.stdout, options.quiet === true, signal);
  try {
    const lock = await takeSetupLock(signal, () => {
      progress.say("→ Another setup is at work; waiting for it.");
    });
    try {
      const changed = await runSteps(progress, signal, options.browser === true);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      progress.say(changed ? `Ready, after ${seconds} s.` : `Ready; nothing had to be changed (${seconds} s).`);
      return exitCodes.expected;
    } finally {
      lock.release();
    }
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    // The step that threw it has told it.
    if (error instanceof LabError) return error.exitCode;
    throw error;
  } finally {
    release();
  }
}

async function runSteps(progress: Progress, signal: AbortSignal, wantsBrowser: boolean): Promise<boolean> {
  const { engine, ...started } = await progress.step("Engine", (notes) => engineStep(notes, signal));
  const base = await progress.step("Base image", (notes) => baseStep(engine, notes, signal));
  const images = await progress.step("Images", (notes) => imagesStep(engine, notes, signal));
  const kernel = await progress.step("Kernel", (notes) => kernelStep(engine, notes, signal));
  const browser = wantsBrowser ? [await progress.step("Browser", (notes) => browserStep(notes, signal))] : [];
  return [started, base, images, kernel, ...browser].some((result) => result.changed);
}
