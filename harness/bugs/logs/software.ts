/** Server software by what its greeting says of it. */
const known: readonly { readonly id: string | null; readonly pattern: RegExp }[] = [
  { id: "proftpd", pattern: /\bProFTPD(?: Version)?(?: [\d.]+\w*)?/i },
  { id: "vsftpd", pattern: /\bvsFTPd [\d.]+|\bvsFTPd\b/i },
  { id: "pure-ftpd", pattern: /\bPure-FTPd\b/i },
  { id: "pyftpdlib", pattern: /\bpyftpdlib(?: [\d.]+)?/i },
  { id: null, pattern: /\bFileZilla Server(?: [\d.]+)?/i },
  { id: null, pattern: /\bMicrosoft FTP Service\b/i },
  { id: null, pattern: /\bServ-U\b.*?(?=ready|$)/i },
  { id: null, pattern: /\bwu-[\d.]+/i },
];

/** The software, with its version where that is told, in the greeting's own words. */
export function softwareIn(greeting: readonly string[]): string | null {
  const found = greeting.flatMap((line) => known.map(({ pattern }) => pattern.exec(line)?.[0].trim()));
  return found.find((name) => name !== undefined) ?? null;
}

/** Id of the lab's software of such a name; `null` where the lab has none. */
export function labSoftware(name: string | null): string | null {
  return name === null ? null : (known.find(({ pattern }) => pattern.test(name))?.id ?? null);
}
