import { Option } from "@commander-js/extra-typings";

const none: readonly string[] = [];

/** An option that may be given again; its value is the list of what was given. */
export function repeatable<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description).default(none, "none").argParser(append);
}

function append(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
