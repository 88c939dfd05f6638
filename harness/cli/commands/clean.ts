import { Command } from "@commander-js/extra-typings";
import { connectEngine } from "../../lab/engine";
import { exitCodes } from "../../model/errors";
import type { DeclareCommand } from "../command";

export const command: DeclareCommand = ({ finish }) =>
  new Command("clean")
    .summary("remove every container of this tool")
    .description("remove every container that this tool has left on the engine")
    .action(async () => {
      finish(await runClean((line) => process.stdout.write(`${line}\n`)));
    });

/** `clean`: removes every container and network that carries our label, of this run or any other, and nothing else. */
async function runClean(print: (line: string) => void): Promise<number> {
  const engine = await connectEngine();
  // Testcontainers is too heavy for the help.
  const { removeOwned } = await import("../../lab/sweep.ts");
  const removed = await removeOwned(engine);
  for (const name of removed) print(`removed ${name}`);
  print(removed.length === 0 ? "nothing to remove" : `${removed.length} removed`);
  return exitCodes.expected;
}
