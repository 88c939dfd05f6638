import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackFiles } from "../../harness/bugs/bundle/tarball";
import { matrix } from "../support/command";
import { filezillaNotDialled, pastedLogs } from "../support/pasted-logs";

jest.setTimeout(120_000);

// Tests that run side by side begin before any hook.
const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A log as a file of its own; gives its path. */
function pasted(name: keyof typeof pastedLogs): string {
  const path = join(folder, `${name}.log`);
  writeFileSync(path, pastedLogs[name]);
  return path;
}

const login = "220 ProFTPD Server (files) [203.0.113.5]\nUSER b\n331 c\nPASS d\n230 e\n";

/** Pieces of public threads, with the break that each shows. */
const pieces: readonly (readonly [string, string, string])[] = [
  [
    "0.0.0.0 in 227",
    `${login}PASV\n227 Entering Passive Mode (0,0,0,0,70,80)\nLIST\nConnection timed out`,
    "failed at data-connect (passive-address-unroutable)",
  ],
  [
    "a private address in 227 that the client did not dial, over TLS",
    filezillaNotDialled,
    "failed at data-connect (helper-blind-to-tls)",
  ],
  [
    "mod_tls's refusal in a warning of PHP",
    "PHP Warning:  ftp_nlist(): Unable to build data connection: Operation not permitted in /srv/a.php on line 3",
    "failed at data-tls (tls-session-not-reused)",
  ],
];

async function runDraft(path: string): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return matrix(["reproduce", "--from", path, "--run", "--variants-only"]).ended;
}

describe("a draft from a pasted log", () => {
  it.concurrent.each(["curlPrivate227", "basicFtp425"] as const)(
    "of %s is reproduced, and its fixes cure",
    async (name) => {
      const { exitCode, stdout } = await runDraft(pasted(name));
      expect(stdout).toContain("reproduced, and every other variant shows what it should.");
      expect(exitCode).toBe(0);
    },
  );

  it.concurrent.each(pieces)("of %s is reproduced with the same break", async (name, text, shown) => {
    const path = join(folder, `${name}.log`);
    writeFileSync(path, text);
    const { exitCode, stdout } = await runDraft(path);
    expect(stdout).toContain(`reproduced: ${shown}`);
    expect(exitCode).toBe(0);
  });

  it.concurrent("is not reproduced where the lab stops without the log's reply, and says so", async () => {
    const path = join(folder, "reply.log");
    writeFileSync(
      path,
      `${login}PASV\n227 a (203,0,113,5,195,80)\nLIST\n425 Unable to build data connection: Connection timed out`,
    );
    const { exitCode, stdout } = await runDraft(path);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "not reproduced: no reply in place of 425 The report's session stopped at data-connect with 425 (passive-port-not-forwarded); the lab's stopped at data-connect (passive-port-not-forwarded).",
    );
    expect(exitCode).toBe(1);
  });
});

describe("a bundle", () => {
  /** A reporter's own command line, with an account that the lab's server does not know. */
  const report = `title: ftp.acme-widgets.com refuses jsmith
reported: { text: "Connected to ftp.acme-widgets.com (93.184.216.34) port 21" }
network: server-nat-helper
client: { id: curl, command: "curl -v --user jsmith:Tr0ub4dor ftp://{host}:{port}/" }
mode: ftp
variants:
  reported: { shows: { result: failed, stage: login, cause: login-refused } }
  fixed:
    change: The right account.
    client: { command: "curl -v --user {user}:{password} ftp://{host}:{port}/list/" }
    shows: { result: worked }
`;

  it("holds what was seen and nothing that is the reporter's, and can be diagnosed without a lab", async () => {
    const [file, bundle] = [join(folder, "refused.yaml"), join(folder, "refused.tar.gz")];
    writeFileSync(file, report);
    const run = await matrix(["reproduce", file, "--variants-only", "--bundle", bundle]).ended;
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining(`wrote ${bundle}`)]);
    const files = await unpackFiles(readFileSync(bundle));
    for (const { path, bytes } of files) {
      const text = `${path}\n${bytes.toString("latin1")}`;
      expect(text).not.toMatch(/acme-widgets|jsmith|tr0ub4dor|93\.184\.216/i);
      expect(bytes.includes(Buffer.from([93, 184, 216, 34]))).toBe(false);
    }
    const paths = files.map(({ path }) => path);
    // The wrong account went over the wire in clear.
    expect(paths.filter((path) => path.startsWith("cells/reported/") && path.endsWith(".pcapng"))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(["README.md", "refused.yaml", "report.txt", "versions.json"]));
    expect(paths.filter((path) => /^cells\/fixed\/.*\/merged\.pcapng$/.test(path))).toHaveLength(1);
    const diagnosed = await matrix(["diagnose", bundle, "--json"]).ended;
    const { recordings } = JSON.parse(diagnosed.stdout) as {
      readonly recordings: readonly {
        readonly path: string;
        readonly diagnosis: { readonly findings: readonly { readonly cause: string }[] };
      }[];
    };
    expect(recordings.map(({ diagnosis }) => diagnosis.findings[0]?.cause)).toEqual([undefined, "login-refused"]);
    expect(recordings[0]?.path).toMatch(/refused\.tar\.gz:cells\/fixed\//);
  });
});
