import { Command, Option } from "@commander-js/extra-typings";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fronts, type Front } from "../../import/drafting";
import { importNetwork, type Imported } from "../../import/import-network";
import { positionsIn } from "../../import/network";
import type { InputFile } from "../../import/pieces/piece";
import { placeText } from "../../import/place";
import { leftOutText } from "../../import/readme";
import { exitCodes, messageOf, UsageError } from "../../model/errors";
import { decodedText } from "../../text/decode";
import { namedCells } from "../cell-choice";
import { findingLines, findingsOf } from "../configuration-findings";
import { selectCells } from "../select-cells";
import { noUserFiles } from "../user-files";
import type { DeclareCommand } from "../command";

export const command: DeclareCommand = ({ finish }) =>
  new Command("import")
    .summary("make a network from the files that you have")
    .description(
      "make a folder that the lab can run, from the text of `collect` or from single files: iptables-save, nft, an " +
        "iptables script, ufw and OpenWrt dumps, docker-compose.yml, docker inspect, docker run, ip addr, ip route, " +
        "and a server's configuration",
    )
    .argument("<files...>", "files or folders; NAME=FILE says which machine a file belongs to")
    .requiredOption("--output <dir>", "folder to write; its name is the network's id")
    .addOption(
      new Option(
        "--front <kind>",
        "the router in front of a machine whose outside address is private: none, one that forwards nothing (nat), " +
          "or one that forwards every port",
      ).choices(fronts),
    )
    .option("--force", "write into a folder that has files already")
    .option("--json", "print JSON, for machines")
    .addHelpText("after", examples)
    .action((files, { output, front, force = false, json = false }) => {
      finish(runImport(files, { output, front: front ?? null, force, json }));
    });

const examples = `
Examples:
  npm run matrix -- import collected.txt --output my-network
  npm run matrix -- import router=iptables-save.txt router=ip-addr.txt \\
    server=proftpd.conf --output my-network
  npm run matrix -- my-network`;

type ImportOptions = {
  readonly output: string;
  readonly front: Front | null;
  readonly force: boolean;
  readonly json: boolean;
};

/** `import FILES`: nothing of a user's file is run, and nothing is started. */
function runImport(names: readonly string[], { output, front, force, json }: ImportOptions): number {
  const folder = resolve(output);
  checkFolder(output, folder, force);
  const imported = importNetwork(names.flatMap(readInputs), { id: basename(folder), front });
  for (const { path, text } of imported.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  process.stdout.write(json ? `${JSON.stringify(jsonOf(imported, output), null, 2)}\n` : summary(imported, output));
  if (!json) for (const line of findingsIn(folder)) process.stderr.write(`${line}\n`);
  return exitCodes.expected;
}

/** What contradicts itself in the server's files, or does not fit the routers' rules, as `list` says it. */
function findingsIn(folder: string): readonly string[] {
  const { planned, catalog } = selectCells(namedCells([folder]), noUserFiles);
  return findingLines(findingsOf(planned, catalog) ?? []);
}

function checkFolder(output: string, folder: string, force: boolean): void {
  if (!existsSync(folder)) return;
  const isFolder = statSync(folder).isDirectory();
  if (isFolder && (force || readdirSync(folder).length === 0)) return;
  const hint = isFolder ? "Name another folder, or say --force." : "Name a folder.";
  const what = isFolder ? "has files already" : "is not a folder";
  throw new UsageError(`--output: ${output} ${what}.`, { code: "import-exists", hint });
}

/** `NAME=FILE`, a file, or a folder with all its files. */
function readInputs(word: string): readonly InputFile[] {
  const [, host, named = word] = (existsSync(word) ? null : /^([A-Za-z][\w.-]*)=(.+)$/.exec(word)) ?? [];
  return filesAt(named).map((name) => ({
    name,
    text: read(name),
    isOptional: name !== named,
    ...(host === undefined ? {} : { host }),
  }));
}

function filesAt(name: string): readonly string[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    const entries = readdirSync(name, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch {
    return [name];
  }
}

/** Longer than what import takes, so that it can say so. */
const mostBytes = 16 * 1024 * 1024;

function read(name: string): string {
  try {
    const { size } = statSync(name);
    if (size > mostBytes) throw new Error(`it has ${Math.round(size / 1024 / 1024)} MB`);
    const bytes = readFileSync(name);
    return decodedText(bytes) ?? bytes.toString("utf8");
  } catch (cause) {
    const hint = "Name a file that exists and that you may read.";
    throw new UsageError(`import: ${name} cannot be read: ${messageOf(cause)}.`, {
      code: "unreadable-file",
      hint,
      cause,
    });
  }
}

function summary({ draft, leftOut, notes }: Imported, output: string): string {
  const assumed = draft.inferences.flatMap((one) => (one.kind === "assumed" ? [`  ? ${one.what}: ${one.why}`] : []));
  const deciding = leftOut.filter(({ decides }) => decides).map((one) => `  ! ${leftOutText(one)}`);
  const idle = leftOut.filter(({ decides }) => !decides).length;
  return [
    `wrote ${output}: ${draft.title}`,
    ...draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `  ${id}: ${role}`),
    `  clients dial ${draft.dial}${positionWords(draft)}`,
    ...titled("Assumed:", assumed),
    ...titled("Left out, and could decide about FTP:", deciding),
    ...(idle === 0 ? [] : [`Left out, without effect on FTP: ${idle}, see README.md`]),
    ...titled(
      "Notes:",
      notes.map((note) => `  ${note}`),
    ),
    "Go on with:",
    `  npm run matrix -- list ${output}`,
    `  npm run matrix -- ${output}`,
    "",
  ].join("\n");
}

function positionWords(draft: Imported["draft"]): string {
  const positions = positionsIn(draft);
  return positions.length === 0 ? "" : `, from the positions ${positions.join(" and ")}`;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function jsonOf({ draft, leftOut, notes, files }: Imported, output: string): unknown {
  return {
    output,
    network: draft.id,
    dial: draft.dial,
    positions: positionsIn(draft),
    nodes: draft.nodes.map(({ id, role, host }) => ({ id, role, imported: host !== null })),
    inferences: draft.inferences.map((one) => (one.kind === "read" ? { ...one, from: placeText(one.from) } : one)),
    leftOut: leftOut.map((one) => ({ ...one, from: placeText(one.from) })),
    notes,
    files: files.map(({ path }) => path),
  };
}
