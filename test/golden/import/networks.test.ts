import { importNetwork } from "../../../harness/import/import-network";
import { describeGolden } from "../../support/golden";
import { fixtureFiles, fixtureNetworks } from "../../support/import-files";

/** All files of the folder, one behind the other. */
function folderText(network: string): string {
  const { files } = importNetwork(fixtureFiles(network), { id: network, front: null });
  return files.map(({ path, text }) => `==> ${path}\n${text}`).join("\n");
}

describeGolden(
  "the folder of an imported network",
  "import/networks",
  new Map(fixtureNetworks.map((network) => [`${network}.txt`, () => folderText(network)])),
);
