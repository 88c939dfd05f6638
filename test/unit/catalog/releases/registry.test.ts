import { clients } from "../../../../harness/catalog/clients/registry";
import { debianReleases, releasesWith, versionIn } from "../../../../harness/catalog/releases/registry";
import { softwares } from "../../../../harness/catalog/servers/registry";
import { releaseIds } from "../../../../harness/model/ids";

const packages = [
  ...clients.flatMap(({ debian }) => debian?.package ?? []),
  ...softwares.flatMap(({ debianPackage }) => debianPackage ?? []),
];

describe("Debian's releases", () => {
  it("are the files of their folder", () => {
    expect(debianReleases.map(({ id }) => id)).toEqual(releaseIds);
  });

  it.each(debianReleases)("$id tells versions of packages that a client or a server is made of", ({ versions }) => {
    expect(Object.keys(versions).filter((name) => !packages.includes(name))).toEqual([]);
    for (const version of Object.values(versions)) expect(version).toMatch(/^\d+(?:\.\d+)*[a-z]?$/);
  });

  it.each(packages)("that of the core matrix has %s", (name) => {
    expect(versionIn("trixie", name)).not.toBeNull();
  });

  it("say who has a package", () => {
    expect(releasesWith("pure-ftpd").map(({ id }) => id)).toEqual(["bullseye", "bookworm", "trixie", "sid"]);
    expect(versionIn("forky", "pure-ftpd")).toBeNull();
  });
});
