import { clients, resolveClient } from "../../../../harness/catalog/clients/registry";

describe("a client id", () => {
  it("alone stands for the program's defaults", () => {
    expect(resolveClient("basic-ftp")).toMatchObject({
      definition: { id: "basic-ftp" },
      options: { foreignAddress: "reject", resumeSession: true },
    });
  });

  it.each([
    ["basic-ftp+no-resume", { foreignAddress: "reject", resumeSession: false }],
    ["basic-ftp+replace-227", { foreignAddress: "replace-private", resumeSession: true }],
    ["basic-ftp+trust-227", { foreignAddress: "trust", resumeSession: true }],
    ["basic-ftp+ignore-227", { foreignAddress: "ignore", resumeSession: true }],
    ["basic-ftp+no-resume+ignore-227", { foreignAddress: "ignore", resumeSession: false }],
    ["basic-ftp+ignore-227+no-resume", { foreignAddress: "ignore", resumeSession: false }],
  ])("changes the defaults by its options: %s", (id, options) => {
    expect(resolveClient(id)?.options).toEqual(options);
  });

  it.each([
    "",
    "no-such-client",
    "basic-ftp+",
    "basic-ftp+nothing",
    "+no-resume",
    "basic-ftp+no-resume+",
    "basic-ftp no-resume",
  ])("is not known: `%s`", (id) => {
    expect(resolveClient(id)).toBeNull();
  });

  it.each(["basic-ftp+constructor", "basic-ftp+__proto__", "basic-ftp+toString"])(
    "may not use what every object has as an option: %s",
    (id) => {
      expect(resolveClient(id)).toBeNull();
    },
  );

  it("leaves the definition as it was", () => {
    resolveClient("basic-ftp+no-resume");
    expect(clients[0]?.defaults).toEqual({ foreignAddress: "reject", resumeSession: true });
  });
});
