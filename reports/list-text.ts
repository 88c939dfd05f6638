/** What `list` prints: the planned cells with what is expected of them and why. */
import { results } from "../harness/model/axes";
import type { PlannedCell } from "../harness/model/cell";
import type { Colors } from "picocolors/types";
import { toAscii, visible } from "../harness/text/escape";
import type { Group } from "./group-by";
import { groupBy } from "./group-by";
import { counted, thousands } from "../harness/text/quantity";
import { padTo } from "../harness/text/width";
import { resultText } from "./wording";

/** Version of the shape of `list --json`. */
const listSchemaVersion = "1.0";

export type ListOptions = { readonly colours: Colors; readonly unicode: boolean };

/** One cell a line, grouped by topology; ends with a line feed. */
export function listText(planned: readonly PlannedCell[], options: ListOptions): string {
  const idWidth = widest(planned.map(({ cell }) => visible(cell.id)));
  const verdictWidth = widest(planned.map(({ expected }) => visible(verdictText(expected))));
  const lines: string[] = [];
  for (const group of groupBy(planned, ({ cell }) => cell.topology)) {
    lines.push(groupHead(group, options.colours));
    for (const item of group) lines.push(cellLine(item, idWidth, verdictWidth, options.colours));
    lines.push("");
  }
  lines.push(`${counted(planned.length, "cell")}: ${expectedCounts(planned)}`);
  const text = `${lines.join("\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

/** Not by spreading into Math.max: a call takes only so many arguments. */
function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

function groupHead(group: Group<PlannedCell>, colours: Colors): string {
  return `${colours.bold(visible(group[0].cell.topology))}  ${colours.dim(`${counted(group.length, "cell")}: ${expectedCounts(group)}`)}`;
}

function cellLine({ cell, expected }: PlannedCell, idWidth: number, verdictWidth: number, colours: Colors): string {
  const paint =
    expected.result === "worked" ? colours.green : expected.result === "failed" ? colours.red : colours.cyan;
  const verdict = paint(padTo(visible(verdictText(expected)), verdictWidth));
  return `  ${padTo(visible(cell.id), idWidth)}  ${verdict}  ${visible(expected.reason)}`.trimEnd();
}

function verdictText(expected: PlannedCell["expected"]): string {
  return expected.unpredicted === true ? "not predicted" : resultText(expected);
}

/** `40 should work, 44 should fail`. */
function expectedCounts(planned: readonly PlannedCell[]): string {
  const phrases = {
    worked: "should work",
    failed: "should fail",
    unsupported: "unsupported",
    "not-run": "not predicted",
  } as const;
  const parts = results
    .map((result) => ({ result, count: planned.filter(({ expected }) => expected.result === result).length }))
    .filter(({ count }) => count > 0)
    .map(({ result, count }) => `${thousands(count)} ${phrases[result]}`);
  return parts.length === 0 ? "nothing is planned" : parts.join(", ");
}

/** What is found in a user's own configuration, as `list --json` has it. */
export type ListedFinding = {
  readonly file: string;
  readonly line: number;
  readonly severity: string;
  readonly text: string;
  readonly remedy: string;
};

/**
 * The same for machines, one cell a line: `{schemaVersion, cells: [{id, topology, ..., operation, expected}]}`, and `configuration`
 * with what is found in a user's own file, where there is one.
 */
export function listJson(
  planned: readonly PlannedCell[],
  configuration: readonly ListedFinding[] | null = null,
): string {
  const cells = planned.map(({ cell: { id, topology, server, client, mode, data, operation }, expected }) =>
    JSON.stringify({ id, topology, server, client, mode, data, operation, expected }),
  );
  const list = cells.length === 0 ? "[]" : `[\n    ${cells.join(",\n    ")}\n  ]`;
  const found = configuration === null ? "" : `  "configuration": ${JSON.stringify(configuration)},\n`;
  return `{\n  "schemaVersion": ${JSON.stringify(listSchemaVersion)},\n${found}  "cells": ${list}\n}\n`;
}
