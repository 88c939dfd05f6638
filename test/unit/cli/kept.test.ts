import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { keptOf } from "../../../harness/cli/kept";
import { loadCatalog } from "../../../harness/cli/catalog";
import { projectRoot } from "../../../harness/lab/project";
import { loadServerProfiles, loadTopologies } from "../../../harness/inputs/load";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "kept-"));
  mkdirSync(join(base, "files"));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

describe("keptOf", () => {
  let made: number;
  beforeEach(() => (made = 0));
  const make = (): { made: number } => ({ made: ++made });
  const ask = (): { made: number } => keptOf([relative(projectRoot, join(base, "files"))], make, join(base, "kept"));

  it("makes a value once, and again when a file of the folder has changed", () => {
    writeFileSync(join(base, "files", "a.yaml"), "a: 1\n");
    expect([ask(), ask()]).toEqual([{ made: 1 }, { made: 1 }]);
    writeFileSync(join(base, "files", "a.yaml"), "a: 2\n");
    expect([ask(), ask()]).toEqual([{ made: 2 }, { made: 2 }]);
    writeFileSync(join(base, "files", "b.yaml"), "");
    expect(ask()).toEqual({ made: 3 });
  });

  it("makes it again where what was kept is broken, and goes without where nothing can be kept", () => {
    ask();
    for (const name of readdirSync(join(base, "kept"))) writeFileSync(join(base, "kept", name), '{"made": ');
    expect(ask()).toEqual({ made: 2 });
    rmSync(join(base, "kept"), { recursive: true });
    writeFileSync(join(base, "kept"), "a file in the place of the folder");
    expect([ask(), ask()]).toEqual([{ made: 3 }, { made: 4 }]);
  });
});

test("the catalog is what its files say, kept or not", () => {
  const topologies = loadTopologies(join(projectRoot, "topologies"));
  const profiles = loadServerProfiles(join(projectRoot, "topologies", "servers"));
  for (const catalog of [loadCatalog(), loadCatalog()]) {
    expect(catalog.topologies.files()).toStrictEqual(topologies);
    for (const profile of profiles) expect(catalog.profiles.get(profile.id)).toStrictEqual(profile);
  }
});
