import { basename } from "node:path";
import { importNetwork } from "../../../harness/import/import-network";
import { parseServerProfile } from "../../../harness/inputs/server-file";
import { parseTopology } from "../../../harness/inputs/topology-file";
import type { FilesBeside } from "../../../harness/inputs/files-beside";
import { fileOf, fixtureFiles, fixtureNetworks } from "../../support/import-files";

describe("a folder that import writes", () => {
  it.each(fixtureNetworks)("is a network and a server that the lab takes: %s", (network) => {
    const imported = importNetwork(fixtureFiles(network), { id: network, front: null });
    const beside: FilesBeside = (path) => {
      const text = imported.files.find((file) => file.path === path)?.text;
      return text === undefined ? { problem: "is not there" } : Buffer.from(text);
    };

    const topology = parseTopology({ file: `${network}.yaml`, text: fileOf(imported, "network.yaml") }, { beside });
    expect(topology.dial).toBe(imported.draft.dial);

    const server = fileOf(imported, "server.yaml");
    if (server !== "") {
      const profile = parseServerProfile({ file: `${network}-server.yaml`, text: server }, { beside });
      expect(profile.id).toBe(`${network}-server`);
    }
  });

  it.each(fixtureNetworks)("loads each line of the user's rules unchanged, or names it: %s", (network) => {
    const inputs = fixtureFiles(network);
    const imported = importNetwork(inputs, { id: network, front: null });
    const lines = new Set(inputs.flatMap(({ text }) => text.split("\n").map((line) => line.trim())));
    const saved = inputs.some(({ text }) => /^\*filter|^table inet/m.test(text));
    const changed = imported.files
      .filter(({ path }) => path.startsWith("rules/"))
      .flatMap(({ text }) =>
        text.split("\n").filter((line) => saved && line.startsWith("-A") && !lines.has(line.trim())),
      );
    // Old spellings, targets of patched kernels, and the chains on which ufw hangs its files; the README tells of them.
    expect(changed.filter((line) => !/MASQUERADE|^-A FORWARD ! -i br0|\bufw-\w+/.test(line))).toEqual([]);
    expect(basename(imported.files[0]?.path ?? "")).toBe("network.yaml");
  });
});
