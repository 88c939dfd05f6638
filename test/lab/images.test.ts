import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { loadImages, saveImages } from "../../harness/lab/image-archive";
import { ensureImages, imageId } from "../../harness/lab/images";
import { labelKeys } from "../../harness/lab/labels";
import { isInterruption } from "../../harness/model/errors";

jest.setTimeout(60_000);

describe("building images", () => {
  let engine: Engine;
  let folder: string;
  const made = new Set<string>();
  const testLabel = `${labelKeys.run}=test-${process.pid}-${Date.now()}`;

  beforeAll(async () => {
    engine = await connectEngine();
    folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    for (const tag of made) await engine.docker.getImage(tag).remove();
    const left = await engine.docker.listImages({ filters: { dangling: ["true"], label: [testLabel] } });
    for (const image of left) await engine.docker.getImage(image.Id).remove();
  });

  const writeDockerfile = (name: string, ...steps: string[]) => {
    mkdirSync(join(folder, name), { recursive: true });
    const lines = ["FROM debian:trixie-slim", `LABEL org.ftp-nat-matrix.owner=ftp-nat-matrix ${testLabel}`, ...steps];
    writeFileSync(join(folder, name, "Dockerfile"), `${lines.join("\n")}\n`);
  };

  const ensure = async (name: string) => {
    const kinds: string[] = [];
    const tags = await ensureImages(engine, [name], (progress) => kinds.push(progress.kind), { folder });
    made.add(tags[name] ?? "");
    return { tag: tags[name] ?? "", kinds: [...new Set(kinds)] };
  };

  it("builds once, and does nothing the second time", async () => {
    writeDockerfile("test-once", "RUN echo made > /made");
    const first = await ensure("test-once");
    expect(first.kinds).toEqual(["building", "output", "built"]);
    expect(await imageId(engine, first.tag)).not.toBeNull();
    expect(await ensure("test-once")).toEqual({ tag: first.tag, kinds: ["present"] });
  });

  it("builds again, under another tag, when the Dockerfile changes", async () => {
    writeDockerfile("test-change", "RUN echo one > /made");
    const first = await ensure("test-change");
    writeDockerfile("test-change", "RUN echo two > /made");
    const second = await ensure("test-change");
    expect(second.kinds).toContain("built");
    expect(second.tag).not.toBe(first.tag);
  });

  it("ends with the signal's own reason where it is interrupted, not with what the cut stream says", async () => {
    writeDockerfile("test-interrupted", "RUN sleep 30");
    const interrupt = new AbortController();
    const build = ensureImages(
      engine,
      ["test-interrupted"],
      (progress) => {
        if (progress.kind === "output" && progress.line.includes("sleep 30")) interrupt.abort();
      },
      { folder, signal: interrupt.signal },
    );
    const error: unknown = await build.catch((thrown: unknown) => thrown);
    expect(isInterruption(error)).toBe(true);
  });

  it("shows the failing step and what it printed, and makes no image", async () => {
    writeDockerfile(
      "test-failing",
      `RUN echo fine ${Date.now()}`,
      "RUN echo about to fail && no-such-command --here",
      "RUN echo never",
    );
    const failure = await ensure("test-failing").catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "LabError", phase: "image", code: "image-build-failed" });
    const { message } = failure as Error;
    expect(message).toMatch(/Step 4\/5 : RUN echo about to fail/);
    expect(message).toMatch(/^ {2}about to fail$/m);
    expect(message).toMatch(/no-such-command: not found/);
    expect(message).toMatch(/returned a non-zero code: 127/);
    expect(message).not.toMatch(/^ {2}fine/m);
  });

  it("explains a Dockerfile that the engine refuses before the first step", async () => {
    mkdirSync(join(folder, "test-refused"));
    writeFileSync(join(folder, "test-refused", "Dockerfile"), "NOT AN INSTRUCTION\n");
    await expect(ensure("test-refused")).rejects.toMatchObject({
      code: "image-build-failed",
      message: expect.stringMatching(/unknown instruction: NOT/i) as string,
    });
  });

  it("travels as one file: what another engine takes from it has the same id under the same tag", async () => {
    writeDockerfile("test-archive", `RUN echo ${Date.now()} > /made`);
    const { tag } = await ensure("test-archive");
    const id = await imageId(engine, tag);
    const file = join(folder, "deep", "images.tar");
    const { signal } = new AbortController();
    await saveImages(engine, [tag], file, signal);
    await engine.docker.getImage(tag).remove();
    expect(await imageId(engine, tag)).toBeNull();
    expect(await loadImages(engine, file, signal)).toEqual([tag]);
    expect(await imageId(engine, tag)).toBe(id);
  });

  it("says what is wrong with an archive", async () => {
    const { signal } = new AbortController();
    const file = join(folder, "broken.tar");
    writeFileSync(file, "not an archive");
    await expect(loadImages(engine, file, signal)).rejects.toMatchObject({ code: "image-load-failed" });
    await expect(loadImages(engine, join(folder, "no.tar"), signal)).rejects.toMatchObject({
      code: "image-archive-unreadable",
    });
    const missing = saveImages(engine, ["ftp-nat-matrix/no-such:image"], file, signal);
    await expect(missing).rejects.toMatchObject({ code: "image-save-failed" });
  });
});
