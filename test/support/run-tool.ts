import { messageOf } from "../../harness/model/errors";

/** Runs a tool of ours with the words of its command line: its exit code, or 3 and a message where it breaks off. */
export function runTool(main: (words: readonly string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exitCode = 3;
    },
  );
}
