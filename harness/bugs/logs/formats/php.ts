import type { LogFormat } from "../format";

/** `ftp_nlist(): php_connect_nonb() failed`, whoever reports it. */
const warning = /\bftp_(?:ssl_)?(\w+)\(\)(?: \[[^\]]*\])?: /;

/** PHP's FTP functions log nothing but their warnings. */
export const php: LogFormat = {
  id: "php",
  title: "PHP (warnings)",
  client: "php",
  signature: warning,
  read: (line) => (warning.test(line) ? { direction: "*", text: line } : null),
  complaint: warning,
};
