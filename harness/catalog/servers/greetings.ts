/** Servers told apart by their words. */
import type { SoftwareId } from "../../model/ids";
import { escapePattern } from "../../text/patterns";
import { softwares } from "./all";

/** Names in the greetings of servers that the lab does not have. */
const greetingsElsewhere: readonly RegExp[] = [
  /\bFileZilla Server(?: [\d.]+)?/i,
  /\bMicrosoft FTP Service\b/i,
  /\bServ-U\b.*?(?=ready|$)/i,
  /\bwu-[\d.]+/i,
];

/** What SFTPGo's ftpserverlib says to a stranger's data connection. */
const refusalsElsewhere: readonly string[] = ["does not match control connection"];

const refusals = [...softwares.flatMap(({ strangerRefusal }) => strangerRefusal ?? []), ...refusalsElsewhere].map(
  (words) => words.toLowerCase(),
);

/** The server's name in the lines of its greeting, with its version where that is told; `null` if none is known. */
export function serverNameIn(greeting: readonly string[]): string | null {
  for (const line of greeting) {
    for (const { greeting: pattern, name } of softwares) {
      const found = pattern.exec(line)?.[0].trim();
      // Some greet without a name.
      if (found !== undefined) return found.toLowerCase().includes(name.toLowerCase()) ? found : name;
    }
    const elsewhere = greetingsElsewhere.map((pattern) => pattern.exec(line)?.[0].trim());
    const found = elsewhere.find((name) => name !== undefined);
    if (found !== undefined) return found;
  }
  return null;
}

/** The lab's software of which such a name is; `null` if the lab has none. */
export function softwareCalled(name: string | null): SoftwareId | null {
  return name === null
    ? null
    : (softwares.find((software) => software.name === name || software.greeting.test(name))?.id ?? null);
}

/**
 * The lab's software that a text speaks of by its name, or by the name of a part of it; `null` if it speaks of none, or of several. What
 * stands for others is nobody's.
 */
export function softwareSpokenOf(text: string): SoftwareId | null {
  const found = spoken.filter(({ words }) => words.some((pattern) => pattern.test(text)));
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

const spoken = softwares.flatMap(({ id, name, alsoCalled, isStandIn }) =>
  isStandIn === true
    ? []
    : [{ id, words: [new RegExp(String.raw`\b${escapePattern(name)}\b`, "i"), ...(alsoCalled ? [alsoCalled] : [])] }],
);

/** Whether a line of a reply or a log refuses a passive data connection from another host than the control connection's. */
export function refusesStranger(line: string): boolean {
  const text = line.toLowerCase();
  return refusals.some((words) => text.includes(words));
}
