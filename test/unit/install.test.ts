import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands in for npm: notes that it was called and where, and leaves a node_modules behind unless told to fail. */
const fakeNpm = `
const fs = require("node:fs");
const { join, relative } = require("node:path");
fs.appendFileSync(join(__dirname, "calls"), [relative(__dirname, "."), ...process.argv.slice(2)].join(" ").trim() + "\\n");
fs.rmSync("node_modules", { recursive: true, force: true });
if (fs.existsSync("fail")) process.exit(1);
fs.mkdirSync("node_modules");
`;

const tested = "harness/agent/node-clients";

describe("installing packages", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
    mkdirSync(join(folder, tested), { recursive: true });
    copyFileSync(join(__dirname, "../../harness/install.mjs"), join(folder, "harness/install.mjs"));
    for (const part of [".", tested]) writeFileSync(join(folder, part, "package-lock.json"), '{"lockfileVersion":3}');
    writeFileSync(join(folder, "npm.js"), fakeNpm);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const install = (...args: string[]) => {
    const env = { ...process.env, npm_execpath: join(folder, "npm.js") };
    const installer = join(folder, "harness/install.mjs");
    const result = spawnSync(process.execPath, [installer, ...args], { env, encoding: "utf8" });
    const callsFile = join(folder, "calls");
    const calls = existsSync(callsFile) ? readFileSync(callsFile, "utf8").trim().split("\n") : [];
    return { exitCode: result.status, output: result.stdout + result.stderr, calls };
  };

  const ci = "ci --no-audit --no-fund";

  it("runs npm ci once in each folder, and nothing the second time", () => {
    expect(install()).toMatchObject({ exitCode: 0, calls: [ci, `${tested} ${ci}`] });
    const second = install();
    expect(second).toMatchObject({ exitCode: 0, output: "✓ Packages: up to date\n✓ Tested libraries: up to date\n" });
    expect(second.calls).toHaveLength(2);
  });

  it("installs one folder alone, and says nothing when it is up to date and to be quiet", () => {
    expect(install("--quiet", tested)).toMatchObject({ exitCode: 0, calls: [`${tested} ${ci}`] });
    expect(install("--quiet", tested)).toMatchObject({ exitCode: 0, output: "", calls: [`${tested} ${ci}`] });
  });

  it("runs it again where the lock file changes", () => {
    install();
    writeFileSync(join(folder, "package-lock.json"), '{"lockfileVersion":3,"packages":{}}');
    expect(install().calls).toEqual([ci, `${tested} ${ci}`, ci]);
  });

  it("does not take a node_modules without a stamp for up to date", () => {
    mkdirSync(join(folder, "node_modules"));
    expect(install().calls).toContain(ci);
  });

  it("leaves no stamp after an installation that failed", () => {
    install();
    writeFileSync(join(folder, "package-lock.json"), "{}");
    writeFileSync(join(folder, "fail"), "");
    expect(install()).toMatchObject({ exitCode: 3 });
    writeFileSync(join(folder, "package-lock.json"), '{"lockfileVersion":3}');
    expect(install("--check").exitCode).toBe(3);
  });

  it("only looks when asked to check", () => {
    const check = install("--check");
    expect(check.exitCode).toBe(3);
    expect(check.calls).toEqual([]);
  });
});
