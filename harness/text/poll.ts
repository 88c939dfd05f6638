/** How long a script waits for what takes milliseconds, unless it names another time. */
export const pollMs = 5_000;

/** How long a script pauses between two tries. */
const pauseMs = 20;

/** What a script waits for. */
type Poll = {
  /** A command that succeeds once it is there. */
  readonly until: string;
  /** Shell that runs where it has not come in time: `giveUp`, as a rule. */
  readonly otherwise: string;
  /** Left out: `pollMs`. */
  readonly forMs?: number;
};

/** A line of shell that tries a command until it succeeds, at least for the given time; the script then goes on behind it. */
export function poll({ until, otherwise, forMs = pollMs }: Poll): string {
  const tries = Math.ceil(forMs / pauseMs);
  return `for try in $(seq ${tries} -1 0); do ${until} && break; [ $try != 0 ] || { ${otherwise}; }; sleep ${pauseMs / 1_000}; done`;
}

/** Shell that ends a script and says why. */
export function giveUp(why: string): string {
  return `echo '${why.replaceAll("'", `'\\''`)}'; exit 1`;
}
