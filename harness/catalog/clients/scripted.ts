import type { ClientScript } from "../../model/client-script";
import type { LiteralCommand } from "../../model/session-script";
import type { ClientDefinition } from "./definition";
import { readOwnOutput } from "./user-output";
import { scriptedClientProgram } from "./scripted-program";

/** A client whose lines are data: a small program of the lab's own, which stands for clients that the lab does not have. */
export const scriptedClient = {
  id: "scripted",
  title: "Scripted client",
  // Its script decides, and nothing is predicted of it.
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: {},
  program: {
    image: "programs",
    version: { argv: ["python3", "--version"], pattern: /^Python (\S+)/ },
    lacks: () => null,
    command: () => ({ argv: ["python3", "-u", "session.py"] }),
    read: readOwnOutput,
  },
  usage: () => null,
  // Not in the list of clients: it does nothing without a script.
} as const satisfies ClientDefinition;

/** The command that follows a script; `{mode}` and the like are still to be filled in. */
export function scriptedCommand(script: ClientScript): LiteralCommand {
  const settings = { host: "{host}", port: "{port}", ca: "{ca}", mode: "{mode}", ...script };
  return {
    argv: ["python3", "-u", "session.py"],
    files: [
      { path: "session.py", text: scriptedClientProgram },
      { path: "script.json", text: JSON.stringify(settings) },
    ],
    input: null,
  };
}
