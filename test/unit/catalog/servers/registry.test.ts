import type { ServerImage } from "../../../../harness/catalog/servers/definition";
import { UsageError } from "../../../../harness/model/errors";
import type { SoftwareId } from "../../../../harness/model/ids";
import { serverOf } from "../../../../harness/model/network";
import { imageOf, softwareIn, softwareNamed, softwares } from "../../../../harness/catalog/servers/registry";
import { profileNamed, profiles, topologyNamed } from "../../../support/inputs";

describe("a server software", () => {
  it("has an id, a name and images of its own", () => {
    const images = softwares.flatMap(({ images: own }) => Object.values(own));
    expect(new Set(images).size).toBe(images.length);
    expect(new Set(softwares.map(({ id }) => id)).size).toBe(softwares.length);
    for (const software of softwares) {
      for (const image of Object.values(software.images)) expect(softwareIn(image)).toBe(software);
    }
  });

  it("is never taken for another one", () => {
    expect(() => softwareNamed("proftp" as SoftwareId)).toThrow(UsageError);
    expect(() => softwareNamed("proftp" as SoftwareId)).toThrow("There is no server software `proftp`.");
    expect(() => softwareIn("router" as ServerImage)).toThrow("no server software lives in the image router");
  });

  it("has the profile's release", () => {
    expect(imageOf(profileNamed("tls-optional"))).toBe("server");
    expect(imageOf(profileNamed("proftpd-bookworm"))).toBe("server-bookworm");
  });

  it.each(["server-nat-range", "ipv6-firewall-helper", "server-nat"])(
    "reads from its own configuration what the network %s asks for",
    (id) => {
      const topology = topologyNamed(id);
      const server = serverOf(topology);
      for (const profile of profiles) {
        const software = softwareNamed(profile.software);
        const [configuration] = software.files({ topology, server, profile });
        expect({ profile: profile.id, ...software.readSettings(configuration.text) }).toMatchObject({
          profile: profile.id,
          address: id.startsWith("ipv6") ? "2001:db8:2::10" : "192.168.10.10",
          passivePorts: server.passivePorts,
          masqueradeAddress: server.masqueradeAddress,
        });
      }
    },
  );

  it("says in its own words how the passive range and the public address are set, and reads those words", () => {
    for (const software of softwares.filter(({ id }) => id !== "pyftpdlib")) {
      const { passivePorts, masqueradeAddress } = software.directives;
      const text = [...passivePorts({ first: 40_000, last: 40_100 }), ...masqueradeAddress("203.0.113.7")].join("\n");
      expect({ id: software.id, ...software.readSettings(text) }).toMatchObject({
        id: software.id,
        passivePorts: { first: 40_000, last: 40_100 },
        masqueradeAddress: "203.0.113.7",
      });
    }
  });
});
