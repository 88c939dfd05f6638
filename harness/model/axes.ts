/**
 * The axes of the matrix and the words of its verdicts. Ids are a contract: cell ids, scenario files and reports use them.
 */

/** How the control and data connections are protected (RFC 4217); `ccc` clears the control connection after login. */
export const modes = [
  "ftp",
  "ftps",
  "ftps-clear-data",
  "ftps-implicit",
  "ftps-ccc",
  "ftps-ccc-clear-data",
  "ftps-ccc-unprimed",
] as const;
export type Mode = (typeof modes)[number];

/** The command that arranges the data connection: RFC 959 PASV and PORT, RFC 2428 EPSV and EPRT. */
export const dataCommands = ["pasv", "epsv", "port", "eprt"] as const;
export type DataCommand = (typeof dataCommands)[number];

/** What a session does after login. */
export const operations = ["list", "download", "upload"] as const;
export type Operation = (typeof operations)[number];

/** The axes in the order in which they make up a cell id. */
export const axes = ["topology", "server", "client", "mode", "data", "operation"] as const;
export type Axis = (typeof axes)[number];

/** Stages of a session, in the order of explicit TLS; with implicit TLS the handshake comes before the greeting. */
export const stages = [
  "control-connect",
  "greeting",
  "auth-tls",
  "certificate",
  "login",
  "protection",
  "ccc",
  "data-command",
  "data-connect",
  "data-tls",
  "transfer",
  "completion",
  "integrity",
] as const;
export type Stage = (typeof stages)[number];

/** What happened to a cell's session. `unsupported` is proven, never assumed. */
export const results = ["worked", "failed", "unsupported", "not-run"] as const;
export type Result = (typeof results)[number];

/** What the result means beside what was expected. A broken lab is `lab-error`, whatever the session did. */
export const outcomes = ["expected", "unexpected", "flaky", "skipped", "lab-error"] as const;
export type Outcome = (typeof outcomes)[number];

/** RFC 2428 section 3: IPv6 has no PASV and PORT. */
export function dataCommandsOf(family: "ipv4" | "ipv6"): readonly DataCommand[] {
  return family === "ipv6" ? ["epsv", "eprt"] : dataCommands;
}

/** Whether the client opens the data connection (PASV, EPSV) or the server does (PORT, EPRT). */
export function isPassive(data: DataCommand): boolean {
  return data === "pasv" || data === "epsv";
}

/** What a mode asks of the session, step by step. */
export type ModeTraits = {
  /** When TLS starts on the control connection. */
  readonly tls: "none" | "explicit" | "implicit";
  /** The PROT level of data connections; `null` if no PROT is sent (plain FTP). */
  readonly protection: "P" | "C" | null;
  /** Whether CCC is sent after login, and whether a harmless command follows before the data command. */
  readonly ccc: "none" | "primed" | "unprimed";
};

const traits: Readonly<Record<Mode, ModeTraits>> = {
  ftp: { tls: "none", protection: null, ccc: "none" },
  ftps: { tls: "explicit", protection: "P", ccc: "none" },
  "ftps-clear-data": { tls: "explicit", protection: "C", ccc: "none" },
  "ftps-implicit": { tls: "implicit", protection: "P", ccc: "none" },
  "ftps-ccc": { tls: "explicit", protection: "P", ccc: "primed" },
  "ftps-ccc-clear-data": { tls: "explicit", protection: "C", ccc: "primed" },
  "ftps-ccc-unprimed": { tls: "explicit", protection: "P", ccc: "unprimed" },
};

/** Whether TLS hides the commands from routers to the session's end. */
export function hidesCommands({ tls, ccc }: Pick<ModeTraits, "tls" | "ccc">): boolean {
  return tls !== "none" && ccc === "none";
}

/** The steps that a mode takes. */
export function traitsOf(mode: Mode): ModeTraits {
  return traits[mode];
}

/** The control port a mode dials: 990 for implicit TLS (IANA `ftps`), else 21 (RFC 959). */
export function controlPortOf(mode: Mode): 21 | 990 {
  return traits[mode].tls === "implicit" ? 990 : 21;
}
