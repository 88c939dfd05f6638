import type { OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../../model/program";
import { readNodeScript } from "./node-script";
import { lastLine } from "./read";

/**
 * Reads what a user's own program prints, of which nothing is known: its dialogue where it shows one as a known library or program
 * does, on either stream; its error is what it said last.
 */
export function readOwnOutput(outcome: ProgramOutcome, session: ProgramSession): ProgramStory {
  const { output } = outcome;
  const shown = { ...outcome, output: output.flatMap(asDialogue) };
  return { ...readNodeScript("own", shown, session), listed: null, message: errorIn(output) };
}

/** How lines of a dialogue are written: who speaks, and what; a reply of several lines may be one string. */
const forms: readonly RegExp[] = [
  // basic-ftp's log and curl -v; lftp's debug.
  /^(?:---)?(?<by>[<>])(?:---)? (?<said>.*)$/,
  // node-ftp's and its fork's debug: `[connection] < '220 Ready\r\n'`.
  /^\[connection\] (?<by>[<>]) '(?<said>.*)'$/,
  // Python's ftplib: `*cmd* 'PASV'`, `*resp* '227 ...'`.
  /^\*(?<by>cmd|resp)\* (?<quote>['"])(?<said>.*)\k<quote>$/,
];

/** A line as basic-ftp's log has it: `< 220 Ready`; node-ftp's parser says again what its connection has said. */
function asDialogue(line: OutputLine): readonly OutputLine[] {
  if (line.text.startsWith("[parser] ")) return [];
  const { by, said } = forms.map((form) => form.exec(line.text)?.groups).find((groups) => groups !== undefined) ?? {};
  if (by === undefined || said === undefined) return [line];
  const mark = by === ">" || by === "cmd" ? ">" : "<";
  const texts = said.split(/(?:\\r)?\\n/).filter((text) => text !== "");
  return texts.map((text) => ({ ...line, stream: "stdout", text: `${mark} ${text}` }));
}

/** The line of an error that nobody caught, as Node and Python print it beside its stack, or else the last line on stderr. */
function errorIn(output: readonly OutputLine[]): string | null {
  const said = output.filter(({ stream }) => stream === "stderr");
  return lastLine(said, /^(?:Uncaught )?(?:\w+: )?(?:\w+\.)*\w*Error\b/) ?? lastLine(said, /\S/);
}
