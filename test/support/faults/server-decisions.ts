/** Faults by which a server or a client decides against a session that the network carries whole. */
import type { Lab } from "../../../harness/lab/lab";
import { account, folders, siteRoot } from "../../../harness/model/ftp-site";
import { profileNamed } from "../inputs";
import { allOf, onClient, onServer, optional, patience, type Fault } from "./staging";

/** Serves another profile's server with more lines in its own words. */
const serving =
  (profile: string, ...amendments: readonly string[]) =>
  (lab: Lab): Promise<void> =>
    lab.server.serve({ ...profileNamed(profile), amendments });

/** Lines of shell on the server's host. */
const onHost =
  (...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    await lab.serverShell.run("server", ["set -e", ...lines].join("\n"));
  };

/** Somebody else's session, which lasts as long as the lab. */
export const held = onHost(
  `address=$(ss -Hltn 'sport = :21' | awk '{ print $4 }' | sed 's/:21$//; s/[][]//g' | head -n 1)`,
  `setsid -f bash -c "exec 3<>/dev/tcp/$address/21; printf 'USER ${account.userPrefix}99\\r\\nPASS ${account.password}\\r\\n' >&3; sleep 300" </dev/null >/dev/null 2>&1`,
  "sleep 0.3",
);

const limit = (commands: string) =>
  onServer(`printf '<Global>\\n<Limit ${commands}>\\nDenyAll\\n</Limit>\\n</Global>\\n' >> $conf`);

const denyLogin = onServer(
  `printf '<Global>\\n<Limit LOGIN>\\nOrder deny,allow\\nDeny from all\\n</Limit>\\n</Global>\\n' >> $conf`,
);

/** Ends each process of the pattern as soon as it is there. */
const killing = (pattern: string) =>
  onHost(
    `setsid -f bash -c 'for i in $(seq 3000); do for id in $(pgrep -f "${pattern}"); do kill -9 $id; done; sleep 0.02; done' </dev/null >/dev/null 2>&1`,
  );

/** A client that has nothing to say for a while after its login. */
const idling = onClient((request) => ({ ...request, options: { ...request.options, idleMs: 1_000 } }));

/** pyftpdlib with what it sends changed by an expression of Python over \`resp\`. */
const answering = (expression: string) =>
  serving(
    "pyftpdlib",
    "_r = handler.respond",
    `handler.respond = lambda self, resp, *a, **k: _r(self, ${expression}, *a, **k)`,
  );

const port229 = (mark: string) => answering(`resp.replace("|", "${mark}") if resp.startswith("229") else resp`);

/** pyftpdlib whose data connections end by a reset, some time after the last byte was given to the kernel. */
const resetting = serving(
  "pyftpdlib",
  "import socket, struct, time",
  "_d = handler.dtp_handler",
  "_c = _d.close",
  "def _x(self):\n    try:\n        time.sleep(0.05)\n        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))\n    except Exception:\n        pass\n    _c(self)",
  "_d.close = _x",
);

/** pyftpdlib that ends TLS on data connections without close_notify. */
const withoutNotify = serving(
  "pyftpdlib",
  "_d = handler.dtp_handler",
  "_d._do_ssl_shutdown = lambda self: super(type(self).__mro__[1], self).close()",
);

/** Somebody has taken a folder of the site away. */
const without = (folder: keyof typeof folders) =>
  onHost(`mv ${siteRoot}${folders[folder]} ${siteRoot}${folders[folder]}-gone`);

const py = "pyftpdlib/basic-ftp";
const vs = "vsftpd/basic-ftp";
const pure = "pure-ftpd/basic-ftp";

const portsTaken = async (lab: Lab): Promise<void> => {
  await lab.server.openDecoy(50000);
  await lab.server.openDecoy(50001);
};

