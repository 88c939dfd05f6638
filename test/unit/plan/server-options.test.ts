import { optionsOf, variantsOf } from "../../../harness/plan/server-options";
import type { ServerProfile } from "../../../harness/model/server-profile";

const profile: ServerProfile = {
  id: "some",
  title: "Some",
  description: "A server.",
  software: "proftpd",
  release: "trixie",
  tls: { protocol: "TLSv1.2 TLSv1.3", options: ["NoSessionReuseRequired"], verifyClient: "off", required: "off" },
};

function variant(id: string): ServerProfile["tls"] {
  return variantsOf(profile).find((found) => found.id === id)?.tls ?? null;
}

describe("options of a server", () => {
  it("make one profile for each choice, each with an id of its own", () => {
    const ids = variantsOf(profile).map(({ id }) => id);
    // One of six certificates, three choices of version, two of session reuse, two of their length.
    expect(new Set(ids).size).toBe(72);
    expect(ids).toHaveLength(72);
    expect(ids).toContain("some+expired+tls1.2+session-reuse");
  });

  it("change what they name and nothing else", () => {
    expect(variant("some")).toBe(profile.tls);
    expect(variant("some+self-signed")).toEqual({ ...profile.tls, certificate: "self-signed" });
    expect(variant("some+tls1.3+session-reuse")).toEqual({ ...profile.tls, protocol: "TLSv1.3", options: [] });
  });

  it("are those that make a difference", () => {
    const demanding = { ...profile, tls: { ...profile.tls, options: [] } } as ServerProfile;
    expect(optionsOf(profile)).toContain("session-reuse");
    expect(optionsOf(demanding)).not.toContain("session-reuse");
    expect(optionsOf({ ...profile, tls: null })).toEqual([]);
    expect(variantsOf({ ...profile, tls: null })).toHaveLength(1);
  });
});
