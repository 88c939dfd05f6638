/** Where the shards of a night are, among what was downloaded. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../model/errors";

/**
 * The folders of a night's shards in order. A download of several has a folder for each; of a single one it has the files
 * themselves; and of none there is no folder at all.
 * @throws UsageError where there is no shard.
 */
export function shardFolders(dir: string): readonly string[] {
  if (existsSync(join(dir, "report.json"))) return [dir];
  const names = existsSync(dir) ? readdirSync(dir).sort() : [];
  if (names.length > 0) return names.map((name) => join(dir, name));
  throw new UsageError(`there is no shard in ${dir}`, {
    code: "no-shards",
    hint: "Every shard was lost. The output of the shards' jobs says why.",
  });
}
