/** What a cause is, said of a paste: of some, the catalogue's title says more than any paste shows. */
import type { CauseId } from "../../model/diagnosis";
import type { Setting } from "./setting";

const titles: Readonly<Partial<Record<CauseId, string | ((setting: Setting) => string)>>> = {
  "passive-range-exhausted": "The server finds no free port for a passive connection, or none in its range.",
  "address-family-refused": "One end does not take the other's version of IP, or a command for it.",
  "data-command-refused": "The server refuses the data command itself.",
  "passive-address-not-dialled": "The client does not dial the address that the reply names.",
  "passive-address-rejected-by-client": "The client refuses the address that the reply names.",
  "client-cannot-parse-reply": "The client does not understand a reply that others would.",
  "helper-blind-to-tls": ({ between }) =>
    between === "router"
      ? "TLS hides the data connection's port from the router's FTP helper."
      : "TLS hides the data connection's port from the FTP helper that is to let it pass.",
  "control-line-blocked": "Something on the path that reads the dialogue stops a line of it.",
  "foreign-data-peer":
    "The data connection is with another address than the control connection, and one end refuses that.",
  "no-helper": ({ between }) =>
    between === "nothing"
      ? "Nothing follows FTP, so a firewall does not expect the data connection."
      : "No router follows FTP, so nothing lets the data connection pass.",
  "server-process-died": "A process of the server ended in the middle of the session.",
  "helper-dropped-partial-line":
    "The FTP helper drops a packet, since it takes a line in it for one whose end is missing.",
  "protection-refused": "Client and server do not agree on the protection of data connections.",
  "ccc-unanswered": "The client gets no answer to CCC.",
  "certificate-expired": "A certificate that the server shows is not valid at this time.",
  "certificate-name-mismatch": "The server's certificate is for another name than the client checks.",
  "tls-required": ({ isHidden }) =>
    isHidden === null
      ? "The server demands TLS."
      : !isHidden
        ? "The server demands TLS, and the session has none."
        : "The server demands TLS where the session has none: of the data connection.",
  "tls-session-not-reused":
    "The server takes a data connection only if it resumes the control connection's TLS session.",
  "tls-versions-do-not-meet": "Client and server have no version of TLS, or no way of encryption, in common.",
  "client-never-dialled": "The client did not come to dial the server.",
  "server-denies-file": "The server does not do what is asked of a file or folder.",
  "server-denies-command": "The server does not carry out the command, whatever file it names.",
  "server-setting-broken": "The server's own configuration, or what it names, is not in order.",
};

export function titleOf(cause: CauseId, otherwise: string, setting: Setting): string {
  const title = titles[cause] ?? otherwise;
  return typeof title === "string" ? title : title(setting);
}
