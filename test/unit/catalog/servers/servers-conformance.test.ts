/** The same questions for every server software: whether a new one is complete. */
import { dataCommandsOf } from "../../../../harness/model/axes";
import {
  refusesStranger,
  serverNameIn,
  softwareCalled,
  softwareSpokenOf,
} from "../../../../harness/catalog/servers/greetings";
import { imageOf, lackOf, softwares, softwaresIn } from "../../../../harness/catalog/servers/registry";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { serverReaders } from "../../../../harness/import/read/server";
import { addressOf, serverOf } from "../../../../harness/model/network";
import type { ServerProfile } from "../../../../harness/model/server-profile";
import { predictFor } from "../../../support/cells";
import { profiles, topologies, topologyNamed } from "../../../support/inputs";
import { fixture, missingFiles, rowless, unnamed } from "../../../support/missing-files";
import { simulate } from "../../../support/simulated-evidence";

const greetingOf = (id: string): string => `parse/greetings/${id}.txt`;
const setupOf = (profile: ServerProfile, topologyId = "server-nat-range") => {
  const topology = topologyNamed(topologyId);
  return { topology, server: serverOf(topology), profile };
};

const servers = "scenarios/servers.yaml";

/** Complaints of that scenario's lists in which every software has a server, and this one has none. */
function listsWithout(own: readonly string[]): readonly string[] {
  return fixture(`../../${servers}`)
    .split("\n")
    .flatMap((line, index) => {
      const ids = /^ +server: \[(.*)\]/.exec(line)?.[1]?.split(", ");
      const isWhole = ids?.includes("pyftpdlib") === true && ids.includes("proftpd-bookworm");
      return isWhole && !ids.some((id) => own.includes(id))
        ? [
            `${servers}:${index + 1}: this list has one server of every other software, and none of ${own.join(" or ")}.`,
          ]
        : [];
    });
}

