/** What `advise` prints. */
import {
  advisedParties,
  type Advice,
  type AdvisedLines,
  type AdvisedSet,
  type Kept,
  type Need,
  type NeedNow,
  type Opened,
  type Proof,
} from "../model/advice";
import type { PortRange } from "../model/topology";
import { visible } from "../text/escape";
import { wrap } from "../text/wrap";

const width = 80;
const label = 8;

/** The advice as lines of text. */
export function adviceText(advice: Advice): readonly string[] {
  const { topology, server, may, needs, sets, impossible, asItIs } = advice;
  const head = [`Network ${topology}, server ${server}. May change: ${may.join(", ")}.`, ...needs.flatMap(nowText), ""];
  if (impossible !== null) return [...head, ...impossibleText(advice, impossible)];
  if (sets.length === 0) return [...head, ...nothingText(advice)];
  const verb = sets.some(({ predicted, proof }) => predicted || proof?.every(({ worked }) => worked))
    ? "makes"
    : "may make";
  const count =
    sets.length === 1 ? `One set of changes ${verb}` : `${sets.length} sets of changes, each of which ${verb}`;
  const mayWork = needs.every(({ expected }) => expected.result === "worked" || expected.unpredicted === true);
  const asIs = asItIs !== undefined ? [...asItIsText(asItIs), ""] : mayWork ? [...maybe(), ""] : [];
  return [
    ...head,
    ...asIs,
    `${count} all of it work:`,
    ...sets.flatMap((set, index) => ["", ...setText(set, index + 1)]),
  ];
}

function nothingText({ needs, asItIs }: Advice): readonly string[] {
  if (needs.every(({ expected }) => expected.unpredicted !== true))
    return ["All of it works: nothing has to be changed."];
  if (asItIs === undefined) return maybe();
  if (asItIs.every(({ worked }) => worked)) return ["All of it works in the lab as it is: nothing has to be changed."];
  return [...asItIsText(asItIs), ...wrap("It cannot be predicted which change helps.", width)];
}

function maybe(): readonly string[] {
  return wrap("It may work as it is, but that cannot be predicted. Leave out --no-prove to let the lab try it.", width);
}

function nowText({ need, expected }: NeedNow): readonly string[] {
  const { result, stage, unpredicted } = expected;
  const now =
    unpredicted === true
      ? "is not predicted"
      : result === "worked"
        ? "works"
        : `fails${stage === null ? "" : ` at ${stage}`}`;
  return [
    ...hanging("  ", `${needText(need)} ${now}.`),
    ...(result === "worked" ? [] : hanging("    ", expected.reason)),
  ];
}

function needText({ client, mode, data, operation, position }: Need): string {
  return `${mode} with ${client}${atPosition(position)} (${data.toUpperCase()}, ${operation})`;
}

function atPosition(position: string | undefined): string {
  return position === undefined ? "" : ` at ${position}`;
}

function impossibleText({ may }: Advice, impossible: NonNullable<Advice["impossible"]>): readonly string[] {
  const { needs, onlyTogether, withOthers, tried } = impossible;
  const who = may.join(" and ");
  const what =
    tried.changes === 0 ? `There is nothing that ${who} could change` : `No change of ${who} that is known here helps`;
  const scope =
    tried.changes === 0 ? "." : `: ${tried.changes} changes were tried, up to ${tried.together} of them together.`;
  const stays = needs.map(({ need }) => needText(need)).join("; ");
  const others = [...new Set(withOthers?.changes.map(({ party }) => party) ?? [])].filter(
    (party) => !may.includes(party),
  );
  const noOther = `No change of any other party that is known helps either, up to ${tried.ofAll} of all together.`;
  const noMore = may.length === advisedParties.length ? [] : wrap(noOther, width);
  const more =
    withOthers === null
      ? noMore
      : [...wrap(`It takes the ${others.join(" and the ")}:`, width), "", ...setText(withOthers, 1)];
  return [
    ...wrap(`${what}${scope} ${onlyTogether ? conflict : "It stays: "}${stays}.`, width),
    ...(more.length === 0 ? [] : ["", ...more]),
  ];
}

/** Why nothing can serve everybody. */
const conflict = "Each session alone can be made to work, but what lets one in keeps another out: ";