export const decisionFaults: readonly Fault[] = [
  {
    name: "MaxClients 1, and somebody is there",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: allOf(onServer("printf 'MaxClients 1\\n' >> $conf"), held),
    cause: "server-limit-reached",
  },
  {
    name: "MaxClients 1 with words of its own, behind NAT and TLS",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: allOf(onServer(`printf 'MaxClients 1 "Too many users, only %%m at a time"\\n' >> $conf`), held),
    cause: "server-limit-reached",
  },
  {
    name: "max_clients=1 of vsftpd",
    cell: `direct/${vs}/ftp/pasv/list`,
    break: allOf(serving("vsftpd", "max_clients=1"), held),
    cause: "server-limit-reached",
  },
  {
    name: "MaxClientsNumber 1 of Pure-FTPd",
    cell: `direct/${pure}/ftps/pasv/list`,
    break: allOf(serving("pure-ftpd", "MaxClientsNumber 1"), held),
    cause: "server-limit-reached",
  },
  {
    name: "<Limit LOGIN> denies everybody",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: denyLogin,
    cause: "server-denies-address",
  },
  {
    name: "<Limit LOGIN> denies everybody, over implicit TLS",
    cell: `direct/${optional}/ftps-implicit/epsv/list`,
    break: denyLogin,
    cause: "server-denies-address",
  },
  {
    name: "tcp_wrappers of vsftpd deny everybody",
    cell: `server-nat-range-helper/${vs}/ftp/pasv/list`,
    break: allOf(onHost("printf 'vsftpd: ALL\\n' >> /etc/hosts.deny"), serving("vsftpd", "tcp_wrappers=YES")),
    cause: "server-denies-address",
  },
  {
    name: "<Limit LIST NLST MLSD>",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: limit("LIST NLST MLSD"),
    cause: "server-denies-command",
  },
  {
    name: "<Limit WRITE>, an upload over TLS",
    cell: `direct/${optional}/ftps/epsv/upload`,
    break: limit("WRITE"),
    cause: "server-denies-command",
  },
  {
    name: "cmds_denied of vsftpd",
    cell: `direct/${vs}/ftp/epsv/list`,
    break: serving("vsftpd", "cmds_denied=LIST,NLST"),
    cause: "server-denies-command",
  },
  {
    name: "write_enable=NO of vsftpd, over TLS",
    cell: `direct/${vs}/ftps/pasv/upload`,
    break: serving("vsftpd", "write_enable=NO"),
    cause: "server-denies-command",
  },
  {
    name: "RETR taken out of pyftpdlib",
    cell: `direct/${py}/ftp/pasv/download`,
    break: serving("pyftpdlib", 'handler.proto_cmds.pop("RETR", None)'),
    cause: "server-denies-command",
  },
  {
    name: "a folder that is not there",
    cell: `direct/${optional}/ftp/pasv/download`,
    break: onClient((request) => ({ ...request, folder: "/nothing/here" })),
    cause: "server-denies-file",
  },
  {
    name: "MaxStoreFileSize",
    cell: `direct/${optional}/ftps/epsv/upload`,
    break: onServer("printf '<Global>\\nMaxStoreFileSize 10 B\\n</Global>\\n' >> $conf"),
    cause: "server-denies-file",
  },
  {
    name: "files that their owner keeps from vsftpd's user",
    cell: `direct/${vs}/ftp/pasv/download`,
    break: allOf(
      serving("vsftpd"),
      onHost(`chown -R root:root ${siteRoot}/download && chmod -R go-rwx ${siteRoot}/download`),
    ),
    cause: "server-denies-file",
  },
  {
    name: "a folder of uploads that nobody may write to, with Pure-FTPd and TLS",
    cell: `direct/${pure}/ftps/pasv/upload`,
    break: allOf(serving("pure-ftpd"), onHost(`chown root:root ${siteRoot}/upload && chmod 755 ${siteRoot}/upload`)),
    cause: "server-denies-file",
  },
  {
    name: "a writable root and allow_writeable_chroot=NO",
    cell: `direct/${vs}/ftp/pasv/list`,
    break: serving("vsftpd", "allow_writeable_chroot=NO"),
    cause: "server-setting-broken",
  },
  {
    name: "local_root that is not there, over TLS",
    cell: `direct/${vs}/ftps/epsv/list`,
    break: serving("vsftpd", "local_root=/nothing/here"),
    cause: "server-setting-broken",
  },
  {
    name: "a user_config_dir file with a wrong value",
    cell: `server-nat-range/${vs}/ftps/epsv/list`,
    break: allOf(
      onHost(
        "mkdir -p /etc/ftp-lab/users; for i in $(seq 0 255); do echo 'write_enable=MAYBE' > /etc/ftp-lab/users/lab$i; done",
      ),
      serving("vsftpd", "user_config_dir=/etc/ftp-lab/users"),
    ),
    cause: "server-setting-broken",
  },
  {
    name: "ProFTPD's session is killed after the login",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: allOf(killing("proftpd: lab[0-9]+ - "), idling),
    cause: "server-process-died",
  },
  {
    name: "ProFTPD's session is killed after the login, behind NAT and TLS",
    cell: `server-nat-range/${optional}/ftps/epsv/download`,
    break: allOf(killing("proftpd: lab[0-9]+ - "), idling),
    cause: "server-process-died",
  },
  {
    name: "vsftpd's session is killed as it begins",
    cell: `direct/${vs}/ftp/pasv/list`,
    break: allOf(serving("vsftpd", "setproctitle_enable=YES"), killing("vsftpd: [0-9].*lab[0-9]"), idling),
    cause: "server-process-died",
  },
  {
    name: "delay_successful_login of vsftpd",
    cell: `direct/${vs}/ftp/pasv/list`,
    break: allOf(serving("vsftpd", "delay_successful_login=4"), patience("login", 2_000)),
    cause: "server-slow",
  },
  {
    name: "pyftpdlib that thinks about PASV, over TLS",
    cell: `direct/${py}/ftps/pasv/list`,
    break: allOf(
      serving(
        "pyftpdlib",
        "import time",
        "_p = handler.ftp_PASV",
        "handler.ftp_PASV = lambda self, line: (time.sleep(4), _p(self, line))[1]",
      ),
      patience("data-command", 2_000),
    ),
    cause: "server-slow",
  },
  {
    name: "a server that stands still before its greeting",
    cell: `server-nat-range/${optional}/ftp/epsv/list`,
    break: allOf(onHost("kill -STOP $(cat /run/proftpd-lab.pid)"), patience("greeting", 2_000)),
    cause: "server-slow",
  },
  {
    name: "a 227 with an address in dots",
    cell: `direct/${py}/ftp/pasv/list`,
    break: answering(`"227 Entering passive mode (203.0.113.10:50000)." if resp.startswith("227") else resp`),
    cause: "server-reply-malformed",
  },
  {
    name: "a 227 with five numbers, over TLS",
    cell: `direct/${py}/ftps/pasv/list`,
    break: answering(`"227 Entering passive mode (203,0,113,10,195)." if resp.startswith("227") else resp`),
    cause: "server-reply-malformed",
  },
  {
    name: "a 229 without delimiters",
    cell: `direct/${py}/ftp/epsv/list`,
    break: answering(`"229 Entering extended passive mode 50000" if resp.startswith("229") else resp`),
    cause: "server-reply-malformed",
  },
  {
    name: "a 229 with another delimiter",
    cell: `direct/${py}/ftp/epsv/list`,
    break: port229("@"),
    cause: "client-cannot-parse-reply",
  },
  {
    name: "a 229 with another delimiter, over TLS",
    cell: `direct/${py}/ftps/epsv/list`,
    break: port229("#"),
    cause: "client-cannot-parse-reply",
  },
  {
    name: "a 229 with another delimiter, an upload",
    cell: `direct/${py}/ftps/epsv/upload`,
    break: port229("$"),
    cause: "client-cannot-parse-reply",
  },
  {
    name: "data connections that end with a reset",
    cell: `direct/${py}/ftp/pasv/download`,
    break: resetting,
    cause: "transfer-end-lost",
  },
  {
    name: "data connections that end with a reset, and curl",
    cell: "direct/pyftpdlib/curl/ftp/epsv/download",
    break: resetting,
    cause: "transfer-end-lost",
  },
  {
    name: "no close_notify at the end of data, and curl",
    cell: "direct/pyftpdlib/curl/ftps/epsv/download",
    break: withoutNotify,
    cause: "transfer-end-lost",
  },
  {
    name: "vsftpd finds no free passive port",
    cell: `direct/${vs}/ftp/pasv/list`,
    break: allOf(portsTaken, serving("vsftpd", "pasv_min_port=50000", "pasv_max_port=50001")),
    cause: "passive-range-exhausted",
  },
  {
    name: "Pure-FTPd finds no free passive port",
    cell: `direct/${pure}/ftps/epsv/list`,
    break: allOf(portsTaken, serving("pure-ftpd", "PassivePortRange 50000 50001")),
    cause: "passive-range-exhausted",
  },
  {
    name: "DenyFilter on the folder's name",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: onServer("printf 'DenyFilter /list\\n' >> $conf"),
    cause: "server-denies-command",
  },
  {
    name: "max_clients=1 of vsftpd, and lftp",
    cell: "direct/vsftpd/lftp/ftp/pasv/list",
    break: allOf(serving("vsftpd", "max_clients=1"), held),
    cause: "server-limit-reached",
  },
  {
    name: "MaxClients 1, and wget over TLS",
    cell: "direct/tls-optional/wget/ftps/pasv/download",
    break: allOf(onServer("printf 'MaxClients 1\\n' >> $conf"), held),
    cause: "server-limit-reached",
  },
  {
    name: "a folder that is not there, and curl",
    cell: "direct/vsftpd/curl/ftp/epsv/list",
    break: without("list"),
    cause: "server-denies-file",
  },
  {
    name: "a folder that is not there, and lftp over TLS",
    cell: "direct/tls-optional/lftp/ftps/epsv/download",
    break: without("download"),
    cause: "server-denies-file",
  },
  {
    name: "a folder that is not there, and wget",
    cell: "direct/pure-ftpd/wget/ftp/pasv/download",
    break: without("download"),
    cause: "server-denies-file",
  },
  {
    name: "a folder that is not there, and Python",
    cell: "direct/pyftpdlib/ftplib/ftp/pasv/upload",
    break: without("upload"),
    cause: "server-denies-file",
  },
  {
    name: "a writable root, and curl over TLS",
    cell: "direct/vsftpd/curl/ftps/epsv/list",
    break: serving("vsftpd", "allow_writeable_chroot=NO"),
    cause: "server-setting-broken",
  },
  {
    name: "a writable root, and lftp",
    cell: "direct/vsftpd/lftp/ftp/pasv/list",
    break: serving("vsftpd", "allow_writeable_chroot=NO"),
    cause: "server-setting-broken",
  },
  {
    name: "cmds_denied of vsftpd, and Perl",
    cell: "direct/vsftpd/perl/ftp/pasv/upload",
    break: serving("vsftpd", "cmds_denied=STOR"),
    cause: "server-denies-command",
  },
  {
    name: "<Limit STOR>, and lftp that logs in again",
    cell: "direct/tls-optional/lftp/ftps/epsv/upload",
    break: limit("STOR"),
    cause: "server-denies-command",
  },
  {
    name: "426 after a whole upload, and lftp that connects again",
    cell: "direct/pyftpdlib/lftp/ftp/pasv/upload",
    break: answering(`"426 Connection closed; transfer aborted." if resp.startswith("226") else resp`),
    cause: "transfer-end-lost",
  },
  {
    name: "522 to a listing in clear, and lftp without TLS",
    cell: "direct/vsftpd/lftp/ftp/pasv/list",
    break: serving("vsftpd", "ssl_enable=YES", "force_local_logins_ssl=NO", "force_local_data_ssl=YES"),
    cause: "tls-required",
  },
  {
    name: "delay_successful_login of vsftpd, and ftplib over TLS",
    cell: "direct/vsftpd/ftplib/ftps/pasv/list",
    break: serving("vsftpd", "delay_successful_login=30"),
    cause: "server-slow",
  },
];
