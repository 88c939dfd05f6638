import { LabError } from "../../model/errors";
import { runCommand } from "./command";

/** Another apt may be at work, such as a fresh machine's unattended upgrades. */
const lockWaitS = 300;

/**
 * Installs Debian packages and nothing that they only recommend; for root on Debian and its like.
 * @throws LabError of phase `engine`, code `packages-not-installed`, with the last lines of apt-get.
 */
export async function installPackages(
  packages: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const options = { signal, onLine, environment: { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_SUSPEND: "1" } };
  const patience = ["-o", `DPkg::Lock::Timeout=${lockWaitS}`, "-o", "Acquire::Retries=8"];
  // One foreign source that is down must not matter: installing tells whether what is needed was found.
  const update = await runCommand("apt-get", [...patience, "update"], options);
  const install = await runCommand(
    "apt-get",
    [...patience, "install", "-y", "--no-install-recommends", ...packages],
    options,
  );
  if (install.ok) return;
  const lines = [...(update.ok ? [] : update.lastLines), ...install.lastLines].map((line) => `  ${line}`);
  throw new LabError("engine", [`apt-get could not install ${packages.join(" ")}:`, ...lines].join("\n"), {
    code: "packages-not-installed",
    hint:
      `Solve the problem that apt-get names, or install ${packages.join(" ")} by hand; then run \`npm run ` +
      `setup\` again.`,
  });
}
