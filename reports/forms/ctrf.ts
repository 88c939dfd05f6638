/** ctrf.json: the Common Test Report Format, https://ctrf.io, for dashboards and scripts that know many test tools. */
import type { Outcome } from "../../harness/model/axes";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { visible } from "../../harness/text/escape";
import { resultText } from "../wording";
import type { ReportForm } from "./definition";

export const ctrf: ReportForm = { name: "ctrf", file: "ctrf.json", render: ctrfReport };

const specVersion = "0.0.0";

/** A broken lab is none of a cell's failures; a flaky cell has passed, and says so. */
const statuses = {
  expected: "passed",
  flaky: "passed",
  unexpected: "failed",
  skipped: "skipped",
  "lab-error": "other",
} as const satisfies Readonly<Record<Outcome, string>>;

/** The report as CTRF, one test a line. */
export function ctrfReport({ run, cells, controls, summary }: MatrixReport): string {
  const start = Date.parse(run.startedAt);
  const count = (status: (typeof statuses)[Outcome]): number =>
    cells.filter(({ outcome }) => statuses[outcome] === status).length;
  const results = {
    tool: { name: "ftp-nat-matrix" },
    summary: {
      tests: cells.length,
      passed: count("passed"),
      failed: count("failed"),
      pending: 0,
      skipped: count("skipped"),
      other: count("other"),
      flaky: summary.outcomes.flaky,
      suites: new Set(cells.map(suiteOf).map(String)).size,
      start,
      stop: start + Math.round(run.durationMs),
      duration: Math.round(run.durationMs),
    },
    environment: {
      healthy: summary.controls.failed === 0 && summary.outcomes["lab-error"] === 0,
      ...(run.shard === undefined ? {} : { shardId: `${run.shard.index}/${run.shard.count}` }),
      extra: {
        versions: run.versions,
        failedControls: controls.filter(({ outcome }) => outcome === "failed").map(({ id }) => visible(id)),
      },
    },
  };
  const head = {
    reportFormat: "CTRF",
    specVersion,
    runId: run.id,
    timestamp: run.startedAt,
    generatedBy: "ftp-nat-matrix",
  };
  const tests = cells.map((cell) => `    ${JSON.stringify(testOf(cell))}`).join(",\n");
  const opened = JSON.stringify({ ...head, results }, null, 2).replace(/\n {2}\}\n\}$/, "");
  return `${opened},\n    "tests": [${tests === "" ? "" : `\n${tests}\n    `}]\n  }\n}\n`;
}

function testOf(cell: CellResult): Readonly<Record<string, unknown>> {
  const { id, repeat, outcome, topology, server, client, mode, data, operation } = cell;
  const name = repeat > 1 ? `${id} #${repeat}` : id;
  return {
    testId: visible(id),
    name: visible(name),
    status: statuses[outcome],
    duration: Math.round(cell.durationMs),
    suite: suiteOf(cell),
    rawStatus: outcome,
    ...(outcome === "expected" ? {} : { message: messageOf(cell) }),
    labels: {
      topology: visible(topology),
      server: visible(server),
      client: visible(client),
      mode,
      data,
      operation,
      result: cell.result,
      ...(cell.stage === null ? {} : { stage: cell.stage }),
      ...(cell.cause === null ? {} : { cause: visible(cell.cause) }),
    },
    retries: cell.attempts === 0 ? 0 : cell.attempts - 1,
    flaky: outcome === "flaky",
    ...(cell.evidence.length === 0 ? {} : { attachments: cell.evidence.map(attachmentOf) }),
  };
}

function suiteOf({ topology, server, client }: CellResult): readonly string[] {
  return [visible(topology), visible(server), visible(client)];
}

function messageOf(cell: CellResult): string {
  const message = cell.message === null ? "" : `: ${visible(cell.message)}`;
  return `expected ${visible(resultText(cell.expected))}, got ${visible(resultText(cell))}${message}`;
}

const contentTypes: Readonly<Record<string, string>> = {
  json: "application/json",
  pcapng: "application/vnd.tcpdump.pcap",
  txt: "text/plain",
};

function attachmentOf(path: string): Readonly<Record<string, string>> {
  const name = path.split("/").at(-1) ?? path;
  const contentType = contentTypes[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return { name: visible(name), contentType, path };
}
