import type { ClientOptions, SessionRequest, StageDeadlines } from "../model/agent-protocol";
import { isPassive, type DataCommand } from "../model/axes";
import type { Cell } from "../model/cell";
import type { Topology } from "../model/topology";
import { dialledPort, routersOf } from "../plan/network";
import { account, fileSizes, folders, siteName } from "../plan/site";
import type { SiteFiles } from "../lab/ftp-server";

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
 * What a black hole or a router that has forgotten swallows never comes; TCP has sent it five times by then. Less than the 20 s
 * after which ProFTPD gives up by itself (TimeoutStalled).
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

/** What a session needs beside its cell. */
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

/** The request that makes the agent run a cell. */
export function sessionRequest(cell: Cell, setting: SessionSetting): SessionRequest {
  const { topology, files, sessionId } = setting;
  return {
    kind: "session",
    id: sessionId,
    mode: cell.mode,
    data: cell.data,
    operation: cell.operation,
    host: setting.options.dials === "address" ? topology.dial : siteName,
    port: dialledPort(topology, cell.mode),
    family: topology.family === "ipv6" ? 6 : 4,
    localAddress: setting.localAddress,
    user: setting.user,
    password: account.password,
    ca: setting.ca,
    options: setting.options,
    deadlines: deadlinesOf(cell.data, topology),
    folder: folders[cell.operation],
    files: filesFor(cell, files, sessionId),
  };
}

function filesFor(cell: Cell, files: SiteFiles, sessionId: string): SessionRequest["files"] {
  switch (cell.operation) {
    case "list":
      return files.list;
    case "download":
      return files.download.map(({ name, size }) => ({ name, size }));
    case "upload":
      return fileSizes.map((size) => ({ name: `${sessionId}-${String(size)}.bin`, size }));
  }
}
