import type { OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../../model/program";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * Reads what the lab's script for a library of Node's prints: the dialogue as basic-ftp shows it, `listed NAME` for each entry, and
 * `NAME: Error: ...` at its end where it failed.
 */
export function readNodeScript(
  name: string,
  { output, exitCode }: ProgramOutcome,
  session: ProgramSession,
): ProgramStory {
  const succeeded = exitCode === 0;
  const listing = output.filter(({ text }) => text.startsWith("listed "));
  const own = `${name}: `;
  return {
    transcript: transcriptOf(output, dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(listing, session.files) : null,
    message: lastLine(output, new RegExp(`^${own}`))?.slice(own.length) ?? null,
    succeeded,
    lack: null,
  };
}

/** `> PASV`, `< 227 ...`; of a reply of several lines only the first has the mark, and the last one its code again. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stdout" || text === "" || text.startsWith("listed ")) return null;
  if (text.startsWith("> ")) return { direction: ">", text: text.slice(2) };
  if (text.startsWith("< ")) return { direction: "<", text: text.slice(2) };
  return { direction: /^(?:\d{3} | )/.test(text) ? "<" : "*", text };
}
