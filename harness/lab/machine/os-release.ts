import { readFile } from "node:fs/promises";

/** The parts of os-release(5) that decide how packages are installed. */
export type OsRelease = {
  /** For people, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  /** Debian itself, or something that calls itself like Debian: `apt-get` is the way to install. */
  readonly debianLike: boolean;
};

/** Reads the text of `/etc/os-release`; an empty text is a system that does not say what it is. */
export function parseOsRelease(text: string): OsRelease {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*([A-Z_0-9]+)=(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1], unquote(match[2].trim()));
  }
  const ids = [fields.get("ID") ?? "", ...(fields.get("ID_LIKE") ?? "").split(/\s+/)];
  return {
    name: fields.get("PRETTY_NAME") ?? fields.get("NAME") ?? "this system",
    debianLike: ids.some((id) => id === "debian" || id === "ubuntu"),
  };
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return (quoted?.[2] ?? value).replace(/\\(["'$`\\])/g, "$1");
}

/** What this machine says that it runs. */
export async function readOsRelease(): Promise<OsRelease> {
  return parseOsRelease(await readFile("/etc/os-release", "utf8").catch(() => ""));
}
