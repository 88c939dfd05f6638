/** The folder's README: what was read where, what is assumed, what was left out, and how to run it. */
import { viewId } from "../model/positions";
import { positionsIn, type NetworkDraft } from "./network";
import { placeText, type LeftOut } from "./place";

export function readmeText(draft: NetworkDraft, leftOut: readonly LeftOut[], files: readonly string[]): string {
  const { id, inferences, notes } = draft;
  const read = inferences.flatMap((one) =>
    one.kind === "read" ? [`- ${sentence(one.what)} (${placeText(one.from)})`] : [],
  );
  const assumed = inferences.flatMap((one) =>
    one.kind === "assumed" ? [`- ? ${sentence(one.what)}: ${one.why}.`] : [],
  );
  const [deciding, others] = [leftOut.filter(({ decides }) => decides), leftOut.filter(({ decides }) => !decides)];
  return [
    `# ${id}`,
    "",
    "Written by `import`. Run it with `npm run matrix -- DIR`, where DIR is this folder; `npm run matrix -- list DIR` says what there is to run.",
    "",
    ...positionLines(draft),
    ...section(
      "Who is who",
      draft.nodes.map(
        ({ id: node, role, position, host, made }) =>
          `- \`${node}\`: ${role}${position === undefined ? "" : ` at the position \`${position}\``}${host === null ? `, made up${made === null ? "" : `: ${made.why}`}` : ", from your files"}`,
      ),
    ),
    ...section("What was read", read),
    ...section("What is assumed", assumed),
    ...section("What was left out and could decide about FTP", deciding.map(leftOutLine)),
    ...section("What was left out and does not affect FTP", others.map(leftOutLine)),
    ...section(
      "Notes",
      notes.map((note) => `- ${note}`),
    ),
    ...section(
      "Files",
      files.map((path) => `- \`${path}\``),
    ),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

/** What a cell's id says of its position. */
function positionLines(draft: NetworkDraft): readonly string[] {
  const [first, ...others] = positionsIn(draft);
  if (first === undefined) return [];
  const ids = [first, ...others].map((position) => `\`${viewId(draft.id, position)}\``);
  return [
    `Clients stand at ${others.length + 1} positions, and each is tried separately: ${ids.join(" and ")}. \`npm run ` +
      `matrix -- DIR --topology ${viewId(draft.id, first)}\` runs one of them.`,
    "",
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
}

export function leftOutText({ what, why, from, count }: LeftOut): string {
  return `\`${what}\`${count > 1 ? `, ${count} times` : ""} (${placeText(from)}): ${why}`;
}

function leftOutLine(one: LeftOut): string {
  return `- ${leftOutText(one)}.`;
}

/** Capitalises a sentence, unless it begins with a name. */
function sentence(text: string): string {
  return text.startsWith("`") ? text : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
