import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importTexts } from "../../support/import-files";
import { predictedLoops, type Collected } from "../../support/imported-loops";

const root = join(__dirname, "..", "..", "fixtures", "collected");

/** What `collect` printed on the machines of a lab. */
function textsOf(topology: string): Collected {
  const folder = join(root, topology);
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}

describe("a network that is imported from texts of `collect`", () => {
  it.each(readdirSync(root))("is predicted as the one that they are from: %s", async (topology) => {
    const [loop] = await predictedLoops(new Map([[topology, textsOf(topology)]]), "basic-ftp/*/*/list");
    expect(loop?.own.size).toBe(28);
    expect([...(loop?.again ?? [])]).toEqual([...(loop?.own ?? [])]);
  });

  it.each(readdirSync(root))("needs no text of the client's host: %s", async (topology) => {
    const texts = textsOf(topology).filter(({ name }) => name !== "client.txt");
    const [loop] = await predictedLoops(new Map([[topology, texts]]), "basic-ftp/*/*/list");
    expect([...(loop?.again ?? [])]).toEqual([...(loop?.own ?? [])]);
  });

  it("holds each rule once, which both iptables-save and nft print", () => {
    const imported = importTexts(Object.fromEntries(textsOf("firewall").map(({ name, text }) => [name, text])));
    const rules = imported.files.filter(({ path }) => path.startsWith("rules/")).map(({ text }) => text);
    expect(rules.join("\n")).toContain("-A FORWARD -i outside -o inside");
    expect(rules.join("\n")).not.toMatch(/^table ip (raw|nat|filter) /m);
  });

  it("takes servers for alike whose configurations differ in comments and addresses only", () => {
    const texts = Object.fromEntries(textsOf("server-nat-helper").map(({ name, text }) => [name, text]));
    const other = (texts["server.txt"] ?? "")
      .replace(/^# host: \S+/m, "# host: other")
      .replace(/^# .*ProFTPD on server.*$/m, "# another host's")
      .replaceAll("192.168.10.10", "192.168.10.11");
    const { draft } = importTexts({ ...texts, "other.txt": other });
    expect(draft.nodes.filter(({ role }) => role === "server")).toHaveLength(2);
  });
});
