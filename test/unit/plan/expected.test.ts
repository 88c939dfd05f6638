import type { Cell, ExpectedResult } from "../../../harness/model/cell";
import { cellId } from "../../../harness/model/cells";
import type { ServerProfile } from "../../../harness/model/server-profile";
import { emptyScript, type ServerScript } from "../../../harness/model/server-script";
import { expectedFrom } from "../../../harness/plan/expected";
import { expectedOf } from "../../support/cells";
import { profileNamed, topologyNamed } from "../../support/inputs";

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

describe("what is expected of a server with a script", () => {
  const scripted = (script: Partial<ServerScript>): ServerProfile => ({
    ...profileNamed("scripted"),
    script: { ...emptyScript, ...script },
  });
  const of = (script: Partial<ServerScript>, change: Partial<Omit<Cell, "id">> = {}): ExpectedResult => {
    const axes = { topology: "direct", server: "scripted", client: "basic-ftp", mode: "ftps", data: "epsv" } as const;
    const cell = { ...axes, operation: "list" as const, ...change };
    const premises = { topology: topologyNamed("direct"), server: scripted(script) };
    return expectedFrom({ ...cell, id: cellId(cell) }, premises);
  };
  const silent = (verb: string) => ({ commands: [{ verb, argument: null, always: [] }] });
  const manners = emptyScript.data;

  it("is the prediction where the script leaves a cell alone", () => {
    expect(of({}).result).toBe("worked");
    expect(of(silent("PASV")).result).toBe("worked");
    expect(of(silent("CCC")).result).toBe("worked");
    expect(of(silent("STOR")).result).toBe("worked");
    expect(of({ data: { ...manners, closeNotify: false } }, { mode: "ftp" }).result).toBe("worked");
    expect(of({ tls: { accepts: "explicit", ccc: "never" } }, { mode: "ftps-implicit" })).toMatchObject({
      ...{ stage: "control-connect", cause: "port-unreachable" },
    });
  });

  it.each<[Partial<ServerScript>, Partial<Omit<Cell, "id">>, string]>([
    [silent("EPSV"), {}, "the script says what is answered to EPSV"],
    [silent("USER"), {}, "the script says what is answered to USER"],
    [silent("RETR"), { operation: "download" }, "the script says what is answered to RETR"],
    [silent("CCC"), { mode: "ftps-ccc" }, "the script says what is answered to CCC"],
    [{ greeting: [] }, {}, "the script says how it greets"],
    [{ data: { ...manners, listens: false } }, {}, "the script has `listens` for data connections"],
    [{ tls: { accepts: "both", ccc: "never" } }, { mode: "ftps-ccc" }, "the script says how TLS ends after CCC"],
  ])("is nothing where the script decides: %j %j", (script, change, reason) => {
    expect(of(script, change)).toMatchObject({
      ...{ result: "not-run", unpredicted: true, reason: `Nothing is predicted: ${reason} (scripted).` },
    });
  });
});
