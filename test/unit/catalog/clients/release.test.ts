import { clientImageOf, clients, resolveClient } from "../../../../harness/catalog/clients/registry";
import { clientReleases } from "../../../../harness/catalog/clients/release";
import { expectedOf } from "../../../support/cells";

describe("a client of a release", () => {
  it("has the release's version and its own image, and stays one definition", () => {
    const found = resolveClient("curl@bullseye");
    expect(found?.definition).toMatchObject({
      id: "curl@bullseye",
      title: "curl of Debian 11 (7.74.0)",
      release: { id: "bullseye", version: "7.74.0" },
      program: { image: "curl@bullseye" },
    });
    expect(resolveClient("curl@bullseye+no-check")?.definition).toBe(found?.definition);
  });

  it("lives in the image with a folder where its release has one", () => {
    expect(["curl@bookworm", "curl@trixie", "lftp@trixie", "lftp@bookworm"].map(clientImageOf)).toEqual([
      "programs-bookworm",
      "programs",
      "programs",
      "lftp@bookworm",
    ]);
  });

  it("takes the options of the client", () => {
    expect(resolveClient("lftp@sid+no-fix-pasv-address")).toMatchObject({
      words: ["no-fix-pasv-address"],
      options: { foreignAddress: "trust" },
    });
  });

  it.each(["curl@buster", "lftp@trixie-backports", "basic-ftp@sid", "curl@", "curl@sid@sid"])("%s is none", (id) => {
    expect(resolveClient(id)).toBeNull();
  });

  it.each(clients.filter(({ debian }) => debian !== undefined))("$id names its release in its title", (client) => {
    for (const { id, title } of clientReleases(client)) {
      expect(resolveClient(`${client.id}@${id}`)?.definition.title).toContain(title);
    }
  });
});

describe("a version of basic-ftp", () => {
  it("is a client in a user's own script, with the script's options", () => {
    const found = resolveClient("basic-ftp@3.8.7+stepwise");
    expect(found).toMatchObject({
      words: ["stepwise"],
      definition: { id: "basic-ftp@3.8.7", release: { version: "3.8.7" }, program: { image: "basic-ftp@3.8.7" } },
    });
    expect(resolveClient("basic-ftp@3.8.7+ccc-first")).toBeNull();
    expect(resolveClient("basic-ftp@3.8.7")?.definition.program?.version.argv).toEqual([
      "node",
      "/opt/ftp-nat-matrix/basic-ftp-npm.js",
      "--version",
    ]);
  });

  it("refuses another address in 227 since release 6", () => {
    expect(resolveClient("basic-ftp@6.2.3")?.options.foreignAddress).toBe("reject");
    expect(resolveClient("basic-ftp@5.3.1")?.options.foreignAddress).toBe("replace-private");
  });

  it.each(["basic-ftp@2.17.1", "basic-ftp@7.0.0", "basic-ftp@3.8", "basic-ftp@latest", "curl@8.1.0"])(
    "%s is none",
    (id) => {
      expect(resolveClient(id)).toBeNull();
    },
  );

  it.each([
    ["3.8.7", "unsupported"],
    ["4.5.4", "unsupported"],
    ["4.6.0", "failed"],
  ])("has implicit TLS since 4.6.0: %s", (version, result) => {
    expect(expectedOf({ client: `basic-ftp@${version}`, mode: "ftps-implicit" })).toMatchObject({ result });
  });

  it.each([
    ["4.6.3", "failed"],
    ["4.6.4", "worked"],
  ])("remembers the server's name on data connections since 4.6.4: %s", (version, result) => {
    expect(expectedOf({ client: `basic-ftp@${version}`, mode: "ftps" })).toMatchObject({ result });
    expect(expectedOf({ client: `basic-ftp@${version}+no-check`, mode: "ftps" }).result).toBe("worked");
    expect(expectedOf({ client: `basic-ftp@${version}` }).result).toBe("worked");
  });
});

