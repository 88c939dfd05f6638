import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  baseImage,
  baseOf,
  imageNames,
  imageRepository,
  imageTag,
  olderBaseImage,
} from "../../../harness/lab/image-definitions";
import { releaseImages, versionOfTag } from "../../../harness/lab/images";
import { labelKeys, makeLabels, ownerName } from "../../../harness/lab/labels";

const file = (path: string, content: string) => ({ path, content: Buffer.from(content) });
const context = [file("Dockerfile", "FROM debian\n"), file("etc/a", "1")];
const tag = imageTag("router", context, "sha256:base");

describe("an image's tag", () => {
  it("has our name and twelve hex digits", () => {
    expect(tag).toMatch(/^ftp-nat-matrix\/router:[0-9a-f]{12}$/);
  });

  it("is the same whatever the order in which files are listed", () => {
    expect(imageTag("router", [...context].reverse(), "sha256:base")).toBe(tag);
  });

  it("changes with a file's content, name or number, and with the base image", () => {
    const others = [
      imageTag("router", [file("Dockerfile", "FROM debian\n"), file("etc/a", "2")], "sha256:base"),
      imageTag("router", [file("Dockerfile", "FROM debian\n"), file("etc/b", "1")], "sha256:base"),
      imageTag("router", [file("Dockerfile", "FROM debian\n")], "sha256:base"),
      imageTag("router", context, "sha256:other"),
    ];
    expect(new Set([tag, ...others]).size).toBe(5);
  });

  it("tells where a name ends and a content begins", () => {
    expect(imageTag("x", [file("a", "bc")], "")).not.toBe(imageTag("x", [file("ab", "c")], ""));
  });
});

describe("an image's base", () => {
  it("is what the last stage of its Dockerfile begins with", () => {
    const dockerfile = (text: string) => [file("etc/a", "FROM nothing"), file("Dockerfile", text)];
    expect(baseOf(dockerfile("# Comment\nFROM debian:bookworm-slim\nRUN true\n"))).toBe("debian:bookworm-slim");
    expect(baseOf(dockerfile("FROM debian:trixie-slim\n"))).toBe("debian:trixie-slim");
    expect(baseOf(dockerfile("FROM ours AS agent\nRUN true\nFROM debian:sid-slim\n"))).toBe("debian:sid-slim");
  });
});

describe("the Dockerfiles", () => {
  const folder = join(__dirname, "../../../harness/lab/images");
  const dockerfile = (name: string) => readFileSync(join(folder, name, "Dockerfile"), "utf8");

  it("are there for each name and for no other", () => {
    expect(readdirSync(folder).sort()).toEqual([...imageNames].sort());
  });

  it.each(imageNames)("%s builds on the base, labels its first layer and leaves no package lists", (name) => {
    const instructions = dockerfile(name)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect([baseImage, olderBaseImage].map((base) => `FROM ${base}`)).toContain(instructions[0]);
    expect(instructions[1]).toBe(`LABEL ${labelKeys.owner}=${ownerName}`);
    expect(dockerfile(name)).toMatch(/--no-install-recommends[^]*rm -rf \/var\/lib\/apt\/lists/);
  });
});

describe("images of releases", () => {
  it("have names of their own that an engine takes", () => {
    const all = [
      ...imageNames,
      ...releaseImages(),
      "basic-ftp@3.8.7",
      "node@22.22.3",
      "basic-ftp@3.8.7+node@22.22.3",
    ].map(imageRepository);
    expect(new Set(all).size).toBe(all.length);
    for (const name of all) expect(name).toMatch(/^ftp-nat-matrix\/[a-z0-9]+(?:[.-][a-z0-9]+)*$/);
  });

  it.each(["basic-ftp@3.8.7", "node@22.22.3", "basic-ftp@3.8.7+node@22.22.3"])(
    "are found by their tags: %s",
    (name) => {
      expect(versionOfTag(`${imageRepository(name)}:0123456789ab`)).toEqual([name]);
    },
  );

  it.each(["curl-sid", "basic-ftp-3.8", "node-22.22.3-node-22.22.3-node-1.1.1", "basic-ftp-3.8.7-node-x"])(
    "%s is no version's",
    (repository) => {
      expect(versionOfTag(`ftp-nat-matrix/${repository}:0123456789ab`)).toEqual([]);
    },
  );

  it("are one for each program and release that has none with a folder", () => {
    expect(releaseImages()).toEqual(expect.arrayContaining(["curl@sid", "lftp@bookworm", "server@bullseye"]));
    expect(releaseImages()).not.toEqual(expect.arrayContaining([expect.stringMatching(/@trixie$|^curl@bookworm$/)]));
  });
});

describe("labels", () => {
  it("always name the owner, and nothing that was not said", () => {
    expect(makeLabels()).toEqual({ "org.ftp-nat-matrix.owner": "ftp-nat-matrix" });
    expect(makeLabels({ run: "r1", role: "server", kept: true })).toEqual({
      "org.ftp-nat-matrix.owner": "ftp-nat-matrix",
      "org.ftp-nat-matrix.run": "r1",
      "org.ftp-nat-matrix.role": "server",
      "org.ftp-nat-matrix.kept": "true",
    });
  });
});
