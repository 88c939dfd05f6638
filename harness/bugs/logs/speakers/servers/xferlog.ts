import { lineByLine, remark } from "../speaker-form";

/** `Thu Apr 10 17:05:33 2026 1 203.0.113.42 1048576 /home/a.tar b _ i r web ftp 0 * c` (xferlog(5)). */
const line =
  /\d\d:\d\d:\d\d \d{4} \d{1,9} \S{1,255} \d{1,15} .{1,3000} [ab] [CUT_]{1,3} [iod] [agr] .{1,200} [01] \S{1,64} [ci]\s*$/;

/** A log of transfers, as wu-ftpd began it and ProFTPD and vsftpd write it too. */
export const xferlog = lineByLine({
  id: "xferlog",
  title: "a log of transfers (xferlog)",
  by: "server",
  software: null,
  read: (text) => (line.test(text) ? remark(text.trim()) : null),
});
