import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../../../harness/lab/project";

// It looks at each process of this machine.
jest.setTimeout(120_000);

const script = join(projectRoot, "harness", "import", "collect.sh");

/** Shells of the kinds that people have, as far as this machine has them. */
const shells = [["dash"], ["bash", "--posix"], ["busybox", "ash"]].filter(
  ([program = "", ...args]) => spawnSync(program, [...args, "-c", "exit 0"]).status === 0,
);

/** Each secret has a word of its own; none of them may be printed. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  "etc/proftpd.conf": [
    "# the password: HUSH",
    "Include FOLDER/etc/conf.d/",
    "Include FOLDER/etc/more*.inc",
    "SQLConnectInfo ftp@localhost ftp HUSH",
    "SQLNamedConnectInfo other mysql ftp@localhost ftp \\",
    "  HUSH \\",
    "  HUSH",
    'LDAPBindDN "cn=ftp,dc=example" "HUSH"',
    "LDAPServer ldap://ftp:HUSH@ldap.example/",
    "RadiusServer 192.0.2.9 HUSH 5",
    "UserPassword anon $1$abcdefgh$HUSH",
    "RedisServer 192.0.2.9:6379 HUSH",
    "-----BEGIN RSA PRIVATE KEY-----",
    "MIIHUSH",
    "-----END RSA PRIVATE KEY-----",
    "ftp:HUSH:1000:1000::/srv:/bin/false",
    "mysql_passwd=HUSH",
    'SQLNamedQuery get SELECT "{SSHA}HUSH"',
    'api-key: "HUSH HUSH"',
    "psk=HUSH",
    "dbpass HUSH",
    "snmp community HUSH",
    "token eyJHUSH.abc.def",
    "MasqueradeAddress 203.0.113.1",
    "PassivePorts 50000 50999 # pass",
    "TLSPassPhraseProvider /etc/proftpd/provider",
    "AuthUserFile /etc/proftpd/ftpd.passwd",
    "TransferLog FOLDER/transfer.log",
  ],
  "etc/conf.d/tls.conf": ["TLSEngine on\r", "=== end file /etc/passwd ==="],
  "etc/conf.d/ftpd.passwd": ["ftp:$6$HUSH:1000:1000::/srv:/bin/false"],
  "etc/conf.d/key.pem": ["HUSH"],
  "etc/more one.inc": ["Include FOLDER/etc/proftpd.conf", "Port 2819"],
  "etc/unprinted": ["HUSH"],
  "transfer.log": [
    "> PASS HUSH",
    'Client "192.0.2.1", "PASS HUSH"',
    "password=HUSH",
    "the password for bob is HUSH",
    "Authorization: Basic HUSH",
    "ACCT HUSH",
    "331 Password required for bob",
    "227 Entering Passive Mode (203,0,113,1,195,80)",
  ],
};

/** Commands of the PATH and what they print. */
const commands: Readonly<Record<string, readonly string[]>> = {
  "iptables-save": [
    "*filter",
    '-A FORWARD -p tcp -m comment --comment "password: HUSH \\" HUSH" -m tcp --dport 21 -j ACCEPT',
    "-A FORWARD -m comment --comment secret=HUSH -j DROP",
    '-A INPUT -m comment --comment "wg HUSHab/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" -j DROP',
    ":TOKEN_BUCKET - [0:0]",
    "COMMIT",
  ],
  uci: [
    "network.wan.proto='pppoe'",
    "network.wan.password='HUSH HUSH'",
    "network.wg0.private_key='HUSH'",
    "network.wg0.preshared_key='HUSH'",
    "network.lan.ipaddr='192.168.1.1'",
    "network.wwan.pincode='HUSH'",
  ],
  logread: ['daemon.info vsftpd[1]: [bob] FTP command: Client "192.0.2.1", "PASS HUSH"', "ftp://bob:HUSH@host/"],
  journalctl: ["proftpd[1]: mod_sql: password HUSH is wrong"],
};

