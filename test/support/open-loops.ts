/** Networks whose loop cannot be closed, and why. */
type OpenLoop = {
  readonly topologies: RegExp;
  /** Whether only the prediction differs, and what happens is the same. */
  readonly isPredictionOnly?: true;
  readonly why: string;
};

const openLoops: readonly OpenLoop[] = [
  { topologies: /^ipv6-/, why: "`import` reads no rules for IPv6, and what it makes is an IPv4 network" },
  { topologies: /^nat64$/, why: "a translator between IPv6 and IPv4 is in no file that `import` reads" },
  {
    topologies: /^load-balanced-random$/,
    why: "each connection draws its server by lot",
  },
  {
    topologies: /^load-balance/,
    isPredictionOnly: true,
    why: "rules that choose a server by turn, lot or hash are loaded and run, but not predicted",
  },
];

/** Why a topology's loop is open; `null` where it has to close. @param isPredicted whether predictions are compared */
export function whyOpen(topology: string, isPredicted: boolean): string | null {
  const found = openLoops.find(
    ({ topologies, isPredictionOnly }) => topologies.test(topology) && (isPredicted || isPredictionOnly !== true),
  );
  return found?.why ?? null;
}
