import { softwareNamed, softwares, traitsOfServer } from "../../harness/catalog/servers/registry";
import type { CauseId } from "../../harness/model/ids";
import { serverOf } from "../../harness/model/network";
import type { ServerProfile } from "../../harness/model/server-profile";
import { catalog, choose, firstProfileOf, runCells } from "../support/lab-run";

// The images of other servers are built when they are not there yet.
jest.setTimeout(600_000);

const others = softwares.flatMap(({ id }) => (id === "proftpd" ? [] : [firstProfileOf(id)]));
const servers = ["proftpd-bookworm", ...others];

test("each server does behind the helper router what is expected of it, and its own log is heard", async () => {
  const report = await runCells(
    choose(
      servers.flatMap((id) =>
        ["ftp", "ftps", "ftps-ccc"].map((mode) => `server-nat-helper/${id}/basic-ftp/${mode}/*/list`),
      ),
    ),
  );
  expect(report.cells.filter(({ outcome }) => outcome !== "expected").map(({ id }) => id)).toEqual([]);
  const works = (server: string, mode: string): boolean =>
    report.cells.every(
      (cell) =>
        cell.server !== server ||
        cell.mode !== mode ||
        cell.result === "worked" ||
        cell.cause === "data-command-refused",
    );
  expect(servers.filter((server) => works(server, "ftp"))).toEqual(servers);
  // CCC gives the helper the control connection back, where a server knows it.
  expect(servers.filter((server) => works(server, "ftps-ccc"))).toEqual(servers.filter(knowsCcc));
  expect(Object.keys(report.run.versions)).toEqual(
    expect.arrayContaining(["proftpd (bookworm)", ...softwares.map(({ id }) => id).filter((id) => id !== "proftpd")]),
  );
});

/** One profile of each real software that a setting makes refuse a command, and take it again. */
const profiles = softwares
  .filter(({ directives, isStandIn }) => isStandIn !== true && directives.denyCommand("EPSV") !== null)
  .map(({ id }) => catalog.profiles.get(id === "proftpd" ? "tls-optional" : firstProfileOf(id))!);

function knowsCcc(server: string): boolean {
  const { explicitTls, refusesCcc } = traitsOfServer(catalog.profiles.get(server)!);
  return explicitTls && refusesCcc === null;
}

/** Runs a session with plain FTP and EPSV with each profile's server: all have to end so. */
async function expectAll(
  { topology, ending }: { readonly topology: string; readonly ending: "worked" | CauseId },
  changed: readonly ServerProfile[],
): Promise<void> {
  const report = await runCells(choose(changed.map(({ id }) => `${topology}/${id}/basic-ftp/ftp/epsv/list`)), {
    profiles: new Map(changed.map((profile) => [profile.id, profile])),
  });
  const endings = report.cells.map(({ server, result, cause }) => [server, result === "worked" ? result : cause]);
  expect(Object.fromEntries(endings)).toEqual(Object.fromEntries(changed.map(({ id }) => [id, ending])));
}

test("a server that denies a command takes it again with the lines of which its software says so", async () => {
  const topology = catalog.topologies.get("direct")!;
  const denying = profiles.map((profile): ServerProfile => {
    const directives = softwareNamed(profile.software).directives.denyCommand("EPSV");
    return { ...profile, directives: directives! };
  });
  await expectAll({ topology: "direct", ending: "data-command-refused" }, denying);
  const allowing = denying.map((profile): ServerProfile => {
    const software = softwareNamed(profile.software);
    const [configuration] = software.files({ topology, server: serverOf(topology), profile });
    return { ...profile, amendments: software.directives.allowCommand("EPSV", configuration.text)! };
  });
  await expectAll({ topology: "direct", ending: "worked" }, allowing);
});

test("a server that refuses a stranger's data connection takes it with the lines of which its software says so", async () => {
  const refusing = profiles
    .filter(({ software }) => softwareNamed(software).directives.acceptForeignPeer !== null)
    .map((profile): ServerProfile =>
      profile.software === "proftpd" ? { ...profile, foreignAddress: "off" } : profile,
    );
  await expectAll({ topology: "client-two-addresses", ending: "foreign-data-peer" }, refusing);
  const accepting = refusing.map((profile): ServerProfile => {
    const amendments = softwareNamed(profile.software).directives.acceptForeignPeer!;
    return { ...profile, amendments };
  });
  await expectAll({ topology: "client-two-addresses", ending: "worked" }, accepting);
});
