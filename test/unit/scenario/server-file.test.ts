import { join } from "node:path";
import { loadServerProfiles } from "../../../harness/scenario/load";
import { parseServerProfile } from "../../../harness/scenario/server-file";

const profiles = loadServerProfiles(join(__dirname, "../../../topologies/servers"));

describe("the server profiles of the contract", () => {
  it.each([
    ["tls-optional", "off", ["NoSessionReuseRequired"]],
    ["tls-required", "on", ["NoSessionReuseRequired"]],
    ["tls-required-reuse", "on", []],
    ["tls-auth-data", "auth+data", ["NoSessionReuseRequired"]],
  ])("%s sets TLSRequired %s and TLSOptions %j", (id, required, options) => {
    expect(profiles.find((profile) => profile.id === id)?.tls).toMatchObject({
      required,
      options,
      verifyClient: "off",
    });
  });

  it("are these and plain-only, which has no TLS", () => {
    expect(profiles.map(({ id }) => id)).toEqual([
      "plain-only",
      "tls-auth-data",
      "tls-optional",
      "tls-required",
      "tls-required-reuse",
    ]);
    expect(profiles[0]?.tls).toBeNull();
  });

  it("of the page take its TLSProtocol as it is written there", () => {
    expect(profiles.filter(({ id }) => id.startsWith("tls-required")).map(({ tls }) => tls?.protocol)).toEqual([
      "SSLv23",
      "SSLv23",
    ]);
  });
});

describe("a server profile", () => {
  it("reads off and on as the words that ProFTPD knows, not as booleans", () => {
    const text = "title: a\ndescription: b\ntls: { protocol: TLSv1.3, verify-client: on, required: on }\n";
    expect(parseServerProfile({ file: "x.yaml", text }).tls).toEqual({
      protocol: "TLSv1.3",
      options: [],
      verifyClient: "on",
      required: "on",
      certificate: "trusted",
    });
  });

  it("shows a certificate of a known kind", () => {
    const text = (kind: string) =>
      `title: a\ndescription: b\ntls: { protocol: TLSv1.3, required: "on", certificate: ${kind} }\n`;
    const parse = (kind: string) => parseServerProfile({ file: "x.yaml", text: text(kind) });
    expect(parse("expired").tls?.certificate).toBe("expired");
    expect(() => parse("exprired")).toThrow("x.yaml:3:56: unknown value `exprired`; did you mean `expired`?");
  });
});
