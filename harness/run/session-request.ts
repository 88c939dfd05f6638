import type { ClientOptions, SessionPart, SessionPause, SessionRequest, StageDeadlines } from "../model/agent-protocol";
import { isPassive, type DataCommand, type Operation } from "../model/axes";
import type { Cell } from "../model/cell";
import type { SessionScript, SessionStep } from "../model/session-script";
import type { Topology } from "../model/topology";
import { dialledPort, routersOf } from "../model/network";
import { account, fileSizes, folders, siteName } from "../model/ftp-site";
import type { SiteFiles } from "../lab/lab-port";

/** A stage in which the server works, however busy the machine is. */
const unhurriedMs = 20_000;

/**
 * A wire of the lab answers a SYN in well under a millisecond, in the kernel and whatever the load; two SYNs (at 0 and 1 s)
 * without an answer are a blocked connection. In active mode the server's own verdict, a 425 after its two SYNs, is waited
 * for: it comes after 3.1 s.
 */
const connectMs = 2_000;
const serverConnectMs = 8_000;

/**
 * * A packet that a black hole or a forgetful router swallows never comes; TCP has sent it five times by then. Less than the 20 s after
 * which ProFTPD gives up by itself (TimeoutStalled).
 */
const swallowedMs = 8_000;

function swallows(topology: Topology): boolean {
  return routersOf(topology).some(
    ({ make }) => make.idleTimeoutS !== null || (make.mtu !== null && !make.tellsTooLong),
  );
}

/** Time limits of a session's stages. */
export function deadlinesOf(data: DataCommand, topology: Topology): StageDeadlines {
  const workingMs = swallows(topology) ? swallowedMs : unhurriedMs;
  return {
    "control-connect": connectMs,
    greeting: workingMs,
    "auth-tls": workingMs,
    certificate: workingMs,
    login: workingMs,
    protection: workingMs,
    ccc: workingMs,
    "data-command": workingMs,
    "data-connect": isPassive(data) ? connectMs : serverConnectMs,
    "data-tls": workingMs,
    transfer: workingMs,
    completion: workingMs,
    integrity: workingMs,
  };
}

/** What a session needs in addition to its cell. */
export type SessionSetting = {
  readonly topology: Topology;
  readonly options: ClientOptions;
  readonly files: SiteFiles;
  readonly ca: string;
  readonly localAddress: string;
  /** Login name; no other session in flight uses it. */
  readonly user: string;
  /** Unique within the lab's life; also names uploaded files. */
  readonly sessionId: string;
};

/** The request that makes the agent run a cell, with the steps of a script in place of the cell's one operation. */
export function sessionRequest(cell: Cell, setting: SessionSetting, script?: SessionScript): SessionRequest {
  const { topology } = setting;
  const steps = script?.steps.map((step, index) => partFor(step, setting, `${setting.sessionId}-${index}`));
  const first = steps?.find((step) => "operation" in step) ?? usualPart(cell.operation, setting);
  const deadlines = deadlinesOf(cell.data, topology);
  const transferMs = deadlines.transfer + slowestMs(topology, steps ?? []);
  return {
    kind: "session",
    id: setting.sessionId,
    mode: cell.mode,
    data: cell.data,
    host: setting.options.dials === "address" ? topology.dial : siteName,
    port: script?.port ?? dialledPort(topology, cell.mode),
    family: topology.family === "ipv6" ? 6 : 4,
    localAddress: setting.localAddress,
    user: setting.user,
    password: account.password,
    ca: setting.ca,
    options: setting.options,
    deadlines: { ...deadlines, transfer: transferMs },
    ...first,
    ...(steps === undefined ? {} : { steps }),
  };
}

/** How long the longest file takes on the slowest link, with as much again to spare. */
function slowestMs({ links }: Topology, steps: readonly (SessionPart | SessionPause)[]): number {
  const slowest = Math.min(...links.flatMap(({ rateKbit }) => rateKbit ?? []));
  const most = Math.max(0, ...steps.flatMap((step) => ("files" in step ? step.files.map(({ size }) => size) : [])));
  return Number.isFinite(slowest) ? Math.ceil(((most * 8) / slowest) * 2) : 0;
}

function partFor(step: SessionStep, setting: SessionSetting, name: string): SessionPart | SessionPause {
  if (step.kind === "pause") return { pauseMs: step.ms };
  const { operation, sizes } = step;
  const folder = folders[operation];
  switch (operation) {
    case "list":
      return usualPart(operation, setting);
    case "download":
      return { operation, folder, files: sizes.map((size) => downloadOf(size, setting.files)) };
    case "upload":
      return {
        operation,
        folder,
        files: sizes.map((size, index) => ({ name: `${name}-${index}-${size}.bin`, size })),
      };
  }
}

function downloadOf(wanted: number, files: SiteFiles): SessionPart["files"][number] {
  const file = files.download.find(({ size }) => size === wanted);
  if (file === undefined) throw new Error(`the server has no file of ${wanted} bytes`);
  return { name: file.name, size: file.size };
}

function usualPart(operation: Operation, { files, sessionId }: SessionSetting): SessionPart {
  const folder = folders[operation];
  switch (operation) {
    case "list":
      return { operation, folder, files: files.list };
    case "download":
      return {
        operation,
        folder,
        files: files.download.map(({ name, size }) => ({ name, size })),
      };
    case "upload":
      return {
        operation,
        folder,
        files: fileSizes.map((size) => ({ name: `${sessionId}-${size}.bin`, size })),
      };
  }
}
