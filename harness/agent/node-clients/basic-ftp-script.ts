/**
 * A user's own script for a release of basic-ftp, in the manner of its README. Settings come as JSON on stdin (`scriptSettings`), the
 * control dialogue goes to stdout (`verbose`), a listing after it, a failure to stderr.
 */
import { readFileSync } from "node:fs";
import { readWanted, runScript, secureOptions } from "./script-wanted";

/** What the releases have in common. */
type Release<Context> = {
  readonly version: string;
  readonly Client: new (timeoutMs: number) => ReleaseClient<Context>;
  readonly enterPassiveModeIPv4: Strategy<Context>;
};

type Strategy<Context> = (context: Context) => Promise<{ code: number; message: string }>;

type ReleaseClient<Context> = {
  readonly ftp: { verbose: boolean };
  prepareTransfer: Strategy<Context>;
  access(options: object): Promise<unknown>;
  connect(host: string, port: number): Promise<unknown>;
  useTLS(options: object): Promise<unknown>;
  login(user: string, password: string): Promise<unknown>;
  useDefaultSettings(): Promise<unknown>;
  list(folder: string): Promise<readonly { readonly name: string }[]>;
  downloadTo(file: string, remote: string): Promise<unknown>;
  uploadFrom(file: string, remote: string): Promise<unknown>;
  close(): void;
};

/** Runs as `node SCRIPT`; with `--version` it prints the release. */
export function runBasicFtp<Context>(release: Release<Context>): void {
  runScript({ name: "basic-ftp", version: release.version, session: () => session(release) });
}

async function session<Context>({ Client, enterPassiveModeIPv4 }: Release<Context>): Promise<void> {
  const wanted = readWanted(readFileSync(0, "utf8"));
  const client = new Client(wanted.timeout * 1000);
  client.ftp.verbose = true;
  // Left alone it tries EPSV first, and PASV when that fails.
  if (wanted.data === "pasv") client.prepareTransfer = enterPassiveModeIPv4;
  const { host, port, user, password, tls, folder } = wanted;
  try {
    if (wanted.options.includes("stepwise")) {
      await client.connect(host, port);
      await client.useTLS(secureOptions(wanted));
      await client.login(user, password);
      await client.useDefaultSettings();
    } else {
      await client.access({
        host,
        port,
        user,
        password,
        secure: tls === "implicit" ? "implicit" : tls === "explicit",
        ...(tls === "none" ? {} : { secureOptions: secureOptions(wanted) }),
      });
    }
    if (wanted.operation === "list") {
      for (const { name } of await client.list(folder)) console.log(`listed ${name}`);
    } else {
      for (const name of wanted.files) {
        if (wanted.operation === "download") await client.downloadTo(name, `${folder}/${name}`);
        else await client.uploadFrom(name, `${folder}/${name}`);
      }
    }
  } finally {
    client.close();
  }
}
