import type { PastedEndpoint, PastedFact } from "../../../model/symptom";
import type { Heard } from "./read-speakers";

/** A daemon of FTP by its name, whatever it says. */
const syslogFtpd = "syslog-ftpd";

/** Ports of FTP's control and data connections (RFC 959, RFC 4217). */
const ftpPorts: readonly number[] = [20, 21, 989, 990];

/** Whether what was heard, by itself, has a trace of FTP: a server's words, its ports, a helper, or a blocked packet that may be of a data connection. */
export function isAboutFtp({ lines, facts }: Heard): boolean {
  const isSaid = lines.some(
    ({ line, form }) =>
      (form.by === "server" && (form.software !== null || form.id === syslogFtpd)) ||
      line.direction !== "*" ||
      namesFtp(line.text) ||
      (form.by === "kernel" && controlPort.test(line.text)),
  );
  return isSaid || facts.some(({ fact }) => namesFtp(fact.text) || showsFtp(fact));
}

/** `192.0.2.1:21`, `192.0.2.1/21`, `[192.0.2.1]:tcp:21`, and no time of day. */
const controlPort = /\.\d{1,3}\]?[:/](?:tcp:)?(?:21|990)\b(?![\d./:])/;

/** Whether a text has the protocol's name, and not TFTP's or SFTP's. */
export function namesFtp(text: string): boolean {
  if (/\b(?:vsftpd|proftpd|pure-?ftpd|pyftpdlib)\b/i.test(text)) return true;
  return /(?:^|[^a-z])t?ftps?(?:d|[^a-z]|$)/i.test(text) && !/\btftp\b/i.test(text);
}

function showsFtp(fact: PastedFact): boolean {
  switch (fact.kind) {
    case "logged-packet":
      return hasFtpPort(fact.from, fact.to) || (fact.verdict === "blocked" && mayBeData(fact.to));
    case "packet":
      return fact.ftp !== null || hasFtpPort(fact.from, fact.to);
    case "connection":
      return fact.helper === "ftp" || hasFtpPort(fact.from, fact.to);
    case "helper":
      return true;
    case "icmp-error":
      return fact.target !== null && hasFtpPort(fact.target);
    case "rule":
      // A rule for all ports says nothing of these.
      return fact.ports.some(
        ([first, last]) => last - first < 100 && ftpPorts.some((port) => first <= port && port <= last),
      );
  }
}

function hasFtpPort(...ends: readonly PastedEndpoint[]): boolean {
  return ends.some(({ port }) => port !== null && ftpPorts.includes(port));
}

/** Servers listen for data connections above the ports of services. */
function mayBeData({ port }: PastedEndpoint): boolean {
  return port !== null && port >= 1024;
}
