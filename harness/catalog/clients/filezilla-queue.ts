import { isPassive } from "../../model/axes";
import type { ProgramSession } from "../../model/program";
import { filezillaProtocol, remotePath } from "./filezilla-site";

/**
 * FileZilla's transfer queue as it keeps it between two starts: SQL for `queue.sqlite3` (queue_storage.cpp of 3.68; `user_version` 8).
 * It takes the files out when it has loaded them, and writes those back that it has not transferred when it ends.
 */
export function queueWith(session: ProgramSession): string {
  const { host, port, user, password, folder, files, home, operation } = session;
  // Other words than those of the site manager.
  const transferMode = isPassive(session.data) ? "passive" : "active";
  const server = [host, port, user, password, filezillaProtocol(session), transferMode];
  const flags = operation === "download" ? flag.download : 0;
  return [
    ...tables,
    `INSERT INTO local_paths VALUES (1, ${literal(`${home}/`)});`,
    `INSERT INTO remote_paths VALUES (1, ${literal(remotePath(folder))});`,
    "INSERT INTO servers (id, host, port, user, password, protocol, transfer_mode, type, logontype, encoding)",
    `  VALUES (1, ${server.map(literal).join(", ")}, 0, 1, 'Auto');`,
    ...files.map(
      ({ name }) =>
        "INSERT INTO files (server, local_path, remote_path, size, error_count, priority, source_file, flags)" +
        ` VALUES (1, 1, 1, -1, 0, ${normalPriority}, ${literal(name)}, ${flags});`,
    ),
    "",
  ].join("\n");
}

/** As measured: with 0 it uploads, with 16 it downloads, both in binary mode. */
const flag = { download: 16 } as const;
const normalPriority = 2;

const tables = [
  `CREATE TABLE servers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, host TEXT NOT NULL, port INTEGER, user TEXT, password TEXT,
  account TEXT, keyfile TEXT, protocol INTEGER, type INTEGER, logontype INTEGER, timezone_offset INTEGER, transfer_mode TEXT,
  max_connections INTEGER, encoding TEXT, bypass_proxy INTEGER, post_login_commands TEXT, name TEXT, parameters TEXT,
  site_path TEXT DEFAULT NULL);`,
  `CREATE TABLE files (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, server INTEGER NOT NULL, source_file TEXT, target_file TEXT,
  local_path INTEGER, remote_path INTEGER, size INTEGER, error_count INTEGER, priority INTEGER, flags INTEGER,
  default_exists_action INTEGER, extra_flags TEXT, persistent_state BLOB);`,
  "CREATE INDEX server_index ON files (server);",
  "CREATE TABLE local_paths (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, path TEXT NOT NULL);",
  "CREATE TABLE remote_paths (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, path TEXT NOT NULL);",
  "PRAGMA user_version = 8;",
] as const;

function literal(value: string | number): string {
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
