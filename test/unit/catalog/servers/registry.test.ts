import type { ServerImage } from "../../../../harness/catalog/servers/definition";
import { UsageError } from "../../../../harness/model/errors";
import type { SoftwareId } from "../../../../harness/model/ids";
import { imageOf, softwareNamed, softwaresIn } from "../../../../harness/catalog/servers/registry";
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
  });
});
