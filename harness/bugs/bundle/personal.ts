/** What of a reporter's text belongs to the reporter: host names, user names, secrets. Addresses are `public-address.ts`'s. */

export type PersonalKind = "host" | "user" | "secret";
export type Personal = { readonly kind: PersonalKind; readonly text: string };

/** A value as people write it: in quotes, or up to a blank or a bracket. */
const value = String.raw`(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([^\s"',;<>(){}[\]]{1,200}))`;
const gap = String.raw`\s*,\s*`;

type Pattern = { readonly pattern: RegExp; readonly kinds: readonly PersonalKind[] };

/** Each `value` of a pattern is of the kind at its place. */
const patterns: readonly Pattern[] = [
  // `ftp://user:password@host/`
  {
    pattern: /\b(?:ftps?|ftpes|sftp|https?):\/\/([^\s/:@"'?#]{1,100})(?::([^\s/@"']{0,200}))?@/gi,
    kinds: ["user", "secret"],
  },
  {
    pattern: new RegExp(String.raw`\b(?:user(?:name|id)?|login|account)["']?\s*[:=]\s*${value}`, "gi"),
    kinds: ["user"],
  },
  { pattern: new RegExp(String.raw`\bhost(?:name)?["']?\s*[:=]\s*${value}`, "gi"), kinds: ["host"] },
  {
    pattern: new RegExp(
      String.raw`(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key)["']?\s*[:=]\s*${value}`,
      "gi",
    ),
    kinds: ["secret"],
  },
  { pattern: new RegExp(String.raw`\bUSER\s+${value}`, "g"), kinds: ["user"] },
  { pattern: new RegExp(String.raw`\bPASS\s+${value}`, "g"), kinds: ["secret"] },
  { pattern: new RegExp(String.raw`--(?:ftp-)?user(?:name)?[ \t]+${value}`, "g"), kinds: ["user"] },
  { pattern: new RegExp(String.raw`--(?:ftp-)?pass(?:word|wd)?[ \t]+${value}`, "g"), kinds: ["secret"] },
  { pattern: new RegExp(String.raw`\bmachine\s+${value}`, "g"), kinds: ["host"] },
  { pattern: new RegExp(String.raw`\blogin\s+${value}`, "g"), kinds: ["user"] },
  { pattern: new RegExp(String.raw`\bpassword\s+${value}`, "g"), kinds: ["secret"] },
  { pattern: new RegExp(String.raw`^[ \t]*user[ \t]+${value}[ \t]+${value}[ \t]*$`, "gm"), kinds: ["user", "secret"] },
  { pattern: new RegExp(String.raw`\blogin\(\s*${value}${gap}${value}`, "g"), kinds: ["user", "secret"] },
  { pattern: new RegExp(String.raw`\bftp_login\([^,\n]*,\s*${value}${gap}${value}`, "g"), kinds: ["user", "secret"] },
  {
    pattern: new RegExp(String.raw`\b(?:FTP|FTP_TLS)\(\s*${value}(?:${gap}${value}(?:${gap}${value})?)?`, "g"),
    kinds: ["host", "user", "secret"],
  },
  {
    pattern: new RegExp(String.raw`\b(?:ftp_(?:ssl_)?connect|connect)\(\s*${value}`, "g"),
    kinds: ["host"],
  },
  {
    pattern: new RegExp(
      String.raw`(?:Connected to|Connecting to|^[ \t]*open|ServerName|MasqueradeAddress)[ \t]+${value}`,
      "gm",
    ),
    kinds: ["host"],
  },
  { pattern: new RegExp(String.raw`\bUser\s+${value}\s+(?:logged in|cannot)`, "g"), kinds: ["user"] },
  { pattern: new RegExp(String.raw`(?:[Pp]assword required for|Logging in as)\s+${value}`, "g"), kinds: ["user"] },
  { pattern: /(?:\/home|\/Users|[A-Z]:\\Users)[/\\]([^/\\\s"':]{1,100})/g, kinds: ["user"] },
  { pattern: /\b([\w.+-]{1,100})@((?:[\w-]+\.)+[\w-]+)/g, kinds: ["user", "host"] },
  { pattern: /\b(?:ftps?|ftpes|sftp|https?):\/\/(?:[^\s/@"']*@)?([^\s/:"'?#,;)>\]]{1,253})/gi, kinds: ["host"] },
  // `curl --user name:password`, `lftp -u name,password`
  {
    pattern: /(?:--user|-u)[ \t=]+["']?([^\s:,"']{1,100})(?:[:,]([^\s"']{1,200}))?/g,
    kinds: ["user", "secret"],
  },
  // A name with at least one dot, whose last label is a country's or a well-known one; many files' and functions' names have dots too.
  {
    pattern:
      /(?<![\w.@/-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|net|org|info|biz|edu|gov|mil|int|name|app|dev|cloud|online|site|shop|xyz|tech|store|blog|eu|lan|local|home|internal|intranet|corp|private|office|box|localdomain|fritz|ac|ad|ae|ar|at|au|be|bg|br|ca|ch|cl|cn|co|cz|de|dk|ee|es|fi|fr|gr|hk|hr|hu|id|ie|il|in|io|ir|is|it|jp|kr|lt|lu|lv|me|mx|my|nl|no|nz|pk|pt|ro|rs|ru|se|sg|si|sk|th|tr|tv|tw|ua|uk|us|vn|za))(?![\w-]|\.\w)/gi,
    kinds: ["host"],
  },
];

/** Every host name, user name and secret in the texts, each once, in the order in which they are found. */
export function personalIn(texts: readonly string[], isOfTheLab: (word: string) => boolean): readonly Personal[] {
  const found = new Map<string, Personal>();
  const add = (kind: PersonalKind, written: string | undefined): void => {
    const [, user, secret] = (kind === "user" ? /^([^:,]+)[:,](.+)$/ : /^(?!)/).exec(written ?? "") ?? [];
    if (user !== undefined) {
      // `name:password` and `name,password`, as curl and lftp take them.
      add("user", user);
      add("secret", secret);
      return;
    }
    const text = (written ?? "").replace(/[.:!?]+$/, "");
    if (isPersonal(kind, text) && !isOfTheLab(text.toLowerCase()) && !found.has(text)) found.set(text, { kind, text });
  };
  for (const text of texts) {
    for (const key of keysIn(text)) add("secret", key);
    for (const { pattern, kinds } of patterns) {
      for (const match of text.matchAll(pattern)) {
        const groups: readonly (string | undefined)[] = match.slice(1);
        // A value has three groups, of which one is there; a plain group stands for itself.
        const width = groups.length / kinds.length;
        kinds.forEach((kind, index) => {
          add(
            kind,
            groups.slice(index * width, (index + 1) * width).find((group) => group !== undefined),
          );
        });
      }
    }
  }
  return [...found.values()];
}

const shortest: Readonly<Record<PersonalKind, number>> = { host: 3, user: 2, secret: 3 };

function isPersonal(kind: PersonalKind, text: string): boolean {
  // What the lab puts in, and what a script takes from elsewhere.
  if (text.length < shortest[kind] || /[{}]|^[$%#*]/.test(text)) return false;
  if (kind !== "host") return true;
  const isAddress = /^[\d.]+$/.test(text) || text.includes(":");
  return /^[a-z0-9._-]+$/i.test(text) && !isAddress && !isPublic(text.toLowerCase());
}

/** Names that RFC 2606 and RFC 6761 keep for examples, and places where public threads stand. */
function isPublic(host: string): boolean {
  return /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost|(github|gitlab|sourceforge|launchpad|stackoverflow|serverfault|superuser|stackexchange|debian|proftpd|filezilla-project)\.(com|net|org))$/.test(
    host,
  );
}

/** Lines of PEM blocks: keys, and certificates with their names inside. */
function keysIn(text: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN [A-Z0-9 ]+-----([^]*?)-----END [A-Z0-9 ]+-----/g);
  return [...blocks].flatMap(([, body = ""]) => body.split(/\s+/).filter((line) => line.length >= 8));
}
