import type { ServerImage } from "../../../../harness/catalog/servers/definition";
import { UsageError } from "../../../../harness/model/errors";
import type { SoftwareId } from "../../../../harness/model/ids";
import {
  imageOf,
  releaseOfImage,
  softwareNamed,
  softwareReleases,
  softwares,
  softwaresIn,
} from "../../../../harness/catalog/servers/registry";
import { profileNamed } from "../../../support/inputs";

describe("a server software", () => {
  it("is never taken for another one", () => {
    expect(() => softwareNamed("proftp" as SoftwareId)).toThrow(UsageError);
    expect(() => softwareNamed("proftp" as SoftwareId)).toThrow("There is no server software `proftp`.");
    expect(() => softwaresIn("router" as ServerImage)).toThrow("no server software lives in the image router");
  });

  it("has the profile's release", () => {
    expect(imageOf(profileNamed("tls-optional"))).toBe("server");
    expect(imageOf(profileNamed("proftpd-bookworm"))).toBe("server-bookworm");
    expect(imageOf({ software: "vsftpd", release: "sid" })).toBe("server-vsftpd@sid");
    expect(() => imageOf({ software: "pure-ftpd", release: "forky" })).toThrow("no image of pure-ftpd of forky");
  });

  it("has each release in an image that tells both", () => {
    for (const software of softwares) {
      for (const { id: release } of softwareReleases(software)) {
        const image = imageOf({ software: software.id, release });
        expect(softwaresIn(image)).toContain(software);
        expect(releaseOfImage(software, image)).toBe(release);
      }
    }
    expect(softwareReleases(softwareNamed("proftpd")).map(({ id }) => id)).toEqual([
      "bullseye",
      "bookworm",
      "trixie",
      "forky",
      "sid",
    ]);
    expect(softwareReleases(softwareNamed("scripted")).map(({ id }) => id)).toEqual(["trixie"]);
  });
});
