/** Names in a machine's rules that, by its own files, no machine has: a stale address, an interface that is gone. */
import { misfitOf, type Stranger } from "../inputs/rules/fit";
import { parseTopology } from "../inputs/topology-file";
import { ownRulesOf } from "../model/network";
import { rulesFilesOf } from "../plan/user-rules";
import type { FolderFile } from "./folder";
import type { NetworkDraft } from "./network";

/** The draft with what decides about FTP and is absent; `files` are those of the draft as it is. */
export function withAbsent(draft: NetworkDraft, files: readonly FolderFile[]): NetworkDraft {
  const textOf = (path: string): string | undefined => files.find((file) => file.path === path)?.text;
  const text = textOf("network.yaml") ?? "";
  const beside = (path: string): { readonly problem: string } | Buffer => {
    const own = textOf(path);
    return own === undefined ? { problem: "is not there" } : Buffer.from(own);
  };
  const topology = parseTopology({ file: `${draft.id}.yaml`, text }, { beside });
  const absent = new Map(
    ownRulesOf(topology).map(({ node, rules }) => {
      const files = rulesFilesOf(rules);
      const isSource = ({ name, line, file }: Stranger): boolean => {
        const own = files.find((one) => one.file === file)?.text.split("\n")[line - 1] ?? "";
        return own.includes(`-s ${name}`) || own.includes(`saddr ${name}`);
      };
      // No file shows who connects from elsewhere.
      const names = misfitOf(topology, node, files).decisive.filter((one) => !isSource(one));
      return [node, [...new Set(names.map(({ name }) => name))]] as const;
    }),
  );
  const isTold = ({ host }: NetworkDraft["nodes"][number]): boolean =>
    host?.interfaces.some(({ addresses }) => addresses.length > 0) === true;
  return {
    ...draft,
    nodes: draft.nodes.map((node) => (isTold(node) ? { ...node, absent: absent.get(node.id) ?? [] } : node)),
    notes: [
      ...draft.notes,
      ...draft.nodes
        .filter(isTold)
        .flatMap(({ id }) =>
          (absent.get(id) ?? []).map(
            (name) => `No node has ${name}, which the rules of \`${id}\` name, so those rules match nothing.`,
          ),
        ),
    ],
  };
}
