import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFolder } from "../../../harness/cli/folder-server";

jest.setTimeout(120_000);

type Answer = { readonly status: number; readonly type: string; readonly text: string };

/** Asks for a path as it is written: `fetch` would resolve `..` by itself. */
function ask(
  url: string,
  path: string,
  { host, method = "GET" }: { host?: string; method?: string } = {},
): Promise<Answer> {
  const { port, host: own } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { host: host ?? own } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text });
      });
    });
    sent.on("error", reject).end();
  });
}

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "show-"));
  folder = join(base, "run");
  await mkdir(join(folder, "cells", "a b"), { recursive: true });
  await writeFile(join(folder, "report.html"), "<p>page</p>");
  await writeFile(join(folder, "cells", "a b", "client.txt"), "220 hello");
  await writeFile(join(base, "secret.txt"), "secret");
  await writeFile(join(base, "run-secret.txt"), "secret");
  await symlink(join(base, "secret.txt"), join(folder, "link.txt"));
});
afterEach(async () => {
  await rm(base, { recursive: true });
});

describe("serveFolder", () => {
  it("serves the page and what lies beside it, and nothing that lies elsewhere", async () => {
    const { server, url } = await serveFolder(folder, "report.html");
    try {
      expect(await ask(url, "/")).toEqual({ status: 200, type: "text/html; charset=utf-8", text: "<p>page</p>" });
      expect(await ask(url, "/cells/a%20b/client.txt?x#y")).toMatchObject({ status: 200, text: "220 hello" });
      expect(await ask(url, "/report.html", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
      const outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/../run-secret.txt", "/link.txt"];
      for (const path of [...outside, "/cells", "/nowhere", "/%ff", "/%00", "//etc/passwd"])
        expect([path, (await ask(url, path)).status]).toEqual([path, 404]);
      expect((await ask(url, "/", { method: "POST" })).status).toBe(405);
      expect((await ask(url, "/", { host: "evil.example:80" })).status).toBe(403);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