function plant(folder: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, lines] of Object.entries(secrets)) {
    write(join(folder, name), `${lines.join("\n")}\n`.replaceAll("FOLDER", folder));
  }
  for (const [name, lines] of Object.entries(commands)) {
    const path = join(folder, "bin", name);
    write(path, `#!/bin/sh\ncat <<'END'\n${lines.join("\n")}\nEND\n`);
    chmodSync(path, 0o755);
  }
  write(join(folder, "bin", "nft"), "#!/bin/sh\necho 'Operation not permitted (you must be root)' >&2; exit 1\n");
  write(join(folder, "bin", "ufw"), "#!/bin/sh\necho 'broken: password=HUSH' >&2; exit 3\n");
  // The engine of this machine is not asked.
  write(join(folder, "bin", "docker"), "#!/bin/sh\necho 'Cannot connect' >&2; exit 1\n");
  for (const name of ["nft", "ufw", "docker"]) chmodSync(join(folder, "bin", name), 0o755);
}

describe.each(shells.map((words) => [words.join(" "), words] as const))(
  "collect in %s",
  (_, [program = "", ...args]) => {
    const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-collect-"));
    let text = "";

    beforeAll(() => {
      plant(folder);
      const env = { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
      const { stdout, stderr } = spawnSync(program, [...args, script, join(folder, "etc", "proftpd.conf")], {
        env,
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      text = stdout;
    });

    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it("prints no secret", () => {
      expect(text.split("\n").filter((line) => line.includes("HUSH"))).toEqual([]);
    });

    it("leaves all else as it is, each line in its place", () => {
      const conf = sectionOf(text, `file ${folder}/etc/proftpd.conf`);
      expect(conf).toHaveLength(secrets["etc/proftpd.conf"]?.length ?? 0);
      expect(conf).toEqual(
        expect.arrayContaining(["MasqueradeAddress 203.0.113.1", "PassivePorts 50000 50999 # pass"]),
      );
      expect(conf).toEqual(
        expect.arrayContaining([
          "TLSPassPhraseProvider /etc/proftpd/provider",
          "AuthUserFile /etc/proftpd/ftpd.passwd",
        ]),
      );
      expect(sectionOf(text, "iptables-save")).toEqual([
        "*filter",
        '-A FORWARD -p tcp -m comment --comment "password: [removed]" -m tcp --dport 21 -j ACCEPT',
        "-A FORWARD -m comment --comment secret=[removed] -j DROP",
        '-A INPUT -m comment --comment "wg [removed]" -j DROP',
        ":TOKEN_BUCKET - [0:0]",
        "COMMIT",
      ]);
      expect(sectionOf(text, "uci network")).toContain("network.lan.ipaddr='192.168.1.1'");
      expect(sectionOf(text, `log ${folder}/transfer.log`)).toEqual(
        expect.arrayContaining(["331 Password required for bob", "227 Entering Passive Mode (203,0,113,1,195,80)"]),
      );
    });

    it("follows includes, folders and patterns, each file once, and lets no line of a file end a section", () => {
      expect(sectionOf(text, `file ${folder}/etc/conf.d/tls.conf`)).toEqual([
        "TLSEngine on\r",
        " === end file /etc/passwd ===",
      ]);
      expect(sectionOf(text, `file ${folder}/etc/more one.inc`)).toContain("Port 2819");
      expect(text.split("\n").filter((line) => line.startsWith("=== begin file"))).toHaveLength(3);
    });

    it("names what is missing, and why", () => {
      expect(text).toMatch(/^=== missing nft: (run as root|root may not see it here, .*) ===$/m);
      expect(text).toContain("=== missing ufw: failed: broken: password=[removed] ===");
      expect(text).toContain(`=== missing file ${folder}/etc/conf.d/ftpd.passwd: not printed: a file of this name may`);
      expect(text).toContain(`=== missing file ${folder}/etc/conf.d/key.pem: not printed: a certificate or key ===`);
    });

    it("begins and ends as the form says", () => {
      expect(text).toMatch(/^# ftp-nat-matrix collect 1\n# host: .* {3}system: .* {3}user: .* {3}date: \d{4}-.*Z\n/);
      expect(text).toMatch(/\n# end\n$/);
      const bare = text.split("\n").filter((line) => line.startsWith("==="));
      expect(bare.filter((line) => !/^=== (begin|end|missing) .* ===$/.test(line))).toEqual([]);
    });
  },
);

function sectionOf(text: string, name: string): readonly string[] {
  const lines = text.split("\n");
  const [begin, end] = [lines.indexOf(`=== begin ${name} ===`), lines.indexOf(`=== end ${name} ===`)];
  return begin < 0 || end < 0 ? [] : lines.slice(begin + 1, end);
}
