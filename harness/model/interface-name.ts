/** What Linux accepts as an interface's name. */

/** Names that Linux already uses in every network namespace, for interfaces or in `/proc/sys/net`. */
const taken = ["lo", "all", "default"];

/** A name has at most 15 characters (IFNAMSIZ). */
const longest = 15;

/**
 * Why a text is no interface's name, in words that follow "it"; `null` if it is one. Linux takes any character but `/`, `:` and white space
 * (`dev_valid_name`, net/core/dev.c); the lab takes those that names are made of and no shell reads otherwise.
 */
export function wrongWithInterface(name: string): string | null {
  if (taken.includes(name)) return "is a name that Linux uses itself";
  if (name.length > longest) return `is longer than ${longest} characters`;
  const shown = /^([^@]+)@\S+$/.exec(name)?.[1];
  if (shown !== undefined) return `is how \`ip\` shows an interface and what it stands on; its name is ${shown}`;
  const labelled = /^([A-Za-z0-9_.-]+):[A-Za-z0-9_.-]+$/.exec(name)?.[1];
  if (labelled !== undefined) return `is the label of an address; the interface's name is ${labelled}`;
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)
    ? null
    : "has other characters than letters, digits, `.`, `-` and `_`";
}
