/** Files as people have them → a folder that runs. */
import { UsageError } from "../model/errors";
import { idPattern } from "../inputs/fields";
import { withAbsent } from "./absent";
import { draftNetwork } from "./draft-network";
import type { Front } from "./drafting";
import { folderFiles, type FolderFile } from "./folder";
import type { Host } from "./host";
import { machinesOf } from "./machines";
import type { NetworkDraft } from "./network";
import type { Inference, LeftOut } from "./place";
import { recognise } from "./pieces/recognise";
import { harmless } from "../text/nearest";
import type { InputFile, Piece } from "./pieces/piece";
import { toldOutside } from "./read/told-outside";
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
    throw new UsageError(`The folder's name is the network's id, and \`${id}\` is not a valid id.`, {
      code: "import-exists",
      hint,
    });
  }
  const { pieces, skipped } = recogniseAll(inputs);
  const hosts: readonly Host[] = machinesOf(pieces).map(({ name, pieces }) => readHost(name, pieces));
  if (hosts.every(({ rules, server }) => rules.length === 0 && server === null)) throw nothingToTry();
  const leftOut = hosts
    .flatMap((host) => host.leftOut)
    .map((one) => ({ ...one, what: plain(one.what), why: plain(one.why) }));
  const first = draftNetwork(hosts, { id, front, told: toldOutside(inputs) });
  const drafted = withAbsent(first, folderFiles(first, hosts, leftOut));
  const notes = [...new Set([...skipped, ...drafted.notes, ...hosts.flatMap((host) => host.notes)])].map(plain);
  const inferences = [...drafted.inferences, ...hosts.flatMap((host) => host.assumed)];
  const draft = { ...drafted, notes, inferences: inferences.filter(isFirst).map(plainInference) };
  return { files: folderFiles(draft, hosts, leftOut), draft, leftOut, notes };
}

/** Two machines may come to the same. */
function isFirst(one: Inference, at: number, all: readonly Inference[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at;
}

/** A file of no known form is skipped. A broken file, or one of another system, is an error, unless it lies in a folder beside others. */
function recogniseAll(inputs: readonly InputFile[]): {
  readonly pieces: readonly Piece[];
  readonly skipped: readonly string[];
} {
  const problems: UsageError[] = [];
  const pieces = inputs.flatMap((input): readonly Piece[] => {
    try {
      return recognise(input);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const isLeftOut =
        error.code === "import-unknown" || (error.code === "import-unreadable" && input.isOptional === true);
      if (!isLeftOut) throw error;
      problems.push(error);
      return [];
    }
  });
  if (pieces.length > 0) return { pieces, skipped: problems.map(({ message }) => `Left out: ${message}`) };
  const hint = "Give what iptables-save, nft list ruleset, ip addr and ip route print, and the server's configuration.";
  throw problems[0] ?? new UsageError("There is no file to import.", { code: "import-unreadable", hint });
}

function nothingToTry(): UsageError {
  return new UsageError("The files have no rules and no configuration of a server.", {
    code: "import-no-network",
    hint: "Add the output of iptables-save or nft list ruleset, or the server's configuration.",
  });
}

/** Names come from the users' files, and neither a terminal nor a line of YAML may obey them. */
function plain(text: string): string {
  return harmless(text, 400);
}

function plainInference(one: Inference): Inference {
  return one.kind === "read"
    ? { ...one, what: plain(one.what) }
    : { ...one, what: plain(one.what), why: plain(one.why) };
}
