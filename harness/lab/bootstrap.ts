import { access, mkdtemp, rm } from "node:fs/promises";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { LabError } from "../model/errors";
import { importImage, pullImage } from "./base-image";
import type { Engine } from "./engine";
import { debianReleases } from "../catalog/releases/registry";
import { baseImage } from "./image-definitions";
import { imageId } from "./images";
import { installPackages } from "./machine/apt";
import { findCommand, runCommand, type CommandResult } from "./machine/command";
import { readOsRelease } from "./machine/os-release";

export type BaseImageOptions = {
  readonly signal: AbortSignal;
  readonly onNote: (note: string, kind: "announcement" | "detail") => void;
  /** The name under which the image is looked for, pulled or imported. */
  readonly reference?: string;
};

const mirror = "http://deb.debian.org/debian";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** What Debian's own slim image leaves out; packages installed later leave it out too. */
const slimExcludes = ["/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/man/*"];

/** Debian's release in the name of its slim image, `debian:<release>-slim`. */
function suiteOf(reference: string): string {
  return /^debian:([a-z]+)-slim\b/.exec(reference)?.[1] ?? "trixie";
}

function isMoving(suite: string): boolean {
  return debianReleases.some((release) => release.id === suite && release.isMoving === true);
}

/**
 * Sees that the base image is there: pulls it, or bootstraps it from Debian packages where no registry answers.
 * @throws LabError of phase `image` or `engine`, with the way to get it by hand.
 */
export async function ensureBaseImage(
  engine: Engine,
  options: BaseImageOptions,
): Promise<"was-there" | "pulled" | "bootstrapped"> {
  const reference = options.reference ?? baseImage;
  if ((await imageId(engine, reference)) !== null) return "was-there";
  options.onNote(`Pulling ${reference}.`, "announcement");
  const { signal } = options;
  const onLine = (line: string) => {
    options.onNote(line, "detail");
  };
  const failure = await pullImage(engine, reference, { signal, onLine });
  if (failure === null) return "pulled";
  await bootstrap(engine, reference, failure, options);
  return "bootstrapped";
}

async function bootstrap(
  engine: Engine,
  reference: string,
  pullFailure: string,
  options: BaseImageOptions,
): Promise<void> {
  options.onNote(`It cannot be pulled (${pullFailure}). Building it from Debian packages.`, "announcement");
  refuseForeignEngine(engine, reference);
  await ensureMmdebstrap(reference, options);
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    const tarFile = join(folder, "base.tar");
    await makeTar(folder, tarFile, reference, options);
    options.onNote("Importing it into the engine.", "detail");
    await importImage(engine, tarFile, reference);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Mirrors refuse a connection now and then, and one that does so for long enough breaks the whole bootstrap. */
const attempts = 2;

async function makeTar(folder: string, tarFile: string, reference: string, options: BaseImageOptions): Promise<void> {
  let result = await runMmdebstrap(folder, tarFile, suiteOf(reference), options);
  for (let attempt = 2; !result.ok && attempt <= attempts; attempt += 1) {
    options.onNote("The download broke off; trying again.", "announcement");
    await rm(tarFile, { force: true });
    result = await runMmdebstrap(folder, tarFile, suiteOf(reference), options);
  }
  if (result.ok) return;
  const lines = [`${reference} could not be bootstrapped:`, ...result.lastLines.map((line) => `  ${line}`)];
  throw new LabError("image", lines.join("\n"), {
    code: "bootstrap-failed",
    hint: `Check that this machine reaches ${mirror}, or load ${reference} into the engine; then run \`npm run setup\` again.`,
  });
}

function runMmdebstrap(
  folder: string,
  tarFile: string,
  suite: string,
  { signal, onNote }: BaseImageOptions,
): Promise<CommandResult> {
  const command = [
    "mmdebstrap",
    "--variant=minbase",
    "--include=ca-certificates",
    `--keyring=${keyring}`,
    '--aptopt=Acquire::Retries "8"',
    // The lists of a suite that moves expire, and a mirror may be behind.
    ...(isMoving(suite) ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
    ...slimExcludes.map((path) => `--dpkgopt=path-exclude=${path}`),
    suite,
    tarFile,
    mirror,
  ];
  // mmdebstrap mounts /proc and /sys for its packages' scripts. In a mount name space of its own, even a killed one
  // leaves nothing mounted below the folder that is about to be removed.
  const asRoot = process.getuid?.() === 0 ? ["unshare", "--mount"] : [];
  const [file = "", ...args] = [...asRoot, ...command];
  return runCommand(file, args, {
    signal,
    environment: { TMPDIR: folder },
    onLine: (line) => {
      onNote(line, "detail");
    },
  });
}

async function ensureMmdebstrap(reference: string, { signal, onNote }: BaseImageOptions): Promise<void> {
  const missing: string[] = [];
  if ((await findCommand("mmdebstrap")) === null) missing.push("mmdebstrap");
  if (
    !(await access(keyring).then(
      () => true,
      () => false,
    ))
  )
    missing.push("debian-archive-keyring");
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (process.getuid?.() !== 0 || !(await readOsRelease()).debianLike) {
    throw new LabError(
      "image",
      `${reference} cannot be pulled, and the programs that could build it are missing: ${names}.`,
      {
        code: "bootstrap-tools-missing",
        hint: `Install ${names} (\`sudo apt-get install ${names}\`), or load ${reference} into the engine.`,
      },
    );
  }
  onNote(`Installing ${names}.`, "announcement");
  await installPackages(missing, signal, (line) => {
    onNote(line, "detail");
  });
}

/** mmdebstrap makes a system for this machine, which must be what the engine's machine can run. */
function refuseForeignEngine(engine: Engine, reference: string): void {
  const names: Partial<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
  const here = names[arch()] ?? arch();
  if (process.platform === "linux" && engine.info.architecture === here) return;
  throw new LabError("image", `${reference} cannot be pulled, and cannot be built here for the engine's machine.`, {
    code: "bootstrap-foreign-engine",
    hint: `Let the engine reach a registry (\`docker pull ${reference}\` shows what fails), or load the image into it.`,
  });
}
