import { connectEngine, namedHost, type Engine } from "../../lab/engine";
import { pullImage } from "../../lab/base-image";
import { imagesToShip, loadImages, saveImages } from "../../lab/image-archive";
import { baseImage, type ImageName } from "../../lab/image-definitions";
import { basesOf, ensureImages, imageTags, removeOldImages } from "../../lab/images";
import { ryukImage } from "../../lab/testcontainers-environment";
import { LabError } from "../../model/errors";
import { ensureBaseImage } from "../../lab/bootstrap";
import { runCommand } from "../../lab/machine/command";
import { startEngine } from "./engine-start";
import { enginePaths } from "./engine-state";
import { findModules, sharesKernel, type ModuleStates } from "./kernel-evidence";
import { moduleNames, type ModuleName } from "./kernel-modules";
import type { StepNotes } from "./progress";

/** What a step found or did, and whether it changed the machine. */
export type StepResult = { readonly summary: string; readonly changed: boolean };

const logFile = "/var/log/dockerd.log";

export async function engineStep(notes: StepNotes, signal: AbortSignal): Promise<StepResult & { engine: Engine }> {
  const already = await answeringEngine();
  if (already !== null) return { summary: describeEngine(already), changed: false, engine: already };
  await startEngine({ paths: enginePaths, logFile, daemonArguments: [], signal, onNote: noteTo(notes) });
  const engine = await connectEngine();
  return { summary: `${describeEngine(engine)}, started`, changed: true, engine };
}

export async function baseStep(engine: Engine, notes: StepNotes, signal: AbortSignal): Promise<StepResult> {
  const how = await ensureBaseImage(engine, { signal, onNote: noteTo(notes) });
  if (how === "was-there") return { summary: `${baseImage} is there`, changed: false };
  if (how === "pulled") {
    // A registry answers, so Testcontainers' reaper can be had as well; nothing needs it.
    await pullImage(engine, ryukImage, { signal, onLine: notes.detail });
  }
  return { summary: `${baseImage} ${how}`, changed: true };
}

export async function imagesStep(
  engine: Engine,
  names: readonly ImageName[],
  notes: StepNotes,
  signal: AbortSignal,
): Promise<StepResult> {
  const built: ImageName[] = [];
  for (const reference of await basesOf(names)) {
    await ensureBaseImage(engine, { reference, signal, onNote: noteTo(notes) });
  }
  await ensureImages(
    engine,
    names,
    (progress) => {
      if (progress.kind === "building") notes.announce(`building ${progress.name}`);
      if (progress.kind === "output") notes.detail(`${progress.name}: ${progress.line}`);
      if (progress.kind === "built") built.push(progress.name);
    },
    { signal },
  );
  if (built.length === 0) return { summary: `${names.join(", ")} are there`, changed: false };
  const removed = await removeOldImages(engine);
  const also = removed.length === 0 ? "" : `; ${removed.length} old removed`;
  return { summary: `built ${built.join(", ")}${also}`, changed: true };
}

/** Takes images that another machine has made. */
export async function loadStep(engine: Engine, file: string, signal: AbortSignal): Promise<StepResult> {
  const names = await loadImages(engine, file, signal);
  return { summary: `${names.length} images loaded from ${file}`, changed: true };
}

export async function saveStep(engine: Engine, file: string, signal: AbortSignal): Promise<StepResult> {
  const names = await imagesToShip(engine);
  await saveImages(engine, names, file, signal);
  return { summary: `${names.length} images saved to ${file}`, changed: false };
}

/** @throws LabError of phase `engine`, code `kernel-modules-missing`. */
export async function kernelStep(engine: Engine, notes: StepNotes, signal: AbortSignal): Promise<StepResult> {
  const image = (await imageTags(engine)).router ?? null;
  let states = await findModules(engine, image);
  const loadable = moduleNames.filter((name) => states[name] === "loadable");
  const here = sharesKernel(engine);
  let reason = "";
  if (here && process.getuid?.() === 0 && loadable.length > 0) {
    notes.announce(`modprobe ${loadable.join(" ")}`);
    const result = await runCommand("modprobe", ["-a", ...loadable], { signal });
    if (!result.ok) reason = ` (${result.lastLines.join(" ")})`;
    states = await findModules(engine, image);
  }
  const absent = moduleNames.filter((name) => states[name] === "loadable" || states[name] === "missing");
  if (absent.length === 0) return { summary: describeModules(states), changed: loadable.length > 0 };
  throw new LabError("engine", `The kernel lacks ${absent.join(" and ")}${reason}.`, {
    code: "kernel-modules-missing",
    hint: modulesRemedy(states, absent, here),
  });
}

/** How to get the modules that are absent, on the machine whose kernel lacks them. */
export function modulesRemedy(states: ModuleStates, absent: readonly ModuleName[], here: boolean): string {
  if (absent.some((name) => states[name] === "missing")) {
    return "Install the full kernel of your distribution: this one was built without the FTP helper.";
  }
  const load = `modprobe -a ${absent.join(" ")}`;
  return here ? `Run \`sudo ${load}\`.` : `Run \`${load}\` as root on the engine's machine (\`colima ssh\`, \`ssh\`).`;
}

export function describeModules(states: ModuleStates): string {
  return moduleNames.map((name) => `${name} ${states[name].replace("-", " ")}`).join(", ");
}

export function describeEngine(engine: Engine): string {
  const { version, operatingSystem, kernel } = engine.info;
  return `Docker ${version} answers (${operatingSystem}, kernel ${kernel})`;
}

async function answeringEngine(): Promise<Engine | null> {
  try {
    return await connectEngine();
  } catch (error) {
    // Why a local one does not answer is found out, and told, by what tries to start it; one that is named is not started.
    if (error instanceof LabError && namedHost() === "") return null;
    throw error;
  }
}

function noteTo(notes: StepNotes) {
  return (note: string, kind: "announcement" | "detail") => {
    if (kind === "announcement") notes.announce(note);
    else notes.detail(note);
  };
}
