import { lineByLine, nothingSaid, said } from "../speaker-form";

/** `Control channel event Command(Port), source: ...`, `Control channel reply CodeAndMsg { code: CommandOkay, msg: "..." }` (controlchan/log.rs). */
const command = /\bControl channel event Command\((\w+)/;
const reply = /\bControl channel reply CodeAndMsg \{ code: (\w+), msg: "(.*?)" \}/;
const trace = /\btrace-id: (0x[\da-f]+)/;

/** What the server's names stand for (libunftp, server/controlchan/codes.rs); those that nobody asks about are left out. */
const codes: Readonly<Record<string, number>> = {
  RestartMarkerReply: 110,
  InMinutes: 120,
  ConnectionAlreadyOpen: 125,
  FileStatusOkay: 150,
  CommandOkay: 200,
  CommandOkayNotImplemented: 202,
  SystemStatus: 211,
  DirectoryStatus: 212,
  FileStatus: 213,
  HelpMessage: 214,
  SystemType: 215,
  ServiceReady: 220,
  ClosingControlConnection: 221,
  DataConnectionOpen: 225,
  ClosingDataConnection: 226,
  EnteringPassiveMode: 227,
  EnteringExtendedPassiveMode: 229,
  UserLoggedIn: 230,
  AuthOkayNoDataNeeded: 234,
  FileActionOkay: 250,
  DirCreated: 257,
  NeedPassword: 331,
  NeedAccount: 332,
  FileActionPending: 350,
  ServiceNotAvailable: 421,
  CantOpenDataConnection: 425,
  ConnectionClosed: 426,
  TransientFileError: 450,
  LocalError: 451,
  OutOfSpace: 452,
  CommandSyntaxError: 500,
  ParameterSyntaxError: 501,
  CommandNotImplemented: 502,
  BadCommandSequence: 503,
  CommandNotImplementedForParameter: 504,
  NotLoggedIn: 530,
  NeedAccountToStore: 532,
  FtpsRequired: 534,
  FileError: 550,
  ExceededStorageAllocation: 552,
  BadFileName: 553,
};

/** libunftp's log of the control connection, which has commands by their names in Rust. */
export const libunftp = lineByLine({
  id: "libunftp-log",
  title: "libunftp's log",
  by: "server",
  software: "libunftp",
  read: (text) => {
    const [, session] = trace.exec(text) ?? [];
    const [, verb] = command.exec(text) ?? [];
    if (verb !== undefined) return said(">", verb.toUpperCase(), session);
    const [, name = "", words = ""] = reply.exec(text) ?? [];
    const code = codes[name];
    if (code !== undefined) return said("<", `${code} ${words}`, session);
    return /\blibunftp::server\b/.test(text) ? nothingSaid : null;
  },
});
