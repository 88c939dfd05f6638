/** Files as people have them → a folder that runs. */
import { UsageError } from "../model/errors";
import { idPattern } from "../inputs/fields";
import { draftNetwork, type Front } from "./draft-network";
import { folderFiles, type FolderFile } from "./folder";
import type { Host } from "./host";
import { machinesOf } from "./machines";
import type { NetworkDraft } from "./network";
import type { Inference, LeftOut } from "./place";
import { recognise } from "./pieces/recognise";
import type { InputFile } from "./pieces/piece";
import { readHost } from "./read-host";

export type ImportOptions = { readonly id: string; readonly front: Front | null };

export type Imported = {
  readonly files: readonly FolderFile[];
  readonly draft: NetworkDraft;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
};

/** @throws UsageError where a file cannot be read, or all of them do not come to one network */
export function importNetwork(inputs: readonly InputFile[], { id, front }: ImportOptions): Imported {
  if (!idPattern.test(id) || id.length > 30) {
    const hint = "Lower-case letters, digits and hyphens, a letter first: --output my-network.";
    throw new UsageError(`The folder's name is the network's id, and \`${id}\` is none.`, { code: "import-exists", hint });
  }
  const hosts: readonly Host[] = machinesOf(inputs.flatMap(recognise)).map(({ name, pieces }) => readHost(name, pieces));
  const drafted = draftNetwork(hosts, { id, front });
  const notes = [...new Set([...drafted.notes, ...hosts.flatMap((host) => host.notes)])];
  const inferences = [...drafted.inferences, ...hosts.flatMap((host) => host.assumed)];
  const draft = { ...drafted, notes, inferences: inferences.filter(isFirst) };
  const leftOut = hosts.flatMap((host) => host.leftOut);
  return { files: folderFiles(draft, hosts, leftOut), draft, leftOut, notes };
}

/** Two machines may come to the same. */
function isFirst(one: Inference, at: number, all: readonly Inference[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at;
}
