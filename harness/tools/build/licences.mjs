import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The licences of the packages that these files of `root` belong to, as one text. */
export function licencesOf(root, files) {
  const folders = files.filter((file) => file.includes("node_modules/")).map((file) => packageOf(root, dirname(file)));
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `License: ${license}` : readFileSync(join(root, folder, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Some packages have further package.json files inside, without a name. */
function packageOf(root, folder) {
  const file = join(root, folder, "package.json");
  const isPackage = existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version !== undefined;
  return isPackage ? folder : packageOf(root, dirname(folder));
}
