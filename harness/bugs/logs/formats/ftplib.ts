import type { LogFormat } from "../format";

/** The last line of a traceback. */
const complaintOfPython = /^[\w.]*(Error|error_(perm|temp|proto|reply)|timeout|gaierror)\b/;

/** A function of ftplib in a traceback. */
const frame = /^File ".*\bftplib\.py", line \d+, in /;

/** `*cmd* 'PASV'`, `*resp* '227 ...'` of Python's ftplib with `set_debuglevel(1)`. */
export const ftplib: LogFormat = {
  id: "ftplib",
  title: "Python's ftplib (debug level 1)",
  client: "ftplib",
  signature: /^\*(cmd|resp|put|get|welcome)\* |^ftplib\.(?:error_\w+|Error)\b|^File ".*\bftplib\.py", line \d/,
  read: (text) => {
    const [, kind, , quoted = ""] = /^\*(cmd|resp|welcome)\* (['"])(.*)\2$/.exec(text) ?? [];
    if (kind === "cmd") return { direction: ">", text: quoted };
    // A reply of several lines is one string.
    if (kind !== undefined) return quoted.split("\\n").map((part) => ({ direction: "<", text: part }));
    return complaintOfPython.test(text) || frame.test(text) ? { direction: "*", text } : null;
  },
  complaint: complaintOfPython,
};
