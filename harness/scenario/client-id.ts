/** Client ids with options: `basic-ftp+no-resume`. */
import { quote, unknownName } from "./nearest";
import { globMatches, matchPatterns, readPattern } from "./select";

/** The clients that there are, each with the options it takes. */
export type KnownClients = ReadonlyMap<string, readonly string[]>;

/** The client ids that patterns select. Options make ids that no list holds: the patterns say which there are. */
export function resolveClients(patterns: readonly string[], clients: KnownClients) {
  const ids = new Set(clients.keys());
  const chosen: string[] = [];
  const problems: { readonly index: number; readonly message: string }[] = [];
  patterns.forEach((pattern, index) => {
    const { glob, excludes } = readPattern(pattern);
    const expansion = expandClient(glob, clients);
    if (typeof expansion === "string") problems.push({ index, message: expansion });
    else {
      for (const id of expansion) ids.add(id);
      chosen.push(...expansion.map((id) => (excludes ? `!${id}` : id)));
    }
  });
  return { ids: matchPatterns(chosen, [...ids]).ids, problems };
}

/**
 * The client ids that a glob stands for, or what is wrong with it. It is matched against clients without options; the
 * options after it are put to each client that takes them: `*+no-resume`.
 */
function expandClient(glob: string, clients: KnownClients): readonly string[] | string {
  const [base = "", ...options] = glob.split("+");
  const matching = [...clients.keys()].filter((name) => globMatches(base, name));
  if (matching.length === 0) return unknownName("client", base, [...clients.keys()]);
  if (new Set(options).size < options.length) return `${quote(glob)} names an option twice`;
  const taking = matching.filter((name) => options.every((option) => clients.get(name)?.includes(option)));
  if (taking.length > 0) return taking.map((name) => withOptions(name, options, clients));
  const known = [...new Set(matching.flatMap((name) => clients.get(name) ?? []))];
  const wrong = options.find((option) => !known.includes(option));
  return wrong === undefined
    ? `no client takes all the options of ${quote(glob)}`
    : unknownName("client option", wrong, known);
}

/** Options in the client's own order, so that a cell has one id. */
function withOptions(name: string, options: readonly string[], clients: KnownClients): string {
  return [name, ...(clients.get(name) ?? []).filter((option) => options.includes(option))].join("+");
}
