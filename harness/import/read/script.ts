/** A shell script with iptables commands → rules. Nothing of it is run: plain assignments and `$NAME` are all that is understood. */
import { iptablesCommand } from "../pieces/forms";
import { originAt, type Piece } from "../pieces/piece";
import { UsageError } from "../../model/errors";
import { addLeftOut, placeText, type LeftOut, type Origin } from "../place";
import { RulesBuilder } from "./build-rules";
import { wordsOf } from "./iptables-words";

export type ScriptRules = { readonly piece: Piece; readonly leftOut: readonly LeftOut[] };

/**
 * Also what `iptables -S` prints, whose lines are commands without the program's name.
 * @throws UsageError where the rule for FTP's port has a part that only a shell knows
 */
export function scriptRules(piece: Piece): ScriptRules {
  const builder = new RulesBuilder();
  const leftOut: LeftOut[] = [];
  const variables = new Map<string, string>();
  const isListed = piece.kind === "iptables-rules";
  const table = isListed ? listedTable(piece) : "filter";
  let nesting = 0;
  for (const { text, from } of logicalLines(piece)) {
    const line = text.trim();
    if (line === "" || line.startsWith("#")) continue;
    const drop = (what: string, why: string): void => {
      addLeftOut(leftOut, { what, why, from, decides: true });
    };
    nesting += nestingOf(line);
    const assigned = /^(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)\s*(?:#.*)?$/.exec(line);
    if (assigned !== null) {
      const value = expand((assigned[2] ?? "").replace(/^["']|["']$/g, ""), variables);
      if (value === null) variables.delete(assigned[1] ?? "");
      else variables.set(assigned[1] ?? "", value);
      continue;
    }
    if (!isListed && !iptablesCommand.test(text)) continue;
    if (nesting > 0) {
      drop(
        "a command in a loop, a condition or a function",
        "import runs no script; write the rules that it makes, or give the output of iptables-save",
      );
      continue;
    }
    if (
      /[;&|`]|\$\(/.test(
        line
          .replace(/"[^"]*"|'[^']*'/g, "")
          .replace(/\s*(\|\||&&|;).*$/, "")
          .replace(/\s+\d?>.*$/, ""),
      )
    ) {
      drop("a command with parts of the shell", "import runs no script");
      continue;
    }
    const expanded = expand(line.replace(/\s+#.*$/, "").replace(/\s+(\d?>|\|\||&&|;).*$/, ""), variables);
    if (expanded === null) {
      if (/--dports? "?(?:\d+,)*(?:21|ftp)\b/.test(line)) throw unknownFtpRule(line, from);
      drop("a command with a variable that has no plain value", "import runs no script; write the value instead");
      continue;
    }
    const words = isListed ? wordsOf(expanded) : wordsOf(expanded).slice(/^\s*sudo\b/.test(expanded) ? 2 : 1);
    apply(builder, words, table, from);
  }
  return { piece: builder.toPiece(piece), leftOut };
}

/** Without the rule for FTP's own port, whatever the lab says would be of other rules than the machine's. */
function unknownFtpRule(line: string, from: Origin): UsageError {
  const variable = /\$\{?\w+\}?|\$\(|`/.exec(line)?.[0] ?? "";
  return new UsageError(
    `${placeText(from)}: this rule for FTP depends on ${variable}, whose value no plain line gives.`,
    {
      code: "import-unreadable",
      hint: "Write the value in its place, or give what `iptables-save` prints; import runs no script.",
    },
  );
}

/** Lines that end with a backslash go on. */
function* logicalLines(piece: Piece): Generator<{ readonly text: string; readonly from: Origin }> {
  let begun: { readonly text: string; readonly from: Origin } | null = null;
  for (const [index, line] of piece.lines.entries()) {
    const whole: { readonly text: string; readonly from: Origin } =
      begun === null
        ? { text: line, from: originAt(piece, index) }
        : { ...begun, text: `${begun.text} ${line.trim()}` };
    if (whole.text.endsWith("\\")) begun = { ...whole, text: whole.text.slice(0, -1) };
    else {
      begun = null;
      yield whole;
    }
  }
}

/** How much deeper the line leads into loops, conditions and functions. */
function nestingOf(line: string): number {
  const opens =
    (/^(for|while|until|if|case)\b|^(function\s+)?\w+\s*\(\)\s*\{?\s*$|^\{\s*$/.exec(line) ?? []).length > 0 ? 1 : 0;
  const closes =
    /^(done|fi|esac|\})/.test(line) || (opens === 1 && /\b(done|fi|esac)\s*;?\s*$|\}\s*$/.test(line)) ? 1 : 0;
  return opens - closes;
}

/** With `$NAME` and `${NAME}` in place; `null` if one has no value. */
function expand(text: string, variables: ReadonlyMap<string, string>): string | null {
  const names = [...text.matchAll(/\$\{?([A-Za-z_]\w*)\}?/g)].map(([word, name]) => ({ word, name: name ?? "" }));
  // The program's own name may come from anywhere.
  if (names.some(({ word, name }) => !variables.has(name) && !text.startsWith(word))) return null;
  const done = text.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (_, name: string) => variables.get(name) ?? "");
  if (/\$\(|`|\$\d|\$\{/.test(done)) return null;
  return done.startsWith(" ") ? `iptables${done}` : done;
}

const longNames: Readonly<Record<string, string>> = {
  "--append": "-A",
  "--insert": "-I",
  "--delete": "-D",
  "--policy": "-P",
  "--new-chain": "-N",
  "--flush": "-F",
  "--delete-chain": "-X",
  "--zero": "-Z",
  "--table": "-t",
};

function apply(builder: RulesBuilder, given: readonly string[], byDefault: string, from: Origin): void {
  const words = given.map((word) => longNames[word] ?? word).filter((word) => word !== "-w" && word !== "--wait");
  const tableAt = words.indexOf("-t");
  const table = tableAt < 0 ? byDefault : (words[tableAt + 1] ?? byDefault);
  const rest = tableAt < 0 ? words : words.toSpliced(tableAt, 2);
  const at = rest.findIndex((word) => /^-[AIDPNFXZ]$/.test(word));
  if (at < 0) return;
  const option = rest[at];
  const chain = rest[at + 1];
  const rule = [...rest.slice(0, at), ...rest.slice(at + 2)];
  if (option === "-F" || option === "-X" || option === "-Z") {
    if (option === "-F") builder.flush(table, chain ?? null);
    return;
  }
  if (chain === undefined) return;
  if (option === "-P") builder.setPolicy(table, chain, rule[0] ?? "ACCEPT", from);
  if (option === "-N") builder.chain(table, chain, from);
  if (option === "-A") builder.add(table, chain, rule, from);
  if (option === "-D") builder.remove(table, chain, rule, from);
  if (option === "-I") {
    const place = /^\d+$/.test(rule[0] ?? "") ? Number(rule[0]) : null;
    builder.add(table, chain, place === null ? rule : rule.slice(1), from, place ?? 1);
  }
}

/** `iptables -t nat -S` does not say which table it is of; the chains do. */
function listedTable({ lines }: Piece): string {
  const chains = new Set(lines.flatMap((line) => /^-P (\S+)/.exec(line)?.[1] ?? []));
  const text = lines.join("\n");
  if (/-j (DNAT|SNAT|MASQUERADE|REDIRECT)\b/.test(text)) return "nat";
  if (chains.has("PREROUTING")) return chains.has("FORWARD") ? "mangle" : chains.has("POSTROUTING") ? "nat" : "raw";
  return "filter";
}
