import { Command } from "@commander-js/extra-typings";
import { exitCodes, LabError } from "../../model/errors";
import { browserStep } from "../../tools/setup/browser";
import { Progress } from "../../tools/setup/progress";
import { takeSetupLock } from "../../tools/setup/setup-lock";
import { baseStep, engineStep, imagesStep, kernelStep, loadStep, saveStep } from "../../tools/setup/steps";
import { coreImages, imageNames } from "../../lab/image-definitions";
import type { DeclareCommand } from "../command";
import { interruptible } from "../signals";

type SetupOptions = {
  /** Prints failures only. */
  readonly quiet?: boolean;
  /** Builds the images of all clients and servers too, which else are built when a cell first needs them. */
  readonly allImages?: boolean;
  /** Archives of images, to begin with and to end with. */
  readonly loadImages?: string;
  readonly saveImages?: string;
  /** A browser too, for the tests of the page. */
  readonly browser?: boolean;
};

export const command: DeclareCommand = ({ finish }) =>
  new Command("setup")
    .summary("make this machine ready")
    .description("prepare this machine: engine, kernel helpers, base image, images; a second run changes nothing")
    .option(
      "--all-images",
      "build the images of all clients and servers too; otherwise each is built when a cell needs it",
    )
    .option("--save-images <file>", "write all images to a file, for another machine's --load-images")
    .option("--load-images <file>", "load the images from that file instead of building them")
    .option("--browser", "install Chromium too, for the tests of the page")
    .action(async (options) => {
      finish(await runSetup(options));
    });

/** Makes this machine ready to run labs: engine, base image, images, kernel helpers. Gives the exit code. */
async function runSetup(options: SetupOptions): Promise<number> {
  const startedAt = performance.now();
  const { signal, release } = interruptible(() => process.stdout.write("\nInterrupted, cleaning up.\n"));
  const progress = new Progress(process.stdout, options.quiet === true, signal);
  try {
    const lock = await takeSetupLock(signal, () => {
      progress.say("→ Another setup is running; waiting for it.");
    });
    try {
      const changed = await runSteps(progress, options, signal);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      progress.say(changed ? `Ready, after ${seconds} s.` : `Ready; nothing to change (${seconds} s).`);
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

async function runSteps(progress: Progress, options: SetupOptions, signal: AbortSignal): Promise<boolean> {
  const { loadImages: archive, saveImages: target } = options;
  const { engine, ...started } = await progress.step("Engine", (notes) => engineStep(notes, signal));
  if (archive !== undefined) await progress.step("Archive", () => loadStep(engine, archive, signal));
  const base = await progress.step("Base image", (notes) => baseStep(engine, notes, signal));
  const names = options.allImages === true ? imageNames : coreImages;
  const images = await progress.step("Images", (notes) => imagesStep(engine, names, notes, signal));
  if (target !== undefined) await progress.step("Archive", () => saveStep(engine, target, signal));
  const kernel = await progress.step("Kernel", (notes) => kernelStep(engine, notes, signal));
  const browser =
    options.browser === true ? [await progress.step("Browser", (notes) => browserStep(notes, signal))] : [];
  return [started, base, images, kernel, ...browser].some((result) => result.changed);
}