describe("a client on a Node of its own", () => {
  it("is the same client in another image, whose scripts that Node runs", () => {
    const found = resolveClient("basic-ftp-5+node@22.22.3+tls1.3");
    expect(found).toMatchObject({ words: ["node@22.22.3", "tls1.3"], definition: { id: "basic-ftp-5" } });
    expect(found?.definition.title).toBe("basic-ftp 5 (npm), in a user's own script, on Node 22.22.3");
    expect(found?.definition.program?.version.argv[0]).toBe("/opt/npm/node/bin/node");
    expect(resolveClient("basic-ftp-5+node@22.22.3")?.definition).toBe(found?.definition);
    expect(["basic-ftp-5+node@22.22.3", "basic-ftp@3.8.7+node@22.22.3", "icetee-ftp"].map(clientImageOf)).toEqual([
      "node@22.22.3",
      "basic-ftp@3.8.7+node@22.22.3",
      "client",
    ]);
  });

  it("is predicted as on the agent's Node, unless its data connections forget the server's name", () => {
    const isOpen = (client: string, mode: "ftp" | "ftps" | "ftps-implicit") =>
      expectedOf({ client, mode }).unpredicted === true;
    expect(expectedOf({ client: "basic-ftp-5+node@22.22.3", mode: "ftps" })).toMatchObject({ result: "worked" });
    expect(isOpen("basic-ftp-5+node@22.22.3", "ftps")).toBe(false);
    expect(isOpen("basic-ftp-5+node@22.22.3", "ftps-implicit")).toBe(true);
    expect(isOpen("basic-ftp-5+node@22.22.3+stepwise", "ftps")).toBe(true);
    expect(isOpen("basic-ftp@4.6.3+node@22.22.3", "ftps")).toBe(true);
    expect(isOpen("basic-ftp@4.6.3+node@22.22.3", "ftp")).toBe(false);
    expect(isOpen("basic-ftp-5", "ftps-implicit")).toBe(false);
  });

  it.each([
    "curl+node@22.22.3",
    "basic-ftp+node@22.22.3",
    "basic-ftp-5+node@22",
    "basic-ftp-5+node@14.21.3",
    "basic-ftp-5+node@22.22.3+node@22.23.1",
    "basic-ftp@9.0.0+node@22.22.3",
  ])("%s is none", (id) => {
    expect(resolveClient(id)).toBeNull();
  });
});

describe("curl's releases differ", () => {
  it.each([
    ["bullseye", "worked"],
    ["bookworm", "worked"],
    ["trixie", "unsupported"],
    ["trixie-backports", "worked"],
    ["sid", "worked"],
  ])("in CCC: of %s it %s", (release, result) => {
    expect(expectedOf({ client: `curl@${release}`, mode: "ftps-ccc", data: "epsv" })).toMatchObject({ result });
  });

  it.each([
    ["bullseye", "failed"],
    ["trixie-backports", "failed"],
    ["forky", "worked"],
    ["sid", "worked"],
  ])("in the third upload under TLS 1.3, where sessions must be resumed: of %s it %s", (release, result) => {
    const cell = {
      client: `curl@${release}`,
      server: "tls-required-reuse",
      mode: "ftps",
      operation: "upload",
    } as const;
    expect(expectedOf(cell)).toMatchObject({ result });
  });

  it.each([
    ["bullseye", "worked"],
    ["bookworm", "failed"],
    ["trixie", "worked"],
  ])("in TLS on connections that they accept: of %s it %s", (release, result) => {
    expect(expectedOf({ client: `curl@${release}`, mode: "ftps", data: "port" })).toMatchObject({ result });
  });
});

it("expects nothing of Debian 11's wget where others work, which crashes at random", () => {
  const client = "wget@bullseye";
  expect(expectedOf({ client })).toMatchObject({ unpredicted: true });
  expect(expectedOf({ client, operation: "download" })).toMatchObject({ unpredicted: true });
  expect(expectedOf({ client, topology: "client-nat", data: "port" })).toMatchObject({ result: "failed" });
  expect(expectedOf({ client: "wget@bookworm" }).unpredicted).toBeUndefined();
});
