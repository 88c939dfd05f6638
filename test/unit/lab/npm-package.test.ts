import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { installedFiles, packageFiles } from "../../../harness/lab/npm-package";

jest.setTimeout(60_000);

/** A registry with one version of one package, which npm itself asks. */
let registry: Server;
const { signal } = new AbortController();

beforeAll(async () => {
  const archive = pack();
  archive.entry({ name: "package/package.json" }, '{"name":"ftp-thing","version":"1.2.3"}');
  archive.entry({ name: "package/dist/index.js" }, "exports.answer = 42;\n");
  archive.entry({ name: "package/bin/thing", mode: 0o755 }, "#!/bin/sh\n");
  archive.finalize();
  const tarball = await buffer(archive.pipe(createGzip()));
  registry = createServer((request, response) => {
    const { port } = registry.address() as AddressInfo;
    if (request.url === "/ftp-thing/-/ftp-thing-1.2.3.tgz") {
      response.end(tarball);
    } else if (request.url === "/ftp-thing") {
      const dist = { tarball: `http://127.0.0.1:${port}/ftp-thing/-/ftp-thing-1.2.3.tgz` };
      const versions = { "1.2.3": { name: "ftp-thing", version: "1.2.3", dist } };
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ name: "ftp-thing", "dist-tags": { latest: "1.2.3" }, versions }));
    } else {
      response.statusCode = 404;
      response.end("{}");
    }
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  process.env["npm_config_registry"] = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  delete process.env["npm_config_registry"];
  await new Promise((resolve) => registry.close(resolve));
});

test("the files of a package's version are those that npm gets", async () => {
  const files = await packageFiles("ftp-thing", "1.2.3", signal);
  expect(files.map(({ path, isProgram }) => `${path} ${String(isProgram ?? false)}`).sort()).toEqual([
    "package/bin/thing true",
    "package/dist/index.js false",
    "package/package.json false",
  ]);
  expect(files.find(({ path }) => path.endsWith(".js"))?.content.toString()).toBe("exports.answer = 42;\n");
});

test("of a large package only the wanted files are held", async () => {
  const files = await packageFiles("ftp-thing", "1.2.3", signal, (path) => path === "package/bin/thing");
  expect(files).toEqual([{ path: "package/bin/thing", content: Buffer.from("#!/bin/sh\n"), isProgram: true }]);
});

test("packages are installed with what they depend on, and none is an empty folder with a word in it", async () => {
  const files = await installedFiles({ "ftp-thing": "1.2.3" }, signal);
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["node_modules/README", "node_modules/ftp-thing/dist/index.js"]),
  );
  expect((await installedFiles({}, signal)).map(({ path }) => path)).toEqual(["node_modules/README"]);
});

test.each([
  ["ftp-thing", "9.9.9", /^npm did not get ftp-thing 9\.9\.9: No matching version found for ftp-thing@9\.9\.9/],
  ["ftp-nothing", "1.2.3", /^npm did not get ftp-nothing 1\.2\.3: 404 Not Found/],
])("what npm says of a version that is not there is told: %s %s", async (name, version, message) => {
  await expect(packageFiles(name, version, signal)).rejects.toMatchObject({
    code: "npm-package-missing",
    message: expect.stringMatching(message) as string,
  });
});
