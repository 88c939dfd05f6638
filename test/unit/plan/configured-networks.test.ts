import type { Cell } from "../../../harness/model/cell";
import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import { planCell } from "../../../harness/plan/planned-cells";
import { withConfiguredPorts } from "../../../harness/plan/configured-networks";
import { cellId } from "../../../harness/model/cells";
import { profileNamed, topologies } from "../../support/inputs";

const cellWith = (change: Partial<Omit<Cell, "id">>): Cell => {
  const axes = {
    topology: "server-nat-range",
    server: "tls-optional",
    client: "basic-ftp",
    mode: "ftps",
    data: "pasv",
  };
  const cell = { ...axes, operation: "list", ...change } as Omit<Cell, "id">;
  return { ...cell, id: cellId(cell) };
};
const catalogWith = (texts: Readonly<Record<string, string>>) => ({
  topologies: new NetworkCatalog(topologies),
  profiles: new Map(
    Object.entries(texts).map(([id, text]) => [id, { ...profileNamed(id), userConfig: { file: `${id}.conf`, text } }]),
  ),
});
const expectedWith = (text: string, change: Partial<Omit<Cell, "id">>) => {
  const cell = cellWith(change);
  const catalog = withConfiguredPorts(catalogWith({ [cell.server]: text }), [cell]);
  if (typeof catalog === "string") throw new Error(catalog);
  return planCell({ cell, expect: [] }, catalog).expected;
};

const proftpd =
  "Port 2819\nTLSEngine on\nTLSRSACertificateFile /etc/a.crt\nPassivePorts 60000 60100\nMasqueradeAddress 192.0.2.77";
const implicit =
  "listen_port=9990\nssl_enable=YES\nrsa_cert_file=/etc/a.crt\nimplicit_ssl=YES\nrequire_ssl_reuse=NO\nforce_local_data_ssl=NO";

describe("cells with users' own configurations", () => {
  it("are predicted on the ports and the range of the configuration", () => {
    expect(expectedWith(proftpd, {})).toMatchObject({ result: "worked" });
    expect(expectedWith(proftpd, { topology: "server-nat-helper", mode: "ftp" })).toMatchObject({
      ...{ stage: "data-connect", cause: "helper-not-on-port" },
    });
    expect(expectedWith("Port 2819\nTLSEngine on\nTLSRSACertificateFile /etc/a.crt", {})).toMatchObject({
      result: "failed",
    });
  });

  it("have nothing to dial without TLS where all begins with it", () => {
    const cell = { server: "vsftpd", topology: "firewall-range" };
    expect(
      expectedWith(`${implicit}\npasv_min_port=61000\npasv_max_port=61050`, { ...cell, mode: "ftps-implicit" }),
    ).toMatchObject({
      result: "worked",
    });
    expect(expectedWith(implicit, { ...cell, mode: "ftps" })).toMatchObject({
      ...{ stage: "control-connect", cause: "port-unreachable", reason: expect.stringMatching(/port 21\.$/) as string },
    });
  });

  it("share no network with a configuration that listens elsewhere, nor with a condition that says another port", () => {
    const two = catalogWith({ "tls-optional": proftpd, "tls-required": "Port 2820" });
    const cells = [cellWith({}), cellWith({ server: "tls-required" })];
    expect(withConfiguredPorts(two, cells)).toMatch(/listen on different ports/);
    expect(withConfiguredPorts(two, [cellWith({ topology: "server-nat-range+port-2121" })])).toBe(
      "server-nat-range+port-2121 has its server on port 2121, and tls-optional.conf on port 2819",
    );
  });
});
