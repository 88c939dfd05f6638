import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { CauseId } from "../../../../harness/model/diagnosis";
import { candidatesIn } from "../../../support/read-case";
import { stoppedAt } from "../../../support/simulated-evidence";

/** What vsftpd's die() says of its configuration, or of what that names (main.c, parseconf.c, ssl.c, secutil.c and others). */
const settings = [
  "unrecognised variable in config file: foo",
  "bad bool value in config file for: write_enable",
  "missing value in config file for: foo",
  "cannot read config file: /etc/vsftpd/user/bob",
  "config file not owned by correct user, or not a file",
  "error opening per-user config file",
  "SSL: cannot load RSA certificate",
  "SSL: cannot load RSA private key",
  "SSL: could not set cipher list",
  "SSL: could not load verify file",
  "vsftpd: both local and anonymous access disabled!",
  "vsftpd: refusing to run with writable root inside chroot()",
  "vsftpd: not found: directory given in 'secure_chroot_dir':/var/run/vsftpd/empty",
  "vsftpd: cannot locate user specified in 'ftp_username':ftp",
  "vsftpd: cannot locate user specified in 'guest_username':bob",
  "vsftpd: security: 'one_process_model' is anonymous only",
  "vsftpd: must be started as root (see run_as_launching_user option)",
  "tcp_wrappers is set to YES but no tcp wrapper support compiled in",
  "cannot change directory:/home/bob",
  "cannot locate user entry:nobody",
  "chroot",
  "failed to open vsftpd log file:/var/log/vsftpd.log",
  "failed to open xferlog log file:/var/log/xferlog",
  "could not read chroot() list file:/etc/vsftpd.chroot_list",
  "cannot read user list file:/etc/vsftpd.user_list",
  "cannot read banner file:/etc/issue",
  "cannot read email passwords file:/etc/vsftpd.email_passwords",
  "cannot read anon e-mail list file:/etc/vsftpd.banned_emails",
  "cannot resolve host:ftp.example.org",
  "invalid pasv_address",
];

/** What it says of a process of its own that ended, or that the system kept from working. */
const deaths = ["child died", "priv_sock_get_cmd", "priv_sock_get_result"];

const user = ["> USER bob"];
const pass = [...user, "< 331 Please specify the password.", "> PASS ###"];
const welcome = ["< 220 (vsFTPd 3.0.5)"];
const loggedIn = [...welcome, ...pass, "< 230 Login successful."];
const stages = [
  ["greeting", []],
  ["login", [...welcome, ...user]],
  ["login", [...welcome, ...pass]],
  ["data-command", [...loggedIn, "> PASV"]],
  ["transfer", [...loggedIn, "> PASV", "< 227 Entering Passive Mode (203,0,113,1,195,81).", "> LIST"]],
] as const;

function rootOf(stage: (typeof stages)[number][0], before: readonly string[], text: string): CauseId | undefined {
  const reply = `500 OOPS: ${text}`;
  const evidence = stoppedAt(stage, [...before, `< ${reply}`], { mode: "ftp", message: reply, replyCode: 500 });
  return diagnose({ ...evidence, server: null, routers: [], missing: [] }).findings[0]?.cause;
}

describe.each(stages)("vsftpd's OOPS at %s, after %j", (stage, before) => {
  it("is a setting of the server's where it speaks of one, and no refused login", () => {
    const roots = settings.map((text) => `${text} → ${rootOf(stage, before, text) ?? "nothing"}`);
    expect(roots.filter((line) => !line.endsWith("→ server-setting-broken"))).toEqual([]);
  });

  it("is a process that died where it speaks of one", () => {
    expect(deaths.map((text) => rootOf(stage, before, text))).toEqual(deaths.map(() => "server-process-died"));
  });

  it("is matched so in a pasted log", () => {
    const paste = (text: string): string =>
      [
        ...before.map((line) => line.slice(2)),
        `500 OOPS: ${text}`,
        "421 Service not available, remote server has closed connection",
      ].join("\n");
    const found = settings.map((text) => `${text} → ${candidatesIn([paste(text)])[0]?.cause ?? "nothing"}`);
    expect(found.filter((line) => !line.endsWith("→ server-setting-broken"))).toEqual([]);
  });
});
