import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../../harness/cli/catalog";
import { withRouterRules } from "../../../harness/cli/router-rules";
import { noUserFiles } from "../../../harness/cli/user-files";
import type { Topology } from "../../../harness/model/topology";
import { routersOf } from "../../../harness/model/network";

const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
const file = join(folder, "my.rules");
writeFileSync(file, "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function ownOn(topology: Topology | undefined): readonly (string | undefined)[] {
  return topology === undefined ? [] : routersOf(topology).map(({ userRules }) => userRules?.file);
}

describe("rules of a user's own", () => {
  it("take their place in a network with conditions, too", () => {
    const { topologies } = withRouterRules(loadCatalog(), new Set(["firewall+rate-1mbit"]), {
      ...noUserFiles,
      routerRules: [file],
    });
    expect(ownOn(topologies.get("firewall+rate-1mbit"))).toEqual([file]);
    expect(
      topologies.get("firewall+rate-1mbit")?.links[0]?.rateKbit ??
        topologies.get("firewall+rate-1mbit")?.links[1]?.rateKbit,
    ).toBe(1000);
    expect(ownOn(topologies.get("server-nat+rate-1mbit"))).toEqual([undefined]);
  });
});
