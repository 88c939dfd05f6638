/** What `list networks` and its like print: the things of one kind, each with what one needs to know to choose it. */
import type { Colors } from "picocolors/types";
import { toAscii, visible } from "../harness/text/escape";
import { padTo } from "../harness/text/width";
import { wrap } from "../harness/text/wrap";

/** A thing: its id, one line about it, and what else one needs to know to choose it. */
export type Thing = {
  readonly id: string;
  readonly title: string;
  /** Few words each, for people. */
  readonly notes: readonly string[];
  /** The same for machines. */
  readonly facts: Readonly<Record<string, string | number | boolean | readonly string[]>>;
};

export type ThingsOptions = {
  readonly colours: Colors;
  readonly unicode: boolean;
  /** Columns that lines may take. */
  readonly columns: number;
};

/** Version of the shape of `list networks --json` and its like. */
const schemaVersion = "1.0";

/** Longer ids have a line of their own. */
const widestId = 28;

/** Ids on the left, what they are on the right, in lines that fit; ends with a line feed. */
export function thingsText(things: readonly Thing[], { colours, unicode, columns }: ThingsOptions): string {
  const width = Math.min(widestId, Math.max(0, ...things.map(({ id }) => visible(id).length)));
  const lines = things.flatMap(({ id, title, notes }) => {
    const name = visible(id);
    const more = notes.length === 0 ? "" : ` (${notes.join("; ")})`;
    const told = wrap(visible(`${title}${more}`), columns - width - 2);
    const beside = name.length <= width ? told : ["", ...told];
    return beside.map((text, at) => {
      const left = at === 0 ? colours.bold(name) + padTo("", width - name.length) : padTo("", width);
      return `${left}  ${text}`.trimEnd();
    });
  });
  const text = `${lines.join("\n")}\n`;
  return unicode ? text : toAscii(text);
}

/** `{schemaVersion, networks: [{id, title, ...}]}`, under the kind's own name, one thing a line. */
export function thingsJson(kind: string, things: readonly Thing[]): string {
  const rows = things.map(({ id, title, facts }) => JSON.stringify({ id, title, ...facts }));
  return `{\n  "schemaVersion": "${schemaVersion}",\n  ${JSON.stringify(kind)}: [\n    ${rows.join(",\n    ")}\n  ]\n}\n`;
}
