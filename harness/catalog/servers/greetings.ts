/** Servers told apart by their words. */
import type { SoftwareId } from "../../model/ids";
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

/** A greeting without a name in it is told by the software's. */
const greetings: readonly (readonly [RegExp, string | null])[] = [
  ...softwares.map(({ greeting, name }) => [greeting, greeting.source.includes("220") ? name : null] as const),
  ...greetingsElsewhere.map((pattern) => [pattern, null] as const),
];
const refusals = [...softwares.flatMap(({ strangerRefusal }) => strangerRefusal ?? []), ...refusalsElsewhere].map(
  (words) => words.toLowerCase(),
);

/** The server's name in the lines of its greeting, with its version where that is told; `null` if none is known. */
export function serverNameIn(greeting: readonly string[]): string | null {
  const found = greeting.flatMap((line) =>
    greetings.map(([pattern, name]) => (pattern.test(line) ? (name ?? pattern.exec(line)?.[0].trim()) : undefined)),
  );
  return found.find((name) => name !== undefined) ?? null;
}

/** The lab's software of which such a name is; `null` if the lab has none. */
export function softwareCalled(name: string | null): SoftwareId | null {
  return name === null ? null : (softwares.find((software) => software.name === name || software.greeting.test(name))?.id ?? null);
}

/** Whether a line of a reply or a log refuses a passive data connection from another host than the control connection's. */
export function refusesStranger(line: string): boolean {
  const text = line.toLowerCase();
  return refusals.some((words) => text.includes(words));
}
