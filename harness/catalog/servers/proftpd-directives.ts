/** A directive of a `proftpd.conf`. */
export type Directive = {
  /** In lower case. */
  readonly name: string;
  readonly values: readonly string[];
  /** The main server, a virtual host, or the number of a `<Global>` section, counted from 1. */
  readonly context: "main" | "host" | number;
};

/** The text's directives, lines joined by a backslash being one; a word that begins with `#` ends the line (str.c, pr_str_get_word). */
export function directivesIn(text: string): readonly Directive[] {
  let context: Directive["context"] = "main";
  let globals = 0;
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line): Directive => {
      const words = line.trim().match(/"[^"]*"|\S+/g) ?? [];
      const comment = words.findIndex((part) => part.startsWith("#"));
      const [word = "", ...values] = words
        .slice(0, comment < 1 ? words.length : comment)
        .map((part) => part.replace(/^"(.*)"$/, "$1"));
      const name = word.toLowerCase();
      if (name === "<virtualhost") context = "host";
      if (name === "<global>") context = ++globals;
      if (name === "</virtualhost>" || name === "</global>") context = "main";
      return { name, values, context };
    });
}

/**
 * What a directive says for the main server; `null` if it is not there. What stands in the main server beats `<Global>`, a later `<Global>`
 * beats an earlier one, and of two in one place the first wins, as measured with 1.3.8c.
 */
export function valuesOf(directives: readonly Directive[], name: string): readonly string[] | null {
  const written = directives.filter((directive) => directive.name === name && directive.context !== "host");
  const inMain = written.find(({ context }) => context === "main");
  const last = written.at(-1)?.context;
  return (inMain ?? written.find(({ context }) => context === last))?.values ?? null;
}

/** The directives of each virtual host, as if it stood alone. */
export function hostsIn(directives: readonly Directive[]): readonly (readonly Directive[])[] {
  const hosts: Directive[][] = [];
  for (const directive of directives.filter(({ context }) => context === "host")) {
    if (directive.name === "<virtualhost") hosts.push([]);
    hosts.at(-1)?.push({ ...directive, context: "main" });
  }
  return hosts;
}

/** What counts in the virtual host with implicit TLS: its own directives and those of `<Global>`; `null` if there is none. */
export function implicitHostIn(directives: readonly Directive[]): readonly Directive[] | null {
  const global = directives.filter(({ context }) => typeof context === "number");
  const host = hostsIn(directives).find((own) =>
    valuesOf([...own, ...global], "tlsoptions")?.includes("UseImplicitSSL"),
  );
  return host === undefined ? null : [...host, ...global];
}
