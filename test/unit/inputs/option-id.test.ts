import { resolveOptionIds } from "../../../harness/inputs/option-id";

const known = new Map([
  ["tls-optional", ["self-signed", "expired", "tls1.2", "tls1.3", "session-reuse"]],
  ["tls-required", ["self-signed", "expired", "tls1.2", "tls1.3"]],
  ["plain-only", []],
]);

function resolve(...patterns: readonly string[]) {
  return resolveOptionIds("server", patterns, known);
}

describe("ids with options", () => {
  it("are named in the order of the options, whatever the order they are written in", () => {
    expect(resolve("tls-optional+tls1.2+expired").ids).toEqual(["tls-optional+expired+tls1.2"]);
  });

  it("come one for each option that a glob stands for", () => {
    expect(resolve("tls-required+*").ids).toEqual([
      "tls-required+self-signed",
      "tls-required+expired",
      "tls-required+tls1.2",
      "tls-required+tls1.3",
    ]);
    expect(resolve("tls-*+tls1.*").ids).toEqual([
      "tls-optional+tls1.2",
      "tls-optional+tls1.3",
      "tls-required+tls1.2",
      "tls-required+tls1.3",
    ]);
  });

  it("leave out choices of options that exclude each other, and say so where nothing is left", () => {
    expect(resolve("tls-required+expired+*").ids).toEqual([
      "tls-required+expired+tls1.2",
      "tls-required+expired+tls1.3",
    ]);
    expect(resolve("tls-required+tls1.2+tls1.3").problems).toEqual([
      { index: 0, message: "`tls-required+tls1.2+tls1.3` names options that exclude each other" },
    ]);
  });

  it("are taken by those that know the options", () => {
    expect(resolve("*+session-reuse").ids).toEqual(["tls-optional+session-reuse"]);
    expect(resolve("*").ids).toEqual(["tls-optional", "tls-required", "plain-only"]);
    expect(resolve("*+expierd").problems).toEqual([
      { index: 0, message: "unknown server option `expierd`; did you mean `expired`?" },
    ]);
  });

  it("are excluded like any other", () => {
    expect(resolve("tls-required+*", "!tls-required+tls1.*").ids).toEqual([
      "tls-required+self-signed",
      "tls-required+expired",
    ]);
  });
});

describe("ids with a release", () => {
  const clients = new Map([
    ["curl", ["no-check"]],
    ["lftp", []],
    ["basic-ftp", []],
  ]);
  const releases = new Map([
    ["curl@bullseye", ["no-check"]],
    ["curl@sid", ["no-check"]],
    ["lftp@bullseye", []],
  ]);
  const versions = {
    optionsOf: (id: string) => (/^basic-ftp@[\d.]+$/.test(id) ? ["stepwise"] : null),
    takesNode: (id: string, word: string) => id.startsWith("basic-ftp@") && /^node@[\d.]+$/.test(word),
  };
  const chosen = (...patterns: readonly string[]) => resolveOptionIds("client", patterns, clients, releases, versions);

  it("may have a Node of their own, which stands before all other options", () => {
    expect(chosen("basic-ftp@3.8.7+stepwise+node@22.22.3").ids).toEqual(["basic-ftp@3.8.7+node@22.22.3+stepwise"]);
    expect(chosen("curl+node@22.22.3").problems).toEqual([
      { index: 0, message: "unknown client option `node@22.22.3`; expected no-check" },
    ]);
    expect(chosen("basic-ftp@3.8.7+node@22.22.3+node@20.1.0").problems).toEqual([
      { index: 0, message: expect.stringContaining("exclude each other") as string },
    ]);
  });

  it("are meant only where a release is named", () => {
    expect(chosen("*").ids).toEqual(["curl", "lftp", "basic-ftp"]);
    expect(chosen("curl").ids).toEqual(["curl"]);
    expect(chosen("curl@*").ids).toEqual(["curl@bullseye", "curl@sid"]);
    expect(chosen("*@bullseye").ids).toEqual(["curl@bullseye", "lftp@bullseye"]);
    expect(chosen("curl@*", "!curl@sid").ids).toEqual(["curl@bullseye"]);
  });

  it("take the options of the one without", () => {
    expect(chosen("curl@sid+no-check").ids).toEqual(["curl@sid+no-check"]);
    expect(chosen("lftp@bullseye+no-check").problems).toHaveLength(1);
  });

  it("may have a version that no list holds", () => {
    expect(chosen("basic-ftp@3.8.7", "basic-ftp@5.0.5+stepwise").ids).toEqual([
      "basic-ftp@3.8.7",
      "basic-ftp@5.0.5+stepwise",
    ]);
    expect(chosen("*@bullseye").ids).toEqual(["curl@bullseye", "lftp@bullseye"]);
  });

  it("are named where the release is none", () => {
    expect(chosen("curl@sidd").problems).toEqual([
      { index: 0, message: "unknown client `curl@sidd`; did you mean `curl@sid`?" },
    ]);
    expect(chosen("basic-ftp@sid").problems[0]?.message).toMatch(/^unknown client `basic-ftp@sid`/);
  });
});
