import { filesFromNpm, releaseContext, releaseOf } from "../../../harness/lab/release-recipe";
import type { ReleaseImage } from "../../../harness/model/release-image";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const images = join(__dirname, "../../../harness/lab/images");
const read = (folder: string) =>
  Promise.resolve([{ path: "Dockerfile", content: readFileSync(join(images, folder, "Dockerfile")) }]);

async function recipe(name: ReleaseImage): Promise<string> {
  const [file] = await releaseContext(name, { clientTag: "ftp-nat-matrix/client:0123", contextOf: read });
  return file?.content.toString("utf8") ?? "";
}

describe("the recipe of a client of a release", () => {
  it("puts its packages upon the release's base, beside the Node of the client's image", async () => {
    const text = await recipe("php@bullseye");
    expect(text.match(/^FROM .*$/gm)).toEqual([
      "FROM ftp-nat-matrix/client:0123 AS agent",
      "FROM debian:bullseye-slim",
    ]);
    expect(text).toMatch(/^LABEL org.ftp-nat-matrix.owner=ftp-nat-matrix$/m);
    expect(text).toMatch(/install -y --no-install-recommends \\\n +ca-certificates iproute2 php-cli /);
    expect(text).toContain("rm -rf /var/lib/apt/lists/*");
    expect(text).not.toContain("Check-Valid-Until");
  });

  it("differs between two programs of a release in its last layer alone", async () => {
    const [curl, lftp] = [await recipe("curl@bullseye"), await recipe("lftp@bullseye")];
    const layers = (text: string) => text.split(/^RUN apt-get/m).slice(0, -1);
    expect(layers(curl)).toEqual(layers(lftp));
    expect(curl).not.toBe(lftp);
  });

  it("takes old lists of a suite that moves, and backports from their own suite", async () => {
    expect(await recipe("lftp@sid")).toMatch(/-o Acquire::Check-Valid-Until=false update/);
    const text = await recipe("curl@trixie-backports");
    expect(text).toContain("FROM debian:trixie-slim\n");
    expect(text).toContain("deb http://deb.debian.org/debian trixie-backports main");
    expect(text).toContain("--no-install-recommends -t trixie-backports \\");
  });
});

describe("the recipe of a library's version", () => {
  it("puts the package beside the client's Node, and needs no package to have its name", async () => {
    expect(await recipe("basic-ftp@3.8.7")).toBe(
      "FROM ftp-nat-matrix/client:0123\nLABEL org.ftp-nat-matrix.owner=ftp-nat-matrix\n# basic-ftp@3.8.7\nCOPY package /opt/npm/basic-ftp\n",
    );
    expect(await recipe("basic-ftp@3.8.6")).not.toBe(await recipe("basic-ftp@3.8.7"));
    expect(releaseOf("basic-ftp@3.8.7")).toBeNull();
    expect(releaseOf("node@22.22.3")).toBeNull();
    expect(releaseOf("curl@sid")?.base).toBe("debian:sid-slim");
  });
});

describe("the recipe of a Node of one's own", () => {
  it("puts Node's binary beside the agent's, before a library, so that libraries share the layer", async () => {
    const node = await recipe("node@22.22.3");
    expect(node).toContain("# node@22.22.3\nCOPY package/bin/node /opt/npm/node/bin/node\n");
    const [before = ""] = node.split("# node@22.22.3\nCOPY");
    const both = await recipe("basic-ftp@3.8.7+node@22.22.3");
    expect(both).toContain(`${before}# node@22.22.3\nCOPY package/bin/node /opt/npm/node/bin/node\n`);
    expect(both).toMatch(/COPY package \/opt\/npm\/basic-ftp\n$/);
  });

  it("stands below what a reporter's script imports, which Node finds from any folder", async () => {
    expect(await recipe("npm@ftp=0.3.10+node@22.22.3")).toMatch(
      /# node@22\.22\.3\nCOPY .*\n# npm@ftp=0\.3\.10\nCOPY node_modules \/node_modules\n$/,
    );
  });

  it("is told where npm has none for the engine's architecture", async () => {
    await expect(filesFromNpm("node@22.22.3", "riscv64", new AbortController().signal)).rejects.toThrow(
      "npm has no Node for the engine's architecture, riscv64.",
    );
  });
});

describe("the recipe of a server of a release", () => {
  it("is the software's own upon another base", async () => {
    const own = readFileSync(join(images, "server-vsftpd/Dockerfile"), "utf8");
    expect(await recipe("server-vsftpd@bullseye")).toBe(own.replace("debian:trixie-slim", "debian:bullseye-slim"));
  });

  it("takes old lists of a suite that moves", async () => {
    const text = await recipe("server@sid");
    expect(text.match(/apt-get/g)).toHaveLength(2);
    expect(text.match(/apt-get -o Acquire::Check-Valid-Until=false/g)).toHaveLength(2);
  });
});
