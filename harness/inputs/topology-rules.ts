/** The rules that nodes of a topology have of a user's own: in the file, or in files beside it. */
import type { RulesFile, UserRules } from "../model/topology";
import { rulesFamily } from "../plan/user-rules";
import { quote } from "../text/nearest";
import { besideOf, wrongWithPath, type FilesBeside } from "./files-beside";
import type { ProblemList } from "./problems";
import { isRulesProblem, readRules, rulesOf, type RulesProblem } from "./rules-text";
import { familyAt } from "./topology-lookup";
import type { TopologyText } from "./topology-schema";

type Place = { readonly file: string; readonly beside: FilesBeside };

/** Each node's own rules, by node; what is wrong with them joins the problems. */
export function nodeRules(text: TopologyText, place: Place, problems: ProblemList): ReadonlyMap<string, UserRules> {
  return new Map(
    Object.keys(text.nodes).flatMap((id) => {
      const [first, ...further] = filesOf(id, text, place, problems);
      const absent = absentOf(text.nodes[id]);
      if (first === undefined) {
        if (absent.length > 0) problems.addAtKey(["nodes", id, "absent"], "expected `rules` or `rules-files` too");
        return [];
      }
      const own = {
        ...first,
        ...(further.length === 0 ? {} : { further }),
        ...(absent.length === 0 ? {} : { absent }),
      };
      return [[id, own] as const];
    }),
  );
}

function absentOf(node: TopologyText["nodes"][string] | undefined): readonly string[] {
  return node === undefined || node.role === "translator" ? [] : (node.absent ?? []);
}

function filesOf(id: string, text: TopologyText, place: Place, problems: ProblemList): readonly RulesFile[] {
  const node = text.nodes[id];
  if (node === undefined || node.role === "translator") return [];
  const { rules, "rules-files": paths } = node;
  if (rules !== undefined) {
    if (paths !== undefined)
      problems.addAtKey(["nodes", id, "rules-files"], "expected either `rules` or `rules-files`");
    const read = rulesOf(rules, `${place.file} (${id})`);
    if (!isRulesProblem(read)) return [read];
    problems.add(["nodes", id, "rules"], `the text ${wordsOf(read)}`);
    return [];
  }
  if (paths === undefined) return [];
  const files = paths.flatMap((path, index) => {
    const read = readBeside(path, place);
    if (!("problem" in read)) return [read];
    problems.add(["nodes", id, "rules-files", index], `${quote(path)} ${read.problem}`);
    return [];
  });
  const family = familyAt(text, id);
  const own = files.filter((one) => (rulesFamily(one.text) ?? family) === family);
  if (files.length === paths.length && own.length === 0) {
    problems.add(["nodes", id, "rules-files"], `expected rules for ${family}, as \`family\` says`);
  }
  return own;
}

function readBeside(path: string, { file, beside }: Place): RulesFile | { readonly problem: string } {
  const wrong = wrongWithPath(path);
  if (wrong !== null) return { problem: wrong };
  const bytes = beside(path);
  if ("problem" in bytes) return bytes;
  const read = readRules(bytes, besideOf(file, path));
  return isRulesProblem(read) ? { problem: wordsOf(read) } : read;
}

function wordsOf({ message, line, hint }: RulesProblem): string {
  return `${message}${line === null ? "" : ` (line ${line})`}. ${hint}`.replace(/\.$/, "");
}
