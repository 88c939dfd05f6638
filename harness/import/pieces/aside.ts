/** Files that lie beside a network's and say nothing of it that import reads, each with what it is. */

type Aside = { readonly what: string; readonly isOf: (lines: readonly string[]) => boolean };

const most =
  (pattern: RegExp) =>
  (lines: readonly string[]): boolean => {
    const said = lines.filter((line) => line.trim() !== "");
    return said.filter((line) => pattern.test(line)).length > said.length / 2;
  };
const begins =
  (pattern: RegExp) =>
  (lines: readonly string[]): boolean =>
    pattern.test(lines.find((line) => line.trim() !== "" && !/^(?:\S+@\S+|\[.*\])?[:~\w/ ]*[$#] /.test(line)) ?? "");

const readByMatch = "import reads no logs (`npm run matrix -- match` does)";

const kinds: readonly Aside[] = [
  {
    what: `a client's log; ${readByMatch}`,
    isOf: most(
      /^(?:[\d:/. -]+)?(?:Status|Command|Response|Error|Befehl|Antwort|Trace):|^(?:\[.*\] )?[<>*-]+ (?:\d{3}[ -]|[A-Z]{3,4}\b)/,
    ),
  },
  {
    what: `packets that were captured; ${readByMatch}`,
    isOf: most(/^\s*(?:\d+ )?(?:[\d-]+ )?\d\d:\d\d:\d\d\.\d+ (?:\S+ +(?:In|Out) +)?IP6? /),
  },
  {
    what: `a log; ${readByMatch}`,
    isOf: most(
      /^\[?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* +\d|\d{4}[-/]\d\d[-/]\d\d|\d\d[-./]\d\d[-./]\d{4}|\d\d:\d\d:\d\d| *\d+\.\d{6}\])/,
    ),
  },
  {
    what: "a list by Docker; import reads docker-compose.yml, `docker inspect` of the container, or its `docker run`",
    isOf: begins(/^CONTAINER ID\s|^NETWORK ID\s|^\[$|^\[?\s*\{\s*$/),
  },
  {
    what: "a Dockerfile; import reads docker-compose.yml, `docker inspect` of the container, or its `docker run`",
    isOf: begins(/^FROM \S+/),
  },
  {
    what: "a list of listeners or of open connections; it does not affect the result here",
    isOf: begins(/^(?:Netid +)?State\s+Recv-Q|^Active Internet connections|^Proto Recv-Q|^COMMAND\s+PID/),
  },
  {
    what: "the state of a service or of the system; it does not affect the result here",
    isOf: begins(/^[●○×*] \S+\.service|^SELinux status|^Linux \S+ \d|^(?:PRETTY_)?NAME="/),
  },
];

/** What a text is that import passes over; `null` if it is of no known kind. */
export function asideOf(lines: readonly string[]): string | null {
  return kinds.find(({ isOf }) => isOf(lines))?.what ?? null;
}
