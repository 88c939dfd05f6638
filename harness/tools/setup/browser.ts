import { existsSync } from "node:fs";
import { LabError } from "../../model/errors";
import { installPackages } from "../../lab/machine/apt";
import { readOsRelease } from "../../lab/machine/os-release";
import type { StepNotes } from "./progress";

/** Where Debian, Ubuntu and GitHub's machines have one that the page's tests can use. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium and a font with the page's signs. */
const packages = ["chromium", "fonts-dejavu-core"];

/** The path of a Chromium; `CHROMIUM` names one that is elsewhere. */
export function findBrowser(): string | null {
  return process.env["CHROMIUM"] ?? places.find((path) => existsSync(path)) ?? null;
}

/**
 * Installs Chromium where there is none, for the page's tests and picture alone; nothing else needs it.
 * @throws LabError of phase `engine`, code `browser-missing`.
 */
export async function browserStep(
  notes: StepNotes,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly changed: boolean }> {
  const found = findBrowser();
  if (found !== null) return { summary: `${found} is there`, changed: false };
  const { name, debianLike } = await readOsRelease();
  if (!debianLike || process.getuid?.() !== 0) {
    throw new LabError(
      "engine",
      `There is no Chromium. Setup installs it only on Debian and its derivatives, as root.`,
      {
        code: "browser-missing",
        hint: debianLike
          ? `Run \`sudo apt-get install --no-install-recommends ${packages.join(" ")}\`.`
          : `Install Chromium on ${name}, and name its path in CHROMIUM.`,
      },
    );
  }
  notes.announce(`apt-get install ${packages.join(" ")}`);
  await installPackages(packages, signal, (line) => {
    notes.detail(line);
  });
  return { summary: `installed ${packages.join(", ")}`, changed: true };
}
