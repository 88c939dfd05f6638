/** Runs in the client's container as `node basic-ftp-npm.js`, with the version of basic-ftp that lies in its image. */
import { createReadStream, createWriteStream } from "node:fs";
import { createRequire } from "node:module";
import type * as Library from "basic-ftp-5";
import { runBasicFtp } from "./basic-ftp-script";

/** As the harness's `npmPath` says. */
const folder = "/opt/npm/basic-ftp";
const load = createRequire(`${folder}/`);

/** Releases before 4.4 know streams alone. */
type Transfers = {
  upload(source: unknown, remote: string): Promise<unknown>;
  download(target: unknown, remote: string): Promise<unknown>;
  uploadFrom?: (this: Transfers, file: string, remote: string) => Promise<unknown>;
  downloadTo?: (this: Transfers, file: string, remote: string) => Promise<unknown>;
};

const { Client, enterPassiveModeIPv4 } = load(folder) as typeof Library;
const transfers = Client.prototype as unknown as Transfers;
transfers.uploadFrom ??= function (file, remote) {
  return this.upload(createReadStream(file), remote);
};
transfers.downloadTo ??= function (file, remote) {
  return this.download(createWriteStream(file), remote);
};

const { version } = load(`${folder}/package.json`) as { version: string };
runBasicFtp({ Client, enterPassiveModeIPv4, version });