describe.each(softwares)("$name", (software) => {
  const { id, name, images, directives, strangerRefusal, fixed = {}, userFiles } = software;
  const own = profiles.filter((profile) => profile.software === id);
  const [profile] = own;

  it("has all files that belong to a server software", () => {
    const dockerfiles = Object.values(images).map((image) => `harness/lab/images/${image}/Dockerfile`);
    expect([
      ...missingFiles({
        [`harness/catalog/servers/${id}.ts`]: "a software's id is its file's name",
        [`test/fixtures/${greetingOf(id)}`]: `${name}'s own greeting as it was recorded, with its default settings`,
        ...(userFiles === null
          ? {}
          : { [`harness/import/read/servers/${id}.ts`]: `it reads the files that ${name}'s \`userFiles\` tell` }),
        ...Object.fromEntries(dockerfiles.map((file) => [file, `the image that ${name} lives in`])),
      }),
      ...(profile === undefined ? [`topologies/servers/ has no profile with \`software: ${id}\`.`] : []),
      ...unnamed(
        own.map((candidate) => candidate.id),
        "scenarios/servers.yaml",
        `that scenario asks each server the same; ${name} has to be among them`,
      ),
      ...listsWithout(own.map((candidate) => candidate.id)),
      ...rowless(
        "Servers: what each does",
        own.map((candidate) => candidate.id),
        "scenarios/README.md",
      ),
    ]).toEqual([]);
  });

  it("has a reader of its files, if it tells them from others", () => {
    expect(Object.hasOwn(serverReaders, id)).toBe(userFiles !== null);
  });

  it("is known by its name where somebody speaks of it, unless it stands for others", () => {
    expect(softwareSpokenOf(`our ${name} says no`)).toBe(software.isStandIn === true ? null : id);
  });

  it("is known by its greeting, and no other is taken for it", () => {
    const lines = fixture(greetingOf(id)).split("\n");
    expect(lines[0]).toMatch(/^220/);
    expect(softwareCalled(serverNameIn(lines))).toBe(id);
    const known = softwares.filter(({ greeting }) => lines.some((line) => greeting.test(line)));
    expect(known.map((one) => one.id)).toEqual([id]);
  });

  it("lives in images that know it, each for a release of Debian", () => {
    for (const image of Object.values(images)) expect(softwaresIn(image)).toContain(software);
    expect(own.map((candidate) => imageOf(candidate)).every((image) => Object.values(images).includes(image))).toBe(
      true,
    );
    expect(own.filter((candidate) => lackOf(candidate) !== null)).toEqual([]);
  });

  it("reads from its own configuration what each network asks of it", () => {
    for (const topology of topologies) {
      for (const candidate of own) {
        const { server } = setupOf(candidate, topology.id);
        const [configuration] = software.files(setupOf(candidate, topology.id));
        expect({ topology: topology.id, ...software.readSettings(configuration.text) }).toMatchObject({
          topology: topology.id,
          address: addressOf(topology, server.id),
          passivePorts: server.passivePorts,
          masqueradeAddress: server.masqueradeAddress,
          ...fixed,
        });
      }
    }
  });

  it("says in its own words how the passive range and the public address are set, and reads those words", () => {
    const [configuration] = software.files(setupOf(profile!));
    const lines = [
      ...directives.passivePorts({ first: 40_000, last: 40_100 }),
      ...directives.masqueradeAddress("203.0.113.7"),
    ];
    expect(software.readSettings(software.amend(configuration.text, lines))).toMatchObject({
      passivePorts: { first: 40_000, last: 40_100 },
      masqueradeAddress: "203.0.113.7",
      ...fixed,
    });
  });

  it("has lines for the passive range and the public address exactly if it does not fix them", () => {
    const has = {
      passivePorts: directives.passivePorts({ first: 40_000, last: 40_100 }).length > 0,
      masqueradeAddress: directives.masqueradeAddress("203.0.113.7").length > 0,
    };
    expect(has).toEqual({
      passivePorts: !Object.hasOwn(fixed, "passivePorts"),
      masqueradeAddress: !Object.hasOwn(fixed, "masqueradeAddress"),
    });
  });

  it("lets in a command that its configuration denies, or has no setting that denies one", () => {
    const [{ text }] = software.files(setupOf(profile!));
    for (const command of dataCommandsOf("ipv4")) {
      const verb = command.toUpperCase();
      const denying = directives.denyCommand(verb);
      if (denying === null) continue;
      const denied = software.amend(text, denying);
      const allowing = directives.allowCommand(verb, denied) ?? [];
      const allowed = software.amend(denied, allowing);
      // Of two lines about the same the later one counts.
      const lastOf = (lines: readonly string[]): number =>
        Math.max(...lines.map((line) => allowed.lastIndexOf(JSON.stringify(line).slice(1, -1))));
      const [before, after] = [
        denying.filter((line) => !allowing.includes(line)),
        allowing.filter((line) => !denying.includes(line)),
      ];
      expect({ verb, denied: lastOf(before) < lastOf(after) }).toEqual({ verb, denied: true });
    }
  });

  it("refuses a stranger's data connection in words of its own, or says that it has none", () => {
    if (strangerRefusal !== null) expect(refusesStranger(`425 ${strangerRefusal}`)).toBe(true);
    const topology = topologyNamed("client-two-addresses");
    for (const server of own) {
      const axes = { server: server.id, data: "epsv" } as const;
      if (predictFor(topology, axes, server).cause !== "foreign-data-peer") continue;
      const [finding] = diagnose(simulate(axes, { topology, server })).findings;
      expect(finding).toMatchObject({ cause: "foreign-data-peer" });
      expect(finding?.confidence).toBe(strangerRefusal === null ? "likely" : "shown");
    }
  });
});

describe("servers that the lab does not have", () => {
  it.each([
    ["220-FileZilla Server 1.7.0", "FileZilla Server 1.7.0"],
    ["220 Microsoft FTP Service", "Microsoft FTP Service"],
    ["220 (wu-2.6.2)", "wu-2.6.2"],
    ["220 Welcome.", null],
  ])("are known by their names, and are none of the lab's: %s", (line, name) => {
    expect(serverNameIn([line])).toBe(name);
    expect(softwareCalled(name)).toBeNull();
  });
});
