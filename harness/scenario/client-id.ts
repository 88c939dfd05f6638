/** Client ids with options: `basic-ftp+no-resume`. */
import { didYouMean, oneOf, quote } from "./nearest";
import { globMatches, readPattern } from "./select";

/** The clients that there are, each with the options it takes. */
export type KnownClients = ReadonlyMap<string, readonly string[]>;

export type ClientExpansion = { readonly ids: readonly string[] } | { readonly problem: string };

/**
 * The client ids that a pattern stands for. A glob is matched against clients without options; the options after it are
 * put to each client that takes them: `*+no-resume`.
 */
export function expandClient(pattern: string, clients: KnownClients): ClientExpansion {
  const { glob } = readPattern(pattern);
  const [base = "", ...options] = glob.split("+");
  const names = [...clients.keys()];
  const matching = names.filter((name) => globMatches(base, name));
  if (matching.length === 0) return { problem: unknownName("client", base, names) };
  if (new Set(options).size < options.length) return { problem: `${quote(glob)} names an option twice` };
  const taking = matching.filter((name) => options.every((option) => clients.get(name)?.includes(option)));
  if (taking.length > 0) return { ids: taking.map((name) => withOptions(name, options, clients)) };
  const known = [...new Set(matching.flatMap((name) => clients.get(name) ?? []))];
  const wrong = options.find((option) => !known.includes(option));
  if (wrong === undefined) return { problem: `no client takes all the options of ${quote(glob)}` };
  return { problem: unknownName(`option of ${quote(base)}`, wrong, known) };
}

/** Options in the client's own order, so that a cell has one id. */
function withOptions(name: string, options: readonly string[], clients: KnownClients): string {
  return [name, ...(clients.get(name) ?? []).filter((option) => options.includes(option))].join("+");
}

/** `unknown topology ...` with the name that was meant, or with all names there are. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  if (name.includes("*")) return `no ${kind} matches ${quote(name)}${there(known)}`;
  return `unknown ${kind} ${quote(name)}${didYouMean(name, known) || there(known)}`;
}

function there(known: readonly string[]): string {
  return known.length === 0 ? "; there is none" : `; expected ${oneOf(known)}`;
}
