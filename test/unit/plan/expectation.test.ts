import type { Cell, ExpectedResult } from "../../../harness/model/cell";
import { expectedOf } from "../../support/cells";

const expected = (change: Partial<Omit<Cell, "id">>): ExpectedResult =>
  expectedOf({ server: "tls-required-reuse", client: "perl", mode: "ftps", ...change });

describe("what is expected of a cell", () => {
  it("is unsupported where its client lacks what the cell asks for, whatever the network does", () => {
    expect(expected({ client: "ftplib", mode: "ftps-implicit", topology: "firewall" })).toMatchObject({
      ...{ result: "unsupported", stage: null, cause: null },
    });
  });

  it("is the failure where a session ends before it can show what its client lacks", () => {
    const eprt = { client: "lftp", mode: "ftp", data: "eprt" } as const;
    expect(expected(eprt)).toMatchObject({ stage: "login", cause: "tls-required" });
    expect(expected({ ...eprt, server: "tls-optional" })).toMatchObject({ result: "unsupported" });
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
    expect(expected({ client: "lftp", mode: "ftps-ccc-clear-data" }).result).toBe("worked");
    expect(expected({ mode: "ftps-ccc-clear-data" })).toMatchObject({
      stage: "protection",
      cause: "protection-refused",
    });
    expect(expected({ client: "basic-ftp", mode: "ftps-ccc-clear-data" })).toMatchObject({ stage: "ccc" });
  });

  it("is what the session ends with where it ends before it could show a lack", () => {
    const eprt = { client: "lftp", data: "eprt" } as const;
    expect(expected(eprt).result).toBe("unsupported");
    expect(expected({ ...eprt, mode: "ftp" })).toMatchObject({ stage: "login", cause: "tls-required" });
    expect(expected({ ...eprt, server: "plain-only" })).toMatchObject({ stage: "auth-tls", cause: "tls-not-offered" });
    const unprimed = { client: "lftp", mode: "ftps-ccc-unprimed", operation: "download" } as const;
    expect(expected({ ...unprimed, server: "tls-optional" }).result).toBe("unsupported");
    expect(expected(unprimed).result).toBe("worked");
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
