/** What the scripts of Node's FTP libraries are told (`scriptSettings`), and how they begin and end. */
import { readFileSync } from "node:fs";
import type { SecureVersion } from "node:tls";

export type Wanted = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly caFile: string;
  readonly folder: string;
  readonly operation: "list" | "download" | "upload";
  readonly data: string;
  readonly tls: "none" | "explicit" | "implicit";
  readonly files: readonly string[];
  /** Words of the client id. */
  readonly options: readonly string[];
  /** Seconds. */
  readonly timeout: number;
};

export function readWanted(text: string): Wanted {
  return JSON.parse(text) as Wanted;
}

/** Options of Node's `tls.connect`. */
export function secureOptions({ caFile, options }: Wanted) {
  const only: SecureVersion | null = options.includes("tls1.2")
    ? "TLSv1.2"
    : options.includes("tls1.3")
      ? "TLSv1.3"
      : null;
  return {
    ca: readFileSync(caFile),
    ...(options.includes("no-check") ? { rejectUnauthorized: false } : {}),
    ...(only === null ? {} : { minVersion: only, maxVersion: only }),
  };
}

type Script = { readonly name: string; readonly version: string; readonly session: () => Promise<void> };

/** Prints the version when asked for it; else has the session, whose failure goes to stderr and makes the exit status 1. */
export function runScript({ name, version, session }: Script): void {
  if (process.argv.includes("--version")) {
    console.log(`${name} ${version}`);
    return;
  }
  session().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(`${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
      // What a library leaves open is not waited for.
      process.exit(1);
    },
  );
}
