// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { ServerSoftware } from "./definition";
import { proftpd } from "./proftpd";
import { vsftpd } from "./vsftpd";
import { pureFtpd } from "./pure-ftpd";
import { pyftpdlib } from "./pyftpdlib";
import { scripted } from "./scripted";
import { aioftp } from "./aioftp";

/** Every server software, in the order in which they are listed. */
export const softwares: readonly ServerSoftware[] = [proftpd, vsftpd, pureFtpd, pyftpdlib, scripted, aioftp];
