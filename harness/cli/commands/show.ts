import { Command } from "@commander-js/extra-typings";
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitCodes, UsageError } from "../../model/errors";
import type { DeclareCommand } from "../command";
import { serveFolder } from "../folder-server";
import { latestFolder } from "../../lab/project";
import { interruptible } from "../signals";

export const command: DeclareCommand = ({ finish }) =>
  new Command("show")
    .summary("open a run's page in a browser")
    .description("serve a run's page to this machine only, and open it in a browser if there is a display")
    .argument("[dir]", "folder of a run, or a report in it (default: the newest run)")
    .option("--no-open", "only print the address")
    .action(async (dir, { open }) => {
      finish(await runShow(dir, { open }));
    });

const page = "report.html";

/**
 * `show`: serves a run's page to this machine until it is interrupted, and opens it where there is a display. The run is named by
 * its folder, or by one of its reports.
 */
async function runShow(path = latestFolder, { open }: { readonly open: boolean }): Promise<number> {
  const folder = statSync(path, { throwIfNoEntry: false })?.isFile() === true ? dirname(path) : path;
  if (!existsSync(join(folder, page))) {
    throw new UsageError(`There is no ${page} in ${folder}.`, {
      code: "no-page",
      hint: existsSync(join(folder, "report.json"))
        ? "That run did not write a page: run the matrix again without --reporter."
        : "Name the folder of a run, such as reports/out/latest; `npm run matrix` makes one.",
    });
  }
  const { server, url } = await serveFolder(folder, page);
  const { signal, release } = interruptible(() => undefined);
  const opened = open && openBrowser(url);
  process.stdout.write(`${opened ? "Opened" : "Serving"} ${url}. Stop it with Ctrl-C.\n`);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
  release();
  server.close();
  server.closeAllConnections();
  return exitCodes.expected;
}

/** Starts the desktop's browser, if there is a desktop; whether one came up is not known. */
function openBrowser(url: string): boolean {
  const { platform, env } = process;
  const hasDisplay = platform === "darwin" || (env["DISPLAY"] ?? env["WAYLAND_DISPLAY"] ?? "") !== "";
  if (!hasDisplay) return false;
  const child = spawn(platform === "darwin" ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  child.on("error", () => {
    process.stderr.write("No browser could be started. Open the address yourself.\n");
  });
  child.unref();
  return true;
}
