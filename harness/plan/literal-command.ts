/** A reporter's own command line, made to fit the lab. */
import type { ProgramCommand, ProgramSession } from "../model/program";
import { commandPlaceholders, type CommandPlaceholder, type LiteralCommand } from "../model/session-script";

const placeholder = new RegExp(`\\{(${commandPlaceholders.join("|")})\\}`, "g");

/** The command as it is run: the reporter's arguments and files with the lab's host, account and files in their places. */
export function fillCommand(
  literal: LiteralCommand,
  base: Pick<ProgramCommand, "environment" | "inOwnImage">,
  session: ProgramSession,
): ProgramCommand {
  const fill = (text: string): string =>
    text.replace(placeholder, (_, name: string) => valueOf(name as CommandPlaceholder, session));
  return {
    ...(base.environment === undefined ? {} : { environment: base.environment }),
    ...(base.inOwnImage === undefined ? {} : { inOwnImage: base.inOwnImage }),
    argv: literal.argv.map(fill),
    ...(literal.input === null ? {} : { input: fill(literal.input) }),
    files: literal.files.map(({ path, text }) => ({ path, text: fill(text) })),
  };
}

function valueOf(name: CommandPlaceholder, session: ProgramSession): string {
  const [file] = session.files;
  switch (name) {
    case "host":
      return session.host;
    case "port":
      return String(session.port);
    case "user":
      return session.user;
    case "password":
      return session.password;
    case "ca":
      return session.caFile;
    case "folder":
      return session.folder;
    case "file":
      return file?.name ?? "";
    case "mode":
    case "data":
    case "operation":
      return session[name];
    case "size":
      return String(file?.size ?? 0);
  }
}
