/** `dist/stamp` names each file and folder that `dist/` was built from, as it was then. */
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");

/** Whether nothing that `dist/` was built from has changed since. `root` is the project's folder. */
function isFresh(root) {
  try {
    const lines = readFileSync(join(root, "dist", "stamp"), "utf8")
      .trimEnd()
      .split("\n");
    return lines.every((line) => line === lineOf(root, line.slice(0, line.indexOf("\t"))));
  } catch {
    // There is no stamp, or a file has gone.
    return false;
  }
}

/** A stamp's line for a path of the project; a folder's changes when a file comes or goes. */
function lineOf(root, path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${path}\t${size} ${mtimeMs}`;
}

module.exports = { isFresh, lineOf };
