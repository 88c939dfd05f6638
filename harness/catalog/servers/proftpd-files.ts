import type { UserFiles } from "./definition";

const directive =
  /^\s*(ServerName|ServerType|DefaultServer|PassivePorts|MasqueradeAddress|TLSEngine|TLSProtocol|TLSRequired|TLSOptions|TLSRSACertificateFile|TLSLog|DefaultRoot|RequireValidShell|AllowForeignAddress|UseReverseDNS|MaxInstances|LoadModule\s+mod_\w+\.c|ModulePath|ServerIdent|AuthUserFile|TimeoutIdle|UseIPv6|<(Global|VirtualHost|Anonymous|IfModule\s+!?mod_))/im;

export const proftpdFiles: UserFiles = {
  name: "proftpd.conf",
  isConfiguration: (text) => directive.test(text),
  images: /proftpd/i,
};
