import { lineByLine, said, saidOrRemarked } from "../speaker-form";

/** With its process: replies name daemons too, as in `500 OOPS: vsftpd: refusing to run`. `ftpd[55]: command: PASV`, `ftpd[55]: <--- 227`, `vsftpd[55]: pam_unix(vsftpd:auth): authentication failure; ...`. */
const line = /(?:^|\s)(?!\w{0,4}tftpd\b)((?:in\.|pure-|[a-z]{1,8})?ftpd)\[(\d{1,10})\]: (.*)$/;
/** How BSD's and others' daemons log the dialogue (ftpd(8), `-d`). */
const spoken = /^(?:(command:?|--->|<-|FTP command:?)|(<---|->|reply:?|response:?)) (.*)$/i;

/** What any other FTP daemon says to syslog, and what PAM says of one. */
export const syslogFtpd = lineByLine({
  id: "syslog-ftpd",
  title: "an FTP server's syslog",
  by: "server",
  software: null,
  read: (text) => {
    const [, program, session, message = ""] = line.exec(text) ?? [];
    if (program === undefined) return null;
    const [, command, , words] = spoken.exec(message) ?? [];
    if (words === undefined) return saidOrRemarked(message, session);
    return said(command === undefined ? "<" : ">", words, session);
  },
});
