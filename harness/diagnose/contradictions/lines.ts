/** Lines of the dialogue that say where the data connection goes, as an end reports them and as its packets carried them. */
import type { SeenPacket } from "../../model/evidence";
import { wayOf, type Way } from "../../evidence/timeline/connections";
import { viewAt, type Testimony } from "./reliable-witnesses";
import type { VantagePoint } from "../../evidence/timeline/vantage";

const pointing = /^(227 |229 |PORT |EPRT )/i;
/** Captures cut texts there. */
const longestText = 200;

/** Who reports lines, and where their packets pass. */
export type Teller = {
  readonly name: "client" | "server's log";
  readonly points: readonly VantagePoint[];
  /** Of commands and replies. */
  readonly told: readonly string[];
};

/** Lines that an end reports differently from its own interface. */
export function lineContradictions(testimony: Testimony, { name, points, told }: Teller): readonly string[] {
  return [
    ...["227", "229"].flatMap((verb) => compare(testimony, { name, points, told }, verb, "back")),
    ...["PORT", "EPRT"].flatMap((verb) => compare(testimony, { name, points, told }, verb, "forth")),
  ];
}

function compare(testimony: Testimony, { name, points, told }: Teller, verb: string, way: Way): readonly string[] {
  const carried = new Set(carriedLines(testimony, points, way).filter((text) => verbOf(text) === verb));
  // A client may tell no more than the verb or the code.
  const mine = [...new Set(told.filter((text) => pointing.test(text) && verbOf(text) === verb))];
  // A line may lie hidden behind another in one segment, or be cut in two: then fewer are carried than told.
  if (carried.size < mine.length) return [];
  const where = points.map(({ capture: { node, link } }) => `${node}:${link}`).join(" and ");
  return mine
    .filter((text) => text.length < longestText && !carried.has(text))
    .map((text) => `The ${name} tells "${text}", and the packets at ${where} carry "${[...carried].join('", "')}".`);
}

/** Whole lines in clear at a host, first in their segments. */
function carriedLines({ control }: Testimony, points: readonly VantagePoint[], way: Way): readonly string[] {
  const view = control === null ? null : viewAt(control, points);
  if (view === null) return [];
  return view.packets.filter((packet) => wayOf(view, packet) === way).flatMap((packet) => wholeLine(packet) ?? []);
}

function wholeLine({ text, length, icmp }: SeenPacket): string | null {
  // Its line feed must lie in the same segment.
  const isWhole = icmp === null && text !== null && text.length < Math.min(longestText, length) && pointing.test(text);
  return isWhole ? text : null;
}

function verbOf(text: string): string {
  return (text.split(" ", 1)[0] ?? "").toUpperCase();
}
