/** Limits that no single session reaches: what lets packets through below them always does, and what stops them above them never does. */

/** An FTP session opens a control connection and one for data. Bursts of the usual limits against floods are far wider. */
const session = { packets: 20, connections: 5 };

/** Whether a limit's burst holds all first packets of a session; where none is said, it is 5 (iptables-extensions(8) limit, nft(8)). */
export function holdsSession(burst: number | null): boolean {
  return burst !== null && burst >= session.packets;
}

/** Whether a session has fewer connections than a limit of them. */
export function isBelow(connections: number): boolean {
  return connections >= session.connections;
}

/** An iptables rule's words without such limits; `null` where the rule asks that one is exceeded, so that no session meets it. */
export function withoutWideLimits(words: readonly string[]): readonly string[] | null {
  const valueOf = (option: string): number | null => {
    const at = words.indexOf(option);
    return at < 0 || words[at - 1] === "!" ? null : Number(words[at + 1]);
  };
  const above = valueOf("--connlimit-above");
  if (above !== null && isBelow(above)) return null;
  const upto = valueOf("--connlimit-upto");
  const isConnections = upto !== null && isBelow(upto);
  const isRate = words[words.indexOf("--limit") - 1] !== "!" && holdsSession(valueOf("--limit-burst"));
  if (!isConnections && !isRate) return words;
  const dropped = new Set([
    ...(isRate ? ["limit", "--limit", "--limit-burst"] : []),
    ...(isConnections ? ["connlimit", "--connlimit-upto", "--connlimit-mask", "--connlimit-saddr"] : []),
  ]);
  return words.filter((word, at) => {
    const before = words[at - 1] ?? "";
    const isModule = dropped.has(word) && before === "-m";
    const isOwnModule = word === "-m" && dropped.has(words[at + 1] ?? "");
    const isOption = word.startsWith("--") && dropped.has(word);
    const isValue = before.startsWith("--") && before !== "--connlimit-saddr" && dropped.has(before);
    return !isModule && !isOwnModule && !isOption && !isValue;
  });
}
