/** YAML text read into a plain value, with a place in the file for every part of it. */
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, visit, YAMLParseError } from "yaml";
import type { CST, Document, Node, Pair, ParsedNode } from "yaml";
import { ScenarioError, type InputProblem, type SourcePlace, messageOf } from "../model/errors";
import { harmless, quote } from "../text/nearest";
import { isMergeKey, mergeProblem } from "./yaml-merge";

/** An input file as it was read. */
export type SourceText = { readonly file: string; readonly text: string };

/** Keys and list indexes that lead from the root to a value. */
export type ValuePath = readonly (string | number)[];

export type YamlDocument = {
  readonly value: Readonly<Record<string, unknown>>;
  /** The place of a value; if the path does not exist, the place of its nearest existing parent. */
  readonly placeOf: (path: ValuePath) => SourcePlace;
  /** The place of a value's key. */
  readonly placeOfKey: (path: ValuePath) => SourcePlace;
};

/** The largest input is a scenario of some hundred expectations: 20 KiB. */
const largestText = 256 * 1024;
/** A topology is five levels deep. */
const deepestNesting = 64;
const mostAliases = 50;
/** The library repeats parts of the text in its messages. */
const longestReason = 200;
/** More than a person reads; a hostile file has thousands. */
export const mostProblems = 50;

/** Reads YAML text whose root is a mapping; throws a ScenarioError that places every problem. */
export function readYaml(source: SourceText): YamlDocument {
  const { file, text } = source;
  const lines = new LineCounter();
  const placeAt = (offset: number): SourcePlace => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const start: SourcePlace = { file, line: 1, column: 1 };
  if (text.length > largestText) {
    throw new ScenarioError([{ place: start, message: "the file is larger than 256 KiB; is it the right file?" }]);
  }
  const document = composed(text, tokensOf(text, lines, placeAt));
  const problems = firstOfLine(
    document.errors.map(({ code, message, pos }) => ({
      place: placeAt(pos[0]),
      message: describeSyntax(code, message),
    })),
  );
  if (problems.length === 0) problems.push(...checkKeys(document, placeAt).slice(0, mostProblems));
  const unmergeable = problems.length === 0 ? mergeProblem(document) : null;
  if (unmergeable !== null) problems.push({ place: placeOfMerge(document, placeAt), message: unmergeable });
  if (problems.length > 0) throw new ScenarioError(problems.slice(0, mostProblems));
  if (!isMap(document.contents)) {
    const message = "expected a mapping (`key: value` lines) at the top of the file";
    throw new ScenarioError([{ place: placeAt(offsetOf(document.contents)), message }]);
  }
  return {
    value: toValue(document, placeAt),
    placeOf: (path) => placeAt(offsetOf(find(document.contents, path).node)),
    placeOfKey: (path) => placeAt(offsetOf(find(document.contents, path).key)),
  };
}

/** As the library's `parseDocument`, of tokens. */
function composed(text: string, tokens: Iterable<CST.Token>): Document.Parsed {
  const [first, second] = new Composer({ uniqueKeys: false, merge: true }).compose(tokens, true, text.length);
  if (first === undefined) throw new Error("every text is a document");
  if (second !== undefined) {
    const [start, end] = second.range;
    first.errors.push(new YAMLParseError([start, end], "MULTIPLE_DOCS", "several documents"));
  }
  return first;
}

/** The composer is recursive and would exhaust the stack; lexer and parser are not, and it gets no token of what is too deep. */
function* tokensOf(text: string, lines: LineCounter, placeAt: (offset: number) => SourcePlace): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length <= deepestNesting) continue;
    const message = `nested deeper than ${deepestNesting} levels`;
    throw new ScenarioError([{ place: placeAt(parser.offset), message }]);
  }
  yield* parser.end();
}

const tabMessage = "a tab cannot indent YAML; use spaces";

/** Problems after a mistake of syntax are mostly its consequences: one problem is reported per line, and only the tabs if there are any. */
function firstOfLine(problems: readonly InputProblem[]): InputProblem[] {
  const tabs = problems.filter(({ message }) => message === tabMessage);
  const byLine = new Map<number, InputProblem>();
  for (const problem of tabs.length > 0 ? tabs : problems) {
    if (!byLine.has(problem.place.line)) byLine.set(problem.place.line, problem);
  }
  return [...byLine.values()];
}

function describeSyntax(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return tabMessage;
  if (code === "MULTIPLE_DOCS") return "expected one document; a second one starts here";
  return `not valid YAML: ${harmless(message, longestReason)}`;
}

/** Keys must be plain words and stand once. The library's own check compares every pair: slow on a long mapping. */
function checkKeys(document: Document.Parsed, placeAt: (offset: number) => SourcePlace): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items as readonly Pair[]) {
        if (isMergeKey(key)) continue;
        const word =
          isScalar(key) && (typeof key.value === "string" || typeof key.value === "number") ? key.value : null;
        const name = String(word);
        const wrong =
          word === null
            ? "expected a plain word as key"
            : name === "__proto__"
              ? "the key `__proto__` is not allowed"
              : seen.has(name)
                ? `the key ${quote(name)} occurs a second time`
                : null;
        if (wrong !== null) problems.push({ place: placeAt(offsetOf(key)), message: wrong });
        seen.add(name);
      }
    },
  });
  return problems;
}

/** The first merge key. */
function placeOfMerge(document: Document.Parsed, placeAt: (offset: number) => SourcePlace): SourcePlace {
  let offset = 0;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isMergeKey(key)) return undefined;
      offset = offsetOf(key);
      return visit.BREAK;
    },
  });
  return placeAt(offset);
}

function toValue(document: Document.Parsed, placeAt: (offset: number) => SourcePlace): Record<string, unknown> {
  try {
    return document.toJS({ maxAliasCount: mostAliases }) as Record<string, unknown>;
  } catch (cause) {
    // Aliases are the only thing that can go wrong here: unknown anchors, or too many copies.
    let offset = 0;
    visit(document, {
      Alias: (_, alias) => {
        offset = offsetOf(alias);
        return visit.BREAK;
      },
    });
    const reason = messageOf(cause);
    throw new ScenarioError(
      [{ place: placeAt(offset), message: `aliases cannot be followed: ${harmless(reason, longestReason)}` }],
      { cause },
    );
  }
}

type Found = { readonly node: unknown; readonly key: unknown };

function find(root: ParsedNode | null, path: ValuePath): Found {
  let found: Found = { node: root, key: root };
  for (const step of path) {
    const next = child(found.node, step);
    if (next === null) return found;
    found = next;
  }
  return found;
}

function child(node: unknown, step: string | number): Found | null {
  if (isSeq(node) && typeof step === "number") {
    const item = node.items[step];
    return item === undefined ? null : { node: item, key: item };
  }
  if (!isMap(node) || isAlias(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? null : { node: pair.value ?? pair.key, key: pair.key };
}

function offsetOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
