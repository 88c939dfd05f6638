/** Names by which `<Limit>` means several commands at once (ProFTPD, doc/howto/Limit.html). */
const groups: Readonly<Record<string, readonly string[]>> = {
  ALL: [],
  READ: ["RETR", "SITE", "SIZE", "STAT"],
  WRITE: ["APPE", "DELE", "MKD", "RMD", "RNFR", "RNTO", "SITE", "STOR", "STOU", "XMKD", "XRMD"],
  DIRS: ["CDUP", "CWD", "LIST", "MDTM", "MLSD", "MLST", "NLST", "PWD", "RNFR", "STAT", "XCUP", "XCWD", "XPWD"],
};

/** The `<Limit>` of a `proftpd.conf` that denies a command, as it is written, with what it denies; `null` for none. */
export function proftpdLimitOf(verb: string, configuration: string): string | null {
  for (const [, words = "", body = ""] of configuration.matchAll(/<Limit\s+([^>]*)>(.*?)<\/Limit>/gis)) {
    const names = words.toUpperCase().split(/\s+/);
    const isMeant = names.some(
      (name) => name === verb || (name === "ALL" && verb !== "LOGIN") || groups[name]?.includes(verb) === true,
    );
    const denial = /^\s*(DenyAll|Deny\w*\b.*|Order\s+deny.*)$/im.exec(body)?.[1];
    if (isMeant && denial !== undefined) return `<Limit ${words.trim()}> ${denial.trim()} </Limit>`;
  }
  return null;
}
