import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { projectRoot } from "../../lab/project";
import type { DeclareCommand } from "../command";

/** The script that people run on their router, server and client: POSIX shell, as it stands in the repository. */
export const collectScript = join(projectRoot, "harness", "import", "collect.sh");

export const command: DeclareCommand = () =>
  new Command("collect")
    .summary("print a script that collects a host's network")
    .description(
      "print a shell script that collects what decides about FTP on a router, a server or a client: rules, addresses, " +
        "routes, the FTP server's configuration and last log lines; it only reads, and takes passwords and keys out",
    )
    .addHelpText(
      "after",
      "\nExample:\n  npm run --silent matrix -- collect > collect.sh\n  ssh root@router sh -s < collect.sh > router.txt",
    )
    .action(() => {
      process.stdout.write(readFileSync(collectScript, "utf8"));
    });
