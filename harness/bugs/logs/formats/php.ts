import type { LogFormat } from "../format";

/** `ftp_nlist(): php_connect_nonb() failed`, whoever reports it. */
const warning = /\bftp_(?:ssl_)?(\w+)\(\)(?: \[[^\]]*\])?: /;

/** PHP's FTP functions log nothing but their warnings. */
export const php: LogFormat = {
  id: "php",
  title: "PHP (warnings)",
  client: "php",
  signature: warning,
  read: (line) => {
    if (!warning.test(line)) return null;
    // It warns with the last reply, without its code.
    const passive = /\): (Entering Passive Mode \(\d{1,3}(?:,\d{1,3}){5}\)\.?)/i.exec(line)?.[1];
    return passive === undefined
      ? { direction: "*", text: line }
      : [
          { direction: "<", text: `227 ${passive}` },
          { direction: "*", text: line },
        ];
  },
  complaint: warning,
};
