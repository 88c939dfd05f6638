import { LabError } from "../model/errors";
import type { ScriptRunner } from "./node-shell";

/**
 * Reads files of a node, in the order of their paths, which are shell text. One that is not there is empty, and of one that is
 * longer come its first `mostBytes`. What a file holds may be a stranger's: it is cut by its size and by nothing that stands in it.
 * @throws LabError of phase `evidence`
 */
export async function readFiles(
  shell: Pick<ScriptRunner, "runForBytes">,
  paths: readonly string[],
  mostBytes: number,
): Promise<readonly Buffer[]> {
  const script = [
    `for file in ${paths.join(" ")}; do`,
    // A file that is being written to grows meanwhile: what is announced is what is sent.
    "  size=0; [ ! -e $file ] || size=$(wc -c < $file)",
    `  [ $size -le ${mostBytes} ] || size=${mostBytes}`,
    "  echo $size; [ $size = 0 ] || head -c $size $file",
    "done",
  ];
  const output = await shell.runForBytes("evidence", script.join("\n"));
  let at = 0;
  const files = paths.map((path) => {
    const lineEnd = output.indexOf("\n", at);
    const size = lineEnd === -1 ? "" : output.toString("latin1", at, lineEnd).trim();
    const start = lineEnd + 1;
    const end = start + Number(size);
    if (!/^\d+$/.test(size) || end > output.length) throw unreadable(path, output.subarray(at));
    at = end;
    return output.subarray(start, end);
  });
  if (at !== output.length) throw unreadable(paths.at(-1) ?? "no file", output.subarray(at));
  return files;
}

function unreadable(path: string, rest: Buffer): LabError {
  const said = rest.toString("utf8", 0, 200).trim();
  return new LabError("evidence", `${path} could not be read back: ${said}`, { code: "read-files" });
}
