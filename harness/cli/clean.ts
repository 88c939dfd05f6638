import { connectEngine } from "../lab/engine";
import { removeOwned } from "../lab/sweep";
import { exitCodes } from "../model/errors";

/** `clean`: removes every container and network that carries our label, of this run or any other, and nothing else. */
export async function runClean(print: (line: string) => void): Promise<number> {
  const removed = await removeOwned(await connectEngine());
  for (const name of removed) print(`removed ${name}`);
  print(removed.length === 0 ? "nothing to remove" : `${removed.length} removed`);
  return exitCodes.expected;
}
