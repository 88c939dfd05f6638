/**
 * A user's own script for basic-ftp 5, in the manner of its README; runs in the client's container as `node basic-ftp-5.js`. Settings
 * come as JSON on stdin (`scriptSettings`), the control dialogue goes to stdout (`verbose`), a listing after it, a failure to stderr.
 */
import { readFileSync } from "node:fs";
import { Client, enterPassiveModeIPv4 } from "basic-ftp-5";
import { version } from "basic-ftp-5/package.json";

type Wanted = {
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
  /** Seconds. */
  readonly timeout: number;
};

async function session(wanted: Wanted): Promise<void> {
  const client = new Client(wanted.timeout * 1000);
  client.ftp.verbose = true;
  // Left alone it tries EPSV first, and PASV when that fails.
  if (wanted.data === "pasv") client.prepareTransfer = enterPassiveModeIPv4;
  const { host, port, user, password, tls, folder } = wanted;
  try {
    await client.access({
      ...{ host, port, user, password },
      secure: tls === "implicit" ? "implicit" : tls === "explicit",
      ...(tls === "none" ? {} : { secureOptions: { ca: readFileSync(wanted.caFile) } }),
    });
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

if (process.argv.includes("--version")) {
  console.log(`basic-ftp ${version}`);
} else {
  session(JSON.parse(readFileSync(0, "utf8")) as Wanted).catch((error: unknown) => {
    console.error(`basic-ftp: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
    process.exitCode = 1;
  });
}
