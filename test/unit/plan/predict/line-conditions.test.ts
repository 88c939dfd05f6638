import { NetworkCatalog } from "../../../../harness/catalog/conditions/network-catalog";
import type { Cell } from "../../../../harness/model/cell";
import type { Topology } from "../../../../harness/model/topology";
import { predictFor, verdictAndCauseOf } from "../../../support/cells";
import { topologies } from "../../../support/inputs";

const networks = new NetworkCatalog(topologies);

function network(id: string): Topology {
  const found = networks.get(id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

const verdict = (id: string, axes: Partial<Cell>): string => verdictAndCauseOf(predictFor(network(id), axes));

const blackHole = "path-mtu-black-hole";

describe("a router that drops long packets and does not say so", () => {
  const id = "firewall-range+mtu-1280-silent";

  it("lets short listings pass and swallows transfers, an upload's after the client has handed all over", () => {
    expect(verdict(id, { mode: "ftp", operation: "list" })).toBe("worked");
    expect(verdict(id, { mode: "ftp", operation: "download" })).toBe(`transfer: ${blackHole}`);
    expect(verdict(id, { mode: "ftp", operation: "upload" })).toBe(`completion: ${blackHole}`);
  });

  it("swallows the first message of TLS, which OpenSSL makes longer than a segment and GnuTLS does not", () => {
    expect(verdict(id, { mode: "ftps", operation: "list" })).toBe(`auth-tls: ${blackHole}`);
    expect(verdict(id, { mode: "ftps-implicit", client: "curl" })).toBe(`auth-tls: ${blackHole}`);
    expect(verdict(id, { mode: "ftps", client: "lftp", operation: "list" })).toBe("worked");
    expect(verdict(id, { mode: "ftps", client: "lftp", operation: "download" })).toBe(`transfer: ${blackHole}`);
  });

  it("is no obstacle where the connection does not get there, and none when it says so", () => {
    expect(verdict("firewall+mtu-1280-silent", { mode: "ftp", operation: "download" })).toBe("data-connect: no-helper");
    expect(verdict("firewall-range+mtu-1280", { mode: "ftps", operation: "download" })).toBe("worked");
  });

  it("is met after AUTH, which a server without TLS refuses", () => {
    expect(verdict(id, { mode: "ftps", server: "plain-only" })).toBe("auth-tls: tls-not-offered");
  });
});

describe("a router that forgets silent connections", () => {
  const id = "firewall-range+idle-timeout-1s+rate-128kbit";
  const forgotten = "completion: control-connection-dropped-idle";

  it("loses the control connection of a transfer that takes longer, and of nothing shorter", () => {
    expect(verdict(id, { operation: "download" })).toBe(forgotten);
    expect(verdict(id, { operation: "upload" })).toBe(forgotten);
    expect(verdict(id, { operation: "list" })).toBe("worked");
    expect(verdict("firewall-range+idle-timeout-1s", { operation: "download" })).toBe("worked");
    expect(verdict("firewall-range+idle-timeout-1s+rate-1mbit", { operation: "download" })).toBe("worked");
    expect(verdict("firewall-range+rate-128kbit", { operation: "download" })).toBe("worked");
  });

  it("sees 226 in time where a download waits behind it, on the client's line", () => {
    const far = network("firewall-range+idle-timeout-1s");
    const links = far.links.map((link) => ({ ...link, rateKbit: link.id === "outside" ? 128 : null }));
    expect(verdictAndCauseOf(predictFor({ ...far, links }, { operation: "download" }))).toBe("worked");
    expect(verdictAndCauseOf(predictFor({ ...far, links }, { operation: "upload" }))).toBe(forgotten);
  });
});

describe("a helper that knows 227 alone", () => {
  it("leaves EPSV, PORT and EPRT to the rules, which may do without it", () => {
    const unknown = "data-connect: helper-does-not-know-line";
    expect(verdict("server-nat-helper+helper-227-only", { data: "pasv" })).toBe("worked");
    expect(verdict("server-nat-helper+helper-227-only", { data: "epsv" })).toBe(unknown);
    expect(verdict("server-nat-helper+helper-227-only", { data: "port" })).toBe("worked");
    expect(verdict("client-nat-helper+helper-227-only", { data: "port" })).toBe(unknown);
    expect(verdict("firewall-strict-helper+helper-227-only", { data: "eprt" })).toBe("data-connect: egress-blocked");
    expect(verdict("server-nat-helper+helper-227-only", { mode: "ftps", data: "epsv" })).toBe(
      "data-connect: helper-blind-to-tls",
    );
  });
});

describe("a control port that no helper watches", () => {
  it("is as good as none, in clear or not, unless rules carry the data", () => {
    const elsewhere = "data-connect: helper-not-on-port";
    expect(verdict("server-nat-helper+port-2121", { mode: "ftp", data: "epsv" })).toBe(elsewhere);
    expect(verdict("server-nat-helper+port-2121-helper", { mode: "ftp", data: "epsv" })).toBe("worked");
    expect(verdict("server-nat-range+port-2121", { mode: "ftp", data: "epsv" })).toBe("worked");
  });
});
