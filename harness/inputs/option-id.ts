/** Ids with options, of clients and of servers: `basic-ftp+no-resume`, `tls-optional+expired`. */
import { quote, unknownName } from "../text/nearest";
import { globMatches, matchPatterns, readPattern } from "../text/patterns";

/** The clients or servers that there are, each with the options it takes, in the order in which an id names them. */
export type KnownOptions = ReadonlyMap<string, readonly string[]>;

/**
 * Versions of which no list can hold all: those of a library, `basic-ftp@3.8.7`, each with the options it takes, `null` for any
 * other id; and those of the Node on which a client may run, `basic-ftp-5+node@22.22.3`.
 */
export type KnownVersions = {
  readonly optionsOf: (id: string) => readonly string[] | null;
  readonly takesNode: (id: string, word: string) => boolean;
};

const noVersions: KnownVersions = { optionsOf: () => null, takesNode: () => false };

/** Options of which an id can name one at most. */
const exclusive: readonly (readonly string[])[] = [
  ["tls1.2", "tls1.3"],
  ["unknown-ca", "self-signed", "other-name", "expired", "ip-address"],
  ["ccc-first", "ccc-silent"],
];

/**
 * The ids that patterns select. Options make ids that no list holds: the patterns say which there are. A pattern means those of
 * releases (`curl@bullseye`) only if it names one.
 */
export function resolveOptionIds(
  axis: "client" | "server",
  patterns: readonly string[],
  known: KnownOptions,
  releases: KnownOptions = new Map(),
  versions: KnownVersions = noVersions,
) {
  const ids = new Set(known.keys());
  const chosen: string[] = [];
  const problems: { readonly index: number; readonly message: string }[] = [];
  patterns.forEach((pattern, index) => {
    const { glob, excludes } = readPattern(pattern);
    const [base = "", ...options] = glob.split("+");
    const named = base.includes("@") ? withVersion(base, releases, versions) : known;
    const expansion = expand(axis, glob, withNode(named, options, versions));
    if (typeof expansion === "string") problems.push({ index, message: expansion });
    else {
      for (const id of expansion) ids.add(id);
      chosen.push(...expansion.map((id) => (excludes ? `!${id}` : id)));
    }
  });
  return { ids: matchPatterns(chosen, [...ids]).ids, problems };
}

/**
 * The ids that a glob stands for, or what is wrong with it. It is matched against ids without options; the options after it are
 * put to each that takes them: `*+no-resume`. An option may be a glob too: `tls-optional+*` is one id for each of its options.
 */
function expand(axis: "client" | "server", glob: string, known: KnownOptions): readonly string[] | string {
  const [base = "", ...options] = glob.split("+");
  const matching = [...known.keys()].filter((name) => globMatches(base, name));
  if (matching.length === 0) return unknownName(axis, base, [...known.keys()]);
  if (new Set(options).size < options.length) return `${quote(glob)} names an option twice`;
  const taken = [...new Set(matching.flatMap((name) => known.get(name) ?? []))];
  const wrong = options.find((option) => !taken.some((word) => globMatches(option, word)));
  if (wrong !== undefined) return unknownName(`${axis} option`, wrong, taken);
  const ids = matching.flatMap((name) => variants(name, options, known.get(name) ?? []));
  if (ids.length > 0) return [...new Set(ids)];
  return excludeEachOther(options)
    ? `${quote(glob)} names options that exclude each other`
    : `no ${axis} has all the options of ${quote(glob)}`;
}

/** One id for each choice of words that the options stand for; in the order of the words that are taken, so that a cell has one id. */
function variants(name: string, options: readonly string[], taken: readonly string[]): readonly string[] {
  const choices = options.reduce<readonly (readonly string[])[]>(
    (chosen, option) =>
      chosen.flatMap((words) => taken.filter((word) => globMatches(option, word)).map((word) => [...words, word])),
    [[]],
  );
  return choices
    .filter((words) => new Set(words).size === words.length && !excludeEachOther(words))
    .map((words) => [name, ...taken.filter((word) => words.includes(word))].join("+"));
}

function excludeEachOther(words: readonly string[]): boolean {
  const groups = [...exclusive, words.filter((word) => word.startsWith("node@"))];
  return groups.some((group) => group.filter((word) => words.includes(word)).length > 1);
}

/** The releases, and with them the version of a library that an id names. */
function withVersion(id: string, releases: KnownOptions, { optionsOf }: KnownVersions): KnownOptions {
  const options = releases.has(id) ? null : optionsOf(id);
  return options === null ? releases : new Map([...releases, [id, options]]);
}

/** What is known, and of clients that can run on the Node that an option names, that option before all others. */
function withNode(known: KnownOptions, options: readonly string[], { takesNode }: KnownVersions): KnownOptions {
  const words = options.filter((option) => option.includes("@"));
  if (words.length === 0) return known;
  return new Map(
    [...known].map(([id, taken]) => [id, [...words.filter((word) => takesNode(id, word)), ...taken]] as const),
  );
}
