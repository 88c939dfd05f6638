import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shardFolders } from "../../../../harness/tools/nightly/shard-folders";

describe("the shards of a night", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "shards-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are a folder each", () => {
    for (const name of ["shard-2", "shard-1"]) mkdirSync(join(folder, name));
    expect(shardFolders(folder)).toEqual([join(folder, "shard-1"), join(folder, "shard-2")]);
  });

  it("are the folder itself where only one is left", () => {
    writeFileSync(join(folder, "report.json"), "{}");
    writeFileSync(join(folder, "report.md"), "");
    expect(shardFolders(folder)).toEqual([folder]);
  });

  it("are missed in one sentence where all are lost", () => {
    expect(() => shardFolders(folder)).toThrow(`there is no shard in ${folder}`);
    expect(() => shardFolders(join(folder, "nowhere"))).toThrow("there is no shard in");
  });
});
