/** Names in a machine's rules that, by its own files, no machine has: a stale address, an interface that is gone. */
import { misfitOf, type Stranger } from "../inputs/rules/fit";
import { iptablesStatements } from "../inputs/rules/iptables";
import { nftStatements } from "../inputs/rules/nft";
import type { FileContext } from "../inputs/files-beside";
import { parseTopology } from "../inputs/topology-file";
import type { SourceText } from "../inputs/yaml-document";
import { ScenarioError } from "../model/errors";
import { ownRulesOf } from "../model/network";
import type { RulesFile, Topology } from "../model/topology";
import { rulesFilesOf } from "../plan/user-rules";
import { noSuchNetwork } from "./draft-errors";
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
  const topology = asTopology({ file: `${draft.id}.yaml`, text }, { beside });
  const absent = new Map(
    ownRulesOf(topology).map(({ node, rules }) => {
      const files = rulesFilesOf(rules);
      const isSource = ({ name, line, file }: Stranger): boolean => {
        const own = files.find((one) => one.file === file)?.text.split("\n")[line - 1] ?? "";
        return own.includes(`-s ${name}`) || own.includes(`saddr ${name}`);
      };
      const { controlPort } = draft.server;
      // No file shows who connects. Where the control connection is open to more, clients are others than a few that are let in elsewhere.
      const names = misfitOf(topology, node, files).decisive.filter(
        (one) => !isSource(one) || !files.some((file) => letsInFrom(file, one.name, controlPort)),
      );
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

/** Whether rules ask for a source on the control connection too. */
function letsInFrom({ format, text }: RulesFile, source: string, controlPort: number): boolean {
  const { statements } = format === "iptables" ? iptablesStatements(text) : nftStatements(text);
  return statements.some(
    ({ sources, ports, isTcp }) =>
      isTcp &&
      sources?.blocks.some((block) => block.text.replace(/\/32$/, "") === source) === true &&
      (ports === null || ports.some(({ first, last }) => first <= controlPort && controlPort <= last)),
  );
}

/** @throws UsageError where the files come to a network that cannot be built */
function asTopology(source: SourceText, context: FileContext): Topology {
  try {
    return parseTopology(source, context);
  } catch (error) {
    // What is wrong with the rules is told with their own places.
    const [problem] = error instanceof ScenarioError ? error.problems : [];
    if (problem?.place.file !== source.file) throw error;
    throw noSuchNetwork(problem.message, source.text.split("\n")[problem.place.line - 1]?.trim() ?? "");
  }
}
