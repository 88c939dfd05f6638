import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackFiles } from "../../harness/bugs/bundle/tarball";
import { matrix } from "../support/command";
import { pastedLogs } from "../support/pasted-logs";

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A log as a file of its own; gives its path. */
function pasted(name: keyof typeof pastedLogs): string {
  const path = join(folder, `${name}.log`);
  writeFileSync(path, pastedLogs[name]);
  return path;
}

describe("a draft from a pasted log", () => {
  it.each(["curlPrivate227", "basicFtp425"] as const)("of %s is reproduced, and its fixes cure", async (name) => {
    const { exitCode, stdout } = await matrix(["reproduce", "--from", pasted(name), "--run", "--variants-only"]).ended;
    expect(stdout).toContain("reproduced, and every other variant shows what it should.");
    expect(exitCode).toBe(0);
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
