import type { Cell, ExpectedResult } from "../../../harness/model/cell";
import { cellId } from "../../../harness/plan/cells";
import { expectationFrom } from "../../../harness/plan/expectation";
import { profileNamed, topologies } from "../../support/inputs";

function expected(change: Partial<Cell>): ExpectedResult {
  const base: Omit<Cell, "id"> = {
    ...{ topology: "direct", server: "tls-required-reuse", client: "perl" },
    ...{ mode: "ftps", data: "pasv", operation: "list", ...change },
  };
  const topology = topologies.find(({ id }) => id === base.topology)!;
  const server = profileNamed(base.server);
  return expectationFrom({ ...base, id: cellId(base) }, { topology, server });
}

describe("what is expected of a cell", () => {
  it("is unsupported where its client lacks what the cell asks for, whatever the network does", () => {
    expect(expected({ client: "ftplib", mode: "ftps-implicit", topology: "firewall" })).toMatchObject({
      ...{ result: "unsupported", stage: null, cause: null },
    });
  });

  it("is the prediction where its client does nothing special", () => {
    expect(expected({ client: "curl" })).toMatchObject({ result: "worked" });
    expect(expected({ client: "ftplib" })).toMatchObject({ stage: "data-tls", cause: "tls-session-not-reused" });
  });

  it("is the prediction for other options where its client behaves as with them", () => {
    expect(expected({ operation: "download" })).toMatchObject({ result: "worked" });
    expect(expected({ operation: "upload" })).toMatchObject({ stage: "data-tls", cause: "tls-session-not-reused" });
    expect(expected({ operation: "upload", server: "tls-required" })).toMatchObject({ result: "worked" });
  });

  it("is the prediction for another cell where its client goes another way", () => {
    expect(expected({ client: "curl", mode: "ftps-ccc-clear-data" }).result).not.toBe("worked");
    expect(expected({ mode: "ftps-ccc-clear-data" })).toMatchObject({
      stage: "protection",
      cause: "protection-refused",
    });
    expect(expected({ client: "basic-ftp", mode: "ftps-ccc-clear-data" })).toMatchObject({ stage: "ccc" });
  });

  it("is that of another mode where the server refuses and its client goes on", () => {
    const at = { topology: "server-nat-helper", server: "tls-required", mode: "ftps-ccc" } as const;
    expect(expected({ ...at, client: "basic-ftp" })).toMatchObject({ stage: "ccc", cause: "ccc-refused" });
    for (const client of ["curl", "lftp"]) {
      expect(expected({ ...at, client })).toMatchObject({ stage: "data-connect", cause: "helper-blind-to-tls" });
      expect(expected({ ...at, client }).reason).toMatch(/^TLSRequired on refuses .* The client goes on: 227 leads to/);
      expect(expected({ ...at, client, topology: "direct" }).result).toBe("worked");
    }
    // lftp asks for PROT P then; curl waits for data while the server waits for TLS.
    const clear = { server: "tls-auth-data", mode: "ftps-clear-data" } as const;
    expect(expected({ ...clear, client: "lftp" })).toMatchObject({ result: "worked" });
    expect(expected({ ...clear, client: "curl" })).toMatchObject({ stage: "transfer", cause: "protection-refused" });
    expect(expected({ ...clear, client: "wget" })).toMatchObject({ stage: "protection" });
  });

  it("is no lack that a session would have to show which ends before", () => {
    expect(expected({ client: "lftp", mode: "ftps", data: "eprt" })).toMatchObject({ result: "unsupported" });
    expect(expected({ client: "lftp", mode: "ftp", data: "eprt" })).toMatchObject({ stage: "login" });
  });

  it("depends on the version of TLS where its client uses each ticket once", () => {
    for (const client of ["curl", "perl"]) {
      expect(expected({ client, operation: "upload" })).toMatchObject({ stage: "data-tls" });
      expect(expected({ client, operation: "upload", server: "tls-required-reuse+tls1.2" }).result).toBe("worked");
    }
    expect(expected({ client: "lftp+tls1.2", server: "tls-required-reuse+tls1.3" })).toMatchObject({
      ...{ stage: "auth-tls", cause: "tls-versions-do-not-meet" },
    });
  });

  it("stops at a certificate that its client does not accept", () => {
    const at = { server: "tls-required+self-signed", client: "lftp" };
    expect(expected(at)).toMatchObject({ stage: "certificate", cause: "certificate-untrusted" });
    expect(expected({ ...at, client: "lftp+no-check" }).reason).toMatch(/signed by itself. The client goes on.$/);
    expect(expected({ ...at, client: "php" })).toMatchObject({ result: "worked" });
  });
});
