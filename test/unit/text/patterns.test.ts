import { processorMs } from "../../support/processor-time";
import { cellGlobMatches, globMatches, matchPatterns } from "../../../harness/text/patterns";

const ids = ["direct", "server-nat", "server-nat-helper", "firewall"];

describe("patterns", () => {
  it.each([
    [["direct"], ["direct"]],
    [
      ["firewall", "direct"],
      ["direct", "firewall"],
    ],
    [["server-*"], ["server-nat", "server-nat-helper"]],
    [["*"], ids],
    [["server-*", "!*-helper"], ["server-nat"]],
    [["!*-helper", "server-*"], ["server-nat"]],
    [["!direct"], ["server-nat", "server-nat-helper", "firewall"]],
    [["!direct", "!server-*"], ["firewall"]],
    [["direct", "!direct"], []],
    [[], ids],
  ])("%j select %j", (patterns, selected) => {
    expect(matchPatterns(patterns, ids)).toEqual({ ids: selected, unknown: [] });
  });

  it("that match nothing are named as they were written, excludes too", () => {
    expect(matchPatterns(["direct", "nat-*", "!dircet"], ids)).toEqual({
      ids: ["direct"],
      unknown: ["nat-*", "!dircet"],
    });
  });

  it("take no character but the star for more than itself", () => {
    expect(globMatches("d.rect", "direct")).toBe(false);
    expect(globMatches("direct", "direct2")).toBe(false);
    expect(globMatches("basic-ftp+x", "basic-ftp+x")).toBe(true);
  });
});

describe("a glob on cell ids", () => {
  const cell = "server-nat/tls-optional/basic-ftp/ftps/pasv/list";

  it.each([
    ["**", true],
    [cell, true],
    ["server-nat/*/*/ftps/*/*", true],
    ["server-nat/**", true],
    ["**/pasv/list", true],
    ["server-*/**/list", true],
    ["*", false],
    ["server-nat/*/list", false],
    ["server-nat/*", false],
    ["**/pasv", false],
  ])("%s: %p", (glob, matches) => {
    expect(cellGlobMatches(glob, cell)).toBe(matches);
  });

  it("of many stars takes no exponential time", () => {
    const ms = processorMs(() => {
      expect(cellGlobMatches("*a".repeat(50), "a".repeat(500) + "b")).toBe(false);
    });
    expect(ms).toBeLessThan(1000);
  });
});

describe("a glob on the ids of cells with positions", () => {
  const cell = "office@lan/tls-optional/basic-ftp/ftps/pasv/list";

  it.each([
    ["office/**", true],
    ["office@lan/**", true],
    ["office@internet/**", false],
    ["**/list", true],
    ["offic/**", false],
    ["office/*/basic-*/**", true],
  ])("means all positions unless it names one: %s", (glob, expected) => {
    expect(cellGlobMatches(glob, cell)).toBe(expected);
  });
});

it("means all positions too where only a client's release is named", () => {
  expect(cellGlobMatches("office/**/curl@sid/**", "office@lan/tls-optional/curl@sid/ftps/pasv/list")).toBe(true);
  expect(cellGlobMatches("office/**/curl/**", "office@lan/tls-optional/curl@sid/ftps/pasv/list")).toBe(false);
});
