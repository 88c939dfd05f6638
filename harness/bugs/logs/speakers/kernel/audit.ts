import { lineByLine } from "../speaker-form";

/** auditd's records of SELinux, AppArmor and seccomp about a server, and what setroubleshoot makes of them. */
const record =
  /\b(?:type=(?:AVC|SECCOMP|1400|1326)\b|apparmor=").*\b(?:comm|profile)="[^"]*ftpd?"|^SELinux is preventing (?:\S*ftpd|the ftp daemon)\b/;

export const systemAudit = lineByLine({
  id: "audit",
  title: "the system's audit log",
  by: "kernel",
  software: null,
  read: (text) => (record.test(text) ? { said: [{ direction: "*", text: text.trim() }] } : null),
});
