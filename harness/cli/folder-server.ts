/** A web server for one folder, for this machine alone. */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const loopback = "127.0.0.1";

/** What is not among these is offered to be saved. */
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
};

/**
 * Serves the files of a folder, `start` for its root, on a port that the system chooses.
 * @returns the server, and the address of its root
 */
export async function serveFolder(
  folder: string,
  start: string,
): Promise<{ readonly server: Server; readonly url: string }> {
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    answer(root, start, request, response).catch(() => {
      // The browser went away, or the file did, halfway.
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, loopback, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { server, url: `http://${loopback}:${port}/` };
}

async function answer(root: string, start: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (status: number): void => {
    response.writeHead(status, { "Content-Type": "text/plain" }).end(`${status}\n`);
  };
  if (request.method !== "GET" && request.method !== "HEAD") {
    refuse(405);
    return;
  }
  // Else a page elsewhere could have a name of its own lead here and read the reports.
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? "")) {
    refuse(403);
    return;
  }
  const file = await fileOf(root, start, request.url ?? "/");
  if (file === null) {
    refuse(404);
    return;
  }
  response.writeHead(200, {
    "Content-Type": contentTypes[extname(file.path)] ?? "application/octet-stream",
    "Content-Length": file.size,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(file.path), response);
}

/** The file that an address leads to, or null where it leads nowhere, or out of the folder by `..` or by a link. */
async function fileOf(
  root: string,
  start: string,
  url: string,
): Promise<{ readonly path: string; readonly size: number } | null> {
  try {
    const [address = "/"] = url.split(/[?#]/);
    const name = decodeURIComponent(address);
    const path = await realpath(join(root, name === "/" ? start : name));
    if (!path.startsWith(root + sep)) return null;
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    return isFile ? { path, size } : null;
  } catch {
    return null;
  }
}
