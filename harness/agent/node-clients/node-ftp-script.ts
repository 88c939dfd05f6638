/**
 * A user's own script for node-ftp or its fork @icetee/ftp, in the manner of their README. Settings come as JSON on stdin
 * (`scriptSettings`); the control dialogue (`debug`) goes to stdout in basic-ftp's way, a listing after it, a failure to stderr.
 */
import type { EventEmitter } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readWanted, runScript, secureOptions, type Wanted } from "./script-wanted";

/** What the script uses of the library. */
export type NodeFtp = EventEmitter & {
  connect(options: object): void;
  list(folder: string, done: (error: Error | undefined, entries: readonly (Entry | string)[]) => void): void;
  get(remote: string, done: (error: Error | undefined, stream: Readable) => void): void;
  put(file: string, remote: string, done: (error: Error | undefined) => void): void;
  end(): void;
};

/** One that it cannot read is the line itself. */
type Entry = { readonly name: string };

type Library = { readonly name: string; readonly version: string; readonly Client: new () => NodeFtp };

export function runNodeFtp({ name, version, Client }: Library): void {
  runScript({ name, version, session: () => session(new Client()) });
}

async function session(client: NodeFtp): Promise<void> {
  const wanted = readWanted(readFileSync(0, "utf8"));
  const failed = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => {
      reject(new Error("The server closed the control connection"));
    });
  });
  const ready = new Promise((resolve) => client.once("ready", resolve));
  const { host, port, user, password, tls, timeout } = wanted;
  client.connect({
    host,
    port,
    user,
    password,
    secure: tls === "implicit" ? "implicit" : tls === "explicit",
    ...(tls === "none" ? {} : { secureOptions: secureOptions(wanted) }),
    connTimeout: timeout * 1000,
    pasvTimeout: timeout * 1000,
    // The fork's: left alone it takes the newer passive command where the server's FEAT has that.
    forcePasv: wanted.data === "pasv",
    debug: show,
  });
  await Promise.race([ready.then(() => transfer(client, wanted)), failed]);
  client.removeAllListeners("end");
  client.end();
}

async function transfer(client: NodeFtp, { operation, folder, files }: Wanted): Promise<void> {
  if (operation === "list") {
    const entries = await new Promise<readonly (Entry | string)[]>((resolve, reject) => {
      client.list(folder, (error, found) => {
        if (error === undefined) resolve(found);
        else reject(error);
      });
    });
    for (const entry of entries) console.log(`listed ${typeof entry === "string" ? entry : entry.name}`);
    return;
  }
  for (const name of files) {
    if (operation === "download") await fetchFile(client, `${folder}/${name}`, name);
    else await sendFile(client, name, `${folder}/${name}`);
  }
}

async function fetchFile(client: NodeFtp, remote: string, file: string): Promise<void> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    client.get(remote, (error, found) => {
      if (error === undefined) resolve(found);
      else reject(error);
    });
  });
  await pipeline(stream, createWriteStream(file));
}

function sendFile(client: NodeFtp, file: string, remote: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.put(file, remote, (error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

/** `[connection] > 'PASV'`, `[connection] < '227 ...\r\n'`, as Node's `inspect` writes strings; the parser's lines are the same again. */
function show(line: string): void {
  const [, direction, written = ""] = /^\[connection\] ([<>]) ([^]*)$/.exec(line) ?? [];
  if (direction === undefined) return;
  const quoted = [...written.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , text = ""]) => text);
  const text = quoted.length === 0 ? written : quoted.join("");
  for (const part of text.split(/\\r\\n|\\n|\r?\n/)) {
    if (part !== "") console.log(`${direction} ${part.replace(/^PASS .*/, "PASS ###").replace(/\\(['"`\\])/g, "$1")}`);
  }
}
