import { walk } from "../../../harness/plan/predict/packet-walk";
import { addressBehind, translated, translatorOf, translatorScript } from "../../../harness/plan/translator";
import { embed, embedded } from "../../../harness/net/embedded-address";
import { parseTopology } from "../../../harness/inputs/topology-file";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { topologyNamed } from "../../support/inputs";

const nat64 = topologyNamed("nat64");
const translator = translatorOf(nat64)!;
const text = readFileSync(join(__dirname, "../../../topologies/nat64.yaml"), "utf8");

describe("an address within another", () => {
  it("is its last 32 bits, as RFC 6052 section 2.4 shows", () => {
    expect(embed("64:ff9b::/96", "192.0.2.33")).toBe("64:ff9b::c000:221");
    expect(embedded("64:ff9b::/96", "64:ff9b::c000:221")).toBe("192.0.2.33");
    expect(embedded("64:ff9b::/96", "64:ff9b:1::c000:221")).toBeNull();
  });
});

describe("a translator", () => {
  const forth = { source: "2001:db8:1::1:1", destination: "2001:db8:64::cb00:710a" };

  it("knows each client by an address of its pool, and undoes with answers what it did", () => {
    const sent = { source: "192.168.64.33", destination: "203.0.113.10" };
    expect(translated(nat64, translator, forth)).toEqual(sent);
    const answer = { source: sent.destination, destination: sent.source };
    expect(translated(nat64, translator, answer)).toEqual({ source: forth.destination, destination: forth.source });
    expect(translated(nat64, translator, { ...forth, source: "2001:db8:1::9" })).toBeNull();
    expect(addressBehind(nat64, forth.source)).toBe(sent.source);
    expect(addressBehind(topologyNamed("direct"), forth.source)).toBe(forth.source);
  });

  it("stands between client and router, for both directions of a connection", () => {
    const syn = { from: "client", source: "2001:db8:1::1:0", destination: nat64.dial, ports: { first: 21, last: 21 } };
    const { end, passages } = walk(nat64, syn, []);
    expect(end).toEqual({ kind: "delivered", node: "server", source: "203.0.113.1" });
    expect(passages.map(({ before }) => before)).toEqual([{ source: "192.168.64.32", destination: "203.0.113.10" }]);
    const elsewhere = walk(nat64, { ...syn, destination: "2001:db8:65::1" }, []);
    expect(elsewhere.end).toMatchObject({ kind: "unreachable", node: "translator" });
    // Its own address is the kernel's.
    expect(walk(nat64, { ...syn, destination: "2001:db8:1::1" }, []).end).toMatchObject({ node: "translator" });
    expect(walk(nat64, { ...syn, destination: "2001:db8:1::1" }, []).end.kind).toBe("delivered");
  });

  it("is told the same to tayga", () => {
    const lines = translatorScript(nat64, translator);
    expect(lines).toContain("prefix 2001:db8:64::/96");
    expect(lines).toContain("map 192.168.64.33 2001:db8:1::1:1");
    expect(lines.filter((line) => line.startsWith("map "))).toHaveLength(192);
  });
});

describe("a file with a translator", () => {
  it.each([
    ["pool: 192.168.64.32-192.168.64.223", "pool: 192.168.64.32-192.168.64.33", "expected 192 addresses"],
    ["pool: 192.168.64.32-192.168.64.223", "pool: 192.168.65.32-192.168.65.223", "a subnet that the translator is on"],
    [
      "pool: 192.168.64.32-192.168.64.223",
      "pool: 192.168.64.2-192.168.64.193",
      "translator has one of these addresses",
    ],
    ['prefix: "2001:db8:64::/96"', 'prefix: "2001:db8:64::/64"', "expected an ipv6 prefix of 96 bits"],
    ['dial: "2001:db8:64::cb00:710a"', 'dial: "2001:db8:64::cb00:7163"', "an address of the server or of a router"],
    ["subnet: 192.168.64.0/24", 'subnet: "2001:db8:9::/64"', "expected an ipv4 subnet, behind the translator"],
    ["family: ipv6", "family: ipv4", "a translator needs a client with `family: ipv6`"],
  ])("is refused with %s made %s", (from, to, message) => {
    expect(text).toContain(from);
    expect(() => parseTopology({ file: "nat64.yaml", text: text.replace(from, to) })).toThrow(message);
  });
});
