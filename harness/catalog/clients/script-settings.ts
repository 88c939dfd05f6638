import { isPassive, traitsOf } from "../../model/axes";
import type { ProgramSession } from "../../model/program";

/** The least patience: a library has one time-out for everything, and a busy server may take a second or two for a login. */
const leastSeconds = 5;

/** What the lab's script for an FTP library reads from its standard input: one JSON object. */
export function scriptSettings(session: ProgramSession): string {
  const { host, port, family, user, password, caFile, folder, operation, data, options } = session;
  return JSON.stringify({
    host,
    port,
    family,
    user,
    password,
    caFile,
    folder,
    operation,
    data,
    options,
    ...traitsOf(session.mode),
    passive: isPassive(data),
    files: session.files.map(({ name }) => name),
    timeout: Math.max(leastSeconds, session.connectSeconds),
    // Once it has logged in.
    patience: session.connectSeconds + 1,
  });
}
