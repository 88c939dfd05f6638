/** Draws a topology in box characters: the nodes in a row from client to server, and what each does to FTP. */
import type { AddressRange, Link, Topology, TopologyNode } from "../model/topology";
import { addressOf } from "../model/network";
import { describeNode } from "./picture-text";
import { wayToServer, type Hop } from "./path-to-server";

/** Text lines of one width, to be put side by side. */
type Block = readonly string[];

/** A hop, and the node before it. */
type PlacedHop = Hop & { readonly before: string | undefined };

const mostColumns = 100;
const widestBoxText = 31;

/** A drawing of a topology, at most 100 columns wide; a longer chain goes on below. */
export function drawTopology(topology: Topology): string {
  const way = wayToServer(topology);
  const rows = breakRows(
    way.map((hop, index) =>
      drawHop(topology, { ...hop, before: way[index - 1]?.node.id }, way[index + 1]?.from ?? null),
    ),
  );
  const beside = topology.nodes.filter((node) => !way.some((hop) => hop.node.id === node.id));
  const asides = beside.filter(({ kind }) => kind !== "server").map((node) => node.id);
  const others = beside.filter(({ kind }) => kind === "server");
  const notes = [`* clients dial ${topology.dial}`];
  for (const { id } of others) notes.push(`${id} at ${addressOf(topology, id)} is another server of the same kind`);
  if (asides.length > 0) notes.push(`not on the way from client to server: ${asides.join(", ")}`);
  return [...rows.map((row) => sideBySide(row)), notes.join("\n")].join("\n");
}

/** A node's box, and what stands before it. */
type Piece = { readonly link: Block; readonly box: Block };

function drawHop(topology: Topology, hop: PlacedHop, next: Link | null): Piece {
  const box = drawBox(hop.node, hop.from !== null, next !== null);
  return { link: hop.from === null ? [] : drawLink(hop.from, [hop.before ?? "", hop.node.id], topology.dial), box };
}

function drawBox(node: TopologyNode, left: boolean, right: boolean): Block {
  const lines = [node.id, ...describeNode(node).flatMap((line) => wrap(line, widestBoxText))];
  const width = Math.max(...lines.map((line) => line.length));
  const body = lines.map((line, index) => {
    const [start, end] = [left && index === 0 ? "┤" : "│", right && index === 0 ? "├" : "│"];
    return `${start} ${line.padEnd(width)} ${end}`;
  });
  // A link has four lines.
  while (body.length < 3) body.push(`│ ${" ".repeat(width)} │`);
  return [`┌${"─".repeat(width + 2)}┐`, ...body, `└${"─".repeat(width + 2)}┘`];
}

/** Breaks at spaces; what follows the first line stands two columns in. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}

function drawLink(link: Link, nodes: readonly [string, string], dial: string): Block {
  const [nearText, farText] = nodes.map((id) => {
    const addresses = link.ends.find(({ node }) => node === id)?.addresses;
    if (addresses === undefined) return "";
    return `${shorten(addresses, link.subnet)}${addresses.first === dial ? "*" : ""}`;
  });
  const ends = `${nearText ?? ""}  ${farText ?? ""}`;
  const width = Math.max(link.id.length, link.subnet.length, ends.length);
  const gap = " ".repeat(width - ends.length);
  return [
    ` ${link.id.padEnd(width)} `,
    "─".repeat(width + 2),
    ` ${link.subnet.padEnd(width)} `,
    ` ${nearText ?? ""}  ${gap}${farText ?? ""} `,
  ];
}

/** Addresses without what the subnet beside them says already: `.32-.223`, `::10`. */
function shorten({ first, last }: AddressRange, subnet: string): string {
  const [base = "", prefix = ""] = subnet.split("/");
  const network = base.endsWith("::")
    ? base.slice(0, -2)
    : prefix === "24"
      ? base.slice(0, base.lastIndexOf("."))
      : null;
  const short = (address: string): string =>
    network !== null && address.startsWith(network) ? address.slice(network.length) : address;
  return first === last ? short(first) : `${short(first)}-${short(last)}`;
}

/** Breaks the chain where it gets too wide: the link ends one row and is drawn again at the start of the next. */
function breakRows(pieces: readonly Piece[]): readonly (readonly Block[])[] {
  const rows: Block[][] = [[]];
  pieces.forEach((piece, index) => {
    const row = rows.at(-1) ?? [];
    const onward = pieces[index + 1]?.link ?? [];
    const width = [...row, piece.link, piece.box, onward].reduce((sum, block) => sum + widthOf(block), 0);
    if (row.length > 0 && width > mostColumns) {
      row.push(piece.link);
      rows.push([piece.link, piece.box]);
    } else {
      row.push(piece.link, piece.box);
    }
  });
  return rows;
}

function sideBySide(blocks: readonly Block[]): string {
  const height = Math.max(0, ...blocks.map((block) => block.length));
  const lines = Array.from({ length: height }, (_, line) =>
    blocks.map((block) => block[line] ?? " ".repeat(widthOf(block))).join(""),
  );
  return lines.map((line) => line.trimEnd()).join("\n");
}

function widthOf(block: Block): number {
  return block[0]?.length ?? 0;
}
