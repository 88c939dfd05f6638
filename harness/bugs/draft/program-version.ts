/** Versions of client programs, as logs and people write them. */

/** What stands before a version where it is not the client's id. */
const names: Readonly<Record<string, string>> = {
  ftplib: "python",
  perl: "(?:net::ftp|perl)",
  ncftp: "ncftp(?:ls|get|put)?",
  "icetee-ftp": "@icetee/ftp",
  kio: "(?:kio|kde frameworks)",
};

/** `curl 7.88.1`, `LFTP | Version 4.8.4`, `Wget/1.21`, `FileZilla Client 3.66.5`: the client's version; `null` where the text tells none. */
export function versionIn(text: string, client: string | null): string | null {
  if (client === null) return null;
  const [program = client] = /^[a-z-]+(?=-\d)/.exec(client) ?? [];
  const name = names[program] ?? program.replaceAll(/[^a-z]/g, "\\W");
  const pattern = new RegExp(
    `(?<![\\w/@-])(?:lib)?${name}(?: client)?[ /@|:"^~]{1,4}(?:version |release )?v?(\\d+(?:\\.\\d+)+(?:[a-z]\\d*)?)`,
    "i",
  );
  return pattern.exec(text)?.[1] ?? null;
}
