/** Tables that one program keeps for itself: the kernel lets nobody else change them (nft(8), flags owner). As `inet firewalld`. */
export function ownedTables(text: string): ReadonlySet<string> {
  const heads = text.matchAll(/^table (\w+) (\S+) \{[^\n]*\n\s*flags ([\w, ]+)$/gm);
  return new Set(
    [...heads].flatMap(([, family = "", name = "", flags = ""]) =>
      flags.split(/[, ]+/).includes("owner") ? [`${family} ${name}`] : [],
    ),
  );
}
