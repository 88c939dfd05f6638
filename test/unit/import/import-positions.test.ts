import { parseViews } from "../../../harness/inputs/topology-file";
import type { FilesBeside } from "../../../harness/inputs/files-beside";
import type { Imported } from "../../../harness/import/import-network";
import type { Topology } from "../../../harness/model/topology";
import { importNetwork } from "../../../harness/import/import-network";
import { expectedFrom } from "../../../harness/plan/expected";
import { makeCell } from "../../support/cells";
import { profiles } from "../../support/inputs";
import { fileOf, fixtureFiles, importTexts } from "../../support/import-files";

function viewsIn(imported: Imported): readonly Topology[] {
  const beside: FilesBeside = (path) => Buffer.from(fileOf(imported, path));
  return parseViews({ file: "network.yaml", text: fileOf(imported, "network.yaml") }, { beside, id: "network" });
}

function fixture(network: string): Imported {
  return importNetwork(fixtureFiles(network), { id: "network", front: null });
}

/** What a listing by EPSV comes to from each position, with and without TLS. */
function outcomes(imported: Imported): Readonly<Record<string, readonly string[]>> {
  const server = profiles.find(({ id }) => id === "tls-optional");
  if (server === undefined) throw new Error("no profile");
  return Object.fromEntries(
    viewsIn(imported).map((topology) => [
      topology.id,
      (["ftp", "ftps"] as const).map((mode) => {
        const cell = makeCell({ topology: topology.id, mode, data: "epsv" });
        const { result, stage } = expectedFrom(cell, { topology, server });
        return stage ?? result;
      }),
    ]),
  );
}

const zones = `config defaults
\toption input 'REJECT'
\toption output 'ACCEPT'
\toption forward 'REJECT'

config zone
\toption name 'lan'
\tlist network 'lan'
\toption input 'ACCEPT'
\toption output 'ACCEPT'
\toption forward 'ACCEPT'

config zone
\toption name 'wan'
\tlist network 'wan'
\toption input 'REJECT'
\toption output 'ACCEPT'
\toption forward 'REJECT'
\toption masq '1'
`;
const redirect = (port: string, more = ""): string => `
config redirect
\toption target 'DNAT'
\tlist proto 'tcp'
\toption src 'wan'
\toption src_dport '${port}'
\toption dest 'lan'
\toption dest_ip '192.168.8.100'
${more}`;
const network = `config interface 'lan'
\toption device 'br-lan'
\toption proto 'static'
\toption ipaddr '192.168.8.1'
\toption netmask '255.255.255.0'

config interface 'wan'
\toption device 'eth1'
\toption proto 'static'
\toption ipaddr '203.0.113.77'
\toption netmask '255.255.255.0'
\toption gateway '203.0.113.1'
`;

describe("a network that import makes of a server behind a router", () => {
  it("has a client outside and one in the server's own network, which dial the same address", () => {
    const views = viewsIn(fixture("home-router"));
    expect(views.map(({ id, dial, nodes }) => [id, dial, nodes[0]?.id])).toEqual([
      ["network@internet", "203.0.113.66", "client"],
      ["network@lan", "203.0.113.66", "lan-client"],
    ]);
    expect(fileOf(fixture("home-router"), "README.md")).toContain("`network@internet` and `network@lan`");
  });

  it("lets the router's own rules decide about the one inside", () => {
    // NAT loopback for all ports, and none.
    expect(outcomes(fixture("home-router"))).toEqual({
      "network@internet": ["worked", "worked"],
      "network@lan": ["worked", "worked"],
    });
    expect(outcomes(fixture("proxmox-nat"))["network@lan"]).toEqual(["control-connect", "control-connect"]);
    expect(outcomes(fixture("double-nat"))["network@lan"]).toEqual(["control-connect", "control-connect"]);
  });

  it("keeps the client inside off the addresses that the files name", () => {
    const [, inside] = viewsIn(fixture("home-router"));
    const range = inside?.links.flatMap(({ ends }) => ends).find(({ node }) => node === "lan-client")?.addresses;
    expect(range).toEqual({ first: "192.168.1.78", last: "192.168.1.223" });
  });

  it("learns the address outside from what is reflected for it", () => {
    const rules = [
      "*nat",
      "-A PREROUTING -i ppp0 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.77",
      "-A PREROUTING -d 203.0.113.9/32 -i br0 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.77",
      "-A POSTROUTING -o ppp0 -j MASQUERADE",
      "COMMIT",
    ].join("\n");
    expect(viewsIn(importTexts({ "router.txt": rules })).map(({ dial }) => dial)).toEqual([
      "203.0.113.9",
      "203.0.113.9",
    ]);
  });

  // prettier-ignore
  it.each([
    ["docker-host",   "Docker's own proxy answers for published ports"],
    ["openwrt-config", "the port that is dialled here is not the one that the rules forward"],
  ])("has no client inside where no file says what it meets, and says so: %s", (name, why) => {
    const imported = fixture(name);
    expect(viewsIn(imported).map(({ id }) => id)).toEqual(["network"]);
    expect(fileOf(imported, "README.md")).toContain(`No client stands in the server's own network: `);
    expect(fileOf(imported, "README.md")).toContain(why);
  });

  it("has none behind a router that is made up", () => {
    const rules = fixtureFiles("home-router").map(({ name, text }): readonly [string, string] => [
      name,
      text.replaceAll("203.0.113.66", "10.7.7.7"),
    ]);
    const imported = importTexts(Object.fromEntries(rules));
    expect(viewsIn(imported)).toHaveLength(1);
    expect(imported.notes.join()).toContain("an address of `front`, and no file shows what `front` does with it");
  });
});

describe("OpenWrt's configuration", () => {
  const firewall = `${zones}${redirect("21")}${redirect("50000-50099")}`;

  it("reflects forwards for those inside, as fw3 and fw4 do by default", () => {
    const imported = importTexts({ firewall, network });
    expect(outcomes(imported)["network@lan"]).toEqual(["worked", "worked"]);
    expect(fileOf(imported, "rules/router.v4")).toContain(
      "-A POSTROUTING -o br-lan -s 192.168.8.0/24 -d 192.168.8.100 -p tcp --dport 21 -j SNAT --to-source 192.168.8.1",
    );
  });

  it("does not where it is told not to, or where the outer zone hides nobody", () => {
    const off = importTexts({ firewall: `${zones}${redirect("21", "\toption reflection '0'\n")}`, network });
    expect(outcomes(off)["network@lan"]).toEqual(["control-connect", "control-connect"]);
    const bare = importTexts({ firewall: firewall.replace("\toption masq '1'\n", ""), network });
    expect(fileOf(bare, "rules/router.v4")).not.toContain("SNAT");
  });

  it("leaves the client inside away where no file tells the address that is reflected", () => {
    const imported = importTexts({
      firewall,
      network: network.replace(/'static'\n\toption ipaddr '203[^]*/, "'dhcp'\n"),
    });
    expect(viewsIn(imported)).toHaveLength(1);
    expect(imported.notes.join()).toContain("OpenWrt reflects connections to its address outside");
  });
});
