/** Networks whose loop cannot be closed: which, and why. */
export type OpenLoop = { readonly topologies: RegExp; readonly why: string };

export const openLoops: readonly OpenLoop[] = [
  { topologies: /^ipv6-/, why: "`import` reads no rules for IPv6, and what it makes is an IPv4 network" },
  { topologies: /^nat64$/, why: "a translator between IPv6 and IPv4 is in no file that `import` reads" },
  {
    topologies: /^load-balance/,
    why: "rules that choose a server by turn, lot or hash (`statistic`, `jhash`) are loaded, but not predicted",
  },
];

/** Why a topology's loop is open; `null` where it has to close. */
export function whyOpen(topology: string): string | null {
  return openLoops.find(({ topologies }) => topologies.test(topology))?.why ?? null;
}