function setText(set: AdvisedSet, number: number): readonly string[] {
  const { changes, predicted, opens, breaks, lines, proof } = set;
  const exposed = changes.filter(({ exposes }) => exposes);
  return [
    ...changes.flatMap(({ what, party }, index) =>
      hanging(index === 0 ? `${number}  ` : "   ", `${what} (${party})`, "   "),
    ),
    ...(proof !== undefined
      ? proofText(proof)
      : predicted
        ? []
        : told("may", "help: that cannot be predicted from these rules")),
    ...told("opens", opensText(opens)),
    ...told(
      "breaks",
      breaks.length === 0
        ? "nothing"
        : breaks
            .map(({ mode, data, position }) => `${mode} with ${data.toUpperCase()}${atPosition(position)}`)
            .join(", "),
    ),
    ...(exposed.length === 0 ? [] : told("gives up", "some of the encryption")),
    ...lines.flatMap(linesText),
  ];
}

function proofText(proof: Proof): readonly string[] {
  const failed = proof.filter(({ worked }) => !worked);
  if (failed.length === 0) return told("proven", "in the lab, with these lines");
  return failed.flatMap((one) => told("NOT", `proven: ${failureText(one)}`));
}

function failureText({ need, message }: Proof[number]): string {
  return `${needText(need)} fails in the lab${message === null ? "" : `: ${visible(message)}`}`;
}

/** What the lab said of the network as it is, where not all works. */
function asItIsText(proof: Proof): readonly string[] {
  return proof.filter(({ worked }) => !worked).flatMap((one) => wrap(`As it is, ${failureText(one)}.`, width));
}

function opensText(opens: readonly Opened[]): string {
  if (opens.length === 0) return "nothing to strangers";
  const parts = opens.map(
    ({ node, address, from, ports }) =>
      `${ports.map(rangeText).join(", ")} of ${node} (${address}) to everybody in ${from} and beyond`,
  );
  return parts.join("; ");
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? `port ${first}` : `ports ${first}-${last}`;
}

/** Lines to paste are never broken: they are to be copied as they stand. */
function linesText({ place, name, lines, kept }: AdvisedLines): readonly string[] {
  const where = {
    router: `on ${name}`,
    host: `on ${name}`,
    configuration: `in ${visible(name)}`,
    client: `with ${visible(name)}`,
  }[place];
  if (kept?.onlyInLab === true && kept.lines.length > 0) return ownWordsText(where, lines, kept);
  return [`   ${where}:`, ...lines.map(pasteText), ...(kept === undefined ? [] : keptText(kept))];
}

/** The tool's own words come first if nobody else may write its rules, or nobody has seen them. */
function ownWordsText(where: string, pasted: readonly string[], { by, lines, rest, place }: Kept): readonly string[] {
  return [
    `   ${where}, in the syntax of ${by}:`,
    ...lines.map(pasteText),
    ...(rest.length === 0 ? [] : hanging("   ", `Its syntax cannot express these; put them ${place}:`)),
    ...rest.map(pasteText),
    ...hanging("   ", `The lab, which has no ${by}, takes these in their place:`),
    ...pasted.map(pasteText),
  ];
}

function keptText({ by, lines, rest, place }: Kept): readonly string[] {
  const ends = `These last until ${by} rewrites its rules.`;
  const own =
    lines.length === 0 ? [] : [...hanging("   ", `${ends} In its own syntax, to keep them:`), ...lines.map(pasteText)];
  if (rest.length === 0) return own;
  const which = lines.length === 0 ? `${ends} To keep them, put them` : "Its syntax cannot express these; put them";
  return [
    ...own,
    ...hanging("   ", `${which} ${place}${lines.length === 0 ? "." : ":"}`),
    ...(lines.length === 0 ? [] : rest.map(pasteText)),
  ];
}

function pasteText(line: string): string {
  return `     ${visible(line)}`;
}

function told(name: string, text: string): readonly string[] {
  return hanging(`   ${name.padEnd(label)} `, text);
}

/** Text behind a beginning, its further lines as far in. */
function hanging(begin: string, text: string, further = " ".repeat(begin.length)): readonly string[] {
  return wrap(text, width - begin.length).map((line, index) => `${index === 0 ? begin : further}${line}`);
}
