/** Reports as a run would make them, for the tests of the reporters. */
import type { DataCommand, Mode, Operation } from "../../harness/model/axes";
import { dataCommandsOf, isPassive, modes, operations, traitsOf } from "../../harness/model/axes";
import type { Cell, CellResult, ExpectedResult, PlannedCell } from "../../harness/model/cell";
import type { ControlResult, MatrixReport, RunInfo } from "../../harness/model/report";
import { thousands } from "../../harness/text/quantity";
import { buildReport } from "../../harness/run/build-report";

const topologies = [
  "direct",
  "server-nat",
  "server-nat-helper",
  "server-nat-range",
  "server-nat-range-no-masquerade",
  "server-nat-range-helper",
  "server-nat-snat",
  "client-nat",
  "client-nat-helper",
  "client-egress-helper",
  "double-nat-helper",
  "firewall",
  "firewall-helper",
  "firewall-range",
  "firewall-strict-helper",
  "ipv6-firewall",
  "ipv6-firewall-helper",
] as const;

export function cellOf(
  topology: string,
  mode: Mode,
  data: DataCommand,
  operation: Operation,
  server = "tls-optional",
  client = "basic-ftp",
): Cell {
  const id = [topology, server, client, mode, data, operation].join("/");
  return { id, topology, server, client, mode, data, operation };
}

/** Roughly what the lab finds; close enough to make tables look like real ones. */
export function expectedOf({ topology, mode, data }: Cell): ExpectedResult {
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "Nothing is in the way." };
  const traits = traitsOf(mode);
  const isBlind = traits.tls !== "none" && traits.ccc !== "primed";
  if (topology === "direct" || topology.includes("range")) return worked;
  if (topology.endsWith("-helper") && !isBlind) return worked;
  const blocked = isPassive(data) ? !topology.startsWith("client-nat") : topology.startsWith("client-");
  if (!blocked) return worked;
  const cause = topology.endsWith("-helper") ? "helper-blind-to-tls" : "no-helper";
  const reason = "No rule lets the data connection through.";
  return { result: "failed", stage: isPassive(data) ? "data-connect" : "data-command", cause, reason };
}

export function resultOf(cell: Cell, changes: Partial<CellResult> = {}): CellResult {
  const expected = changes.expected ?? expectedOf(cell);
  return {
    ...cell,
    result: expected.result,
    stage: expected.stage,
    cause: expected.cause,
    outcome: "expected",
    expected,
    durationMs: 42,
    message: expected.result === "worked" ? null : "Timeout (data connection)",
    replyCode: expected.result === "worked" ? 226 : 227,
    attempts: 1,
    repeat: 1,
    evidence: [`cells/${cell.id}/transcript.txt`],
    ...changes,
  };
}

/** Every topology, mode, data command and operation. */
export function coreCells(server?: string, client?: string): readonly Cell[] {
  return topologies.flatMap((topology) =>
    modes.flatMap((mode) =>
      dataCommandsOf(topology.startsWith("ipv6") ? "ipv6" : "ipv4").flatMap((data) =>
        operations.map((operation) => cellOf(topology, mode, data, operation, server, client)),
      ),
    ),
  );
}

/** How many cells the reports have that are made here, as reports write it. */
export const coreCount = thousands(coreCells().length);

export function planned(cells: readonly Cell[]): readonly PlannedCell[] {
  return cells.map((cell) => ({ cell, expected: expectedOf(cell) }));
}

export const runInfo: RunInfo = {
  id: "20260301-101500-ab12",
  startedAt: "2026-03-01T10:15:00.000Z",
  durationMs: 58_240,
  argv: ["run", "-j", "4"],
  interrupted: false,
  versions: { "ftp-nat-matrix": "0.1.0", proftpd: "1.3.8c", kernel: "6.12.0", node: "v20.19.0" },
};

export function controlOf(topology: string, name: string, changes: Partial<ControlResult> = {}): ControlResult {
  return {
    id: `${topology}/control/${name}`,
    topology,
    name,
    outcome: "passed",
    detail: "No answer to an unsolicited connection.",
    durationMs: 12,
    ...changes,
  };
}

const controls = topologies.flatMap((topology) =>
  ["unsolicited-blocked", "no-bypass", "forwarding-off", "helper-off", "helper-on"].map((name) =>
    controlOf(topology, name),
  ),
);

export function allExpected(): MatrixReport {
  return buildReport(
    runInfo,
    coreCells().map((cell) => resultOf(cell)),
    controls,
  );
}

/** A run in which some of everything went wrong. */
export function withTroubles(): MatrixReport {
  const cells = coreCells().map((cell) => resultOf(cell, troubleOf(cell)));
  const failed = controlOf("double-nat-helper", "no-bypass", {
    outcome: "failed",
    detail: "A packet reached the server past the router.",
  });
  return buildReport(
    runInfo,
    cells,
    controls.map((control) => (control.id === failed.id ? failed : control)),
  );
}

function troubleOf({ topology, mode, data, operation }: Cell): Partial<CellResult> {
  const where = `${topology}/${mode}/${data}/${operation}`;
  if (topology === "double-nat-helper")
    return { result: "not-run", stage: null, cause: null, outcome: "lab-error", message: "control no-bypass failed" };
  if (topology === "firewall-range" && mode === "ftps-ccc")
    return { result: "not-run", stage: null, cause: null, outcome: "skipped", message: "stopped at the first failure" };
  switch (where) {
    case "direct/ftps/pasv/upload":
      return {
        result: "failed",
        stage: "data-tls",
        cause: "tls-session-not-reused",
        outcome: "unexpected",
        message: "TLS connection\x1b[31m closed\n<script>alert(`1`)</script> | \u202egnp.exe",
        replyCode: 522,
      };
    case "server-nat/ftp/epsv/list":
    case "server-nat/ftp/epsv/download":
    case "server-nat/ftp/epsv/upload":
      return { result: "worked", stage: null, cause: null, outcome: "unexpected", message: null, replyCode: 226 };
    case "client-nat/ftps/pasv/list":
      return { outcome: "flaky", attempts: 2 };
    default:
      return {};
  }
}
