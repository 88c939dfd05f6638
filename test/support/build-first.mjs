import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Jest's global setup: what tests read from `dist/` is built from the sources as they are. */
export default function buildFirst() {
  const builder = fileURLToPath(new URL("../../harness/tools/build/build.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [builder, "--if-stale"], { stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed: see above, or run `npm run build`.");
}
