import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matrix } from "../support/command";
import { coreSize } from "../support/inputs";

jest.setTimeout(120_000);

/** An engine that is not there, so that a command which should start nothing would show that it tried. */
const noEngine = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

describe("the command line", () => {
  test.each([
    [["--topology", "server-nat-helpr"], "did you mean `server-nat-helper`?"],
    [["--mode", "ftps-cc"], "did you mean `ftps-ccc`?"],
    [["--data", "pas"], "did you mean `pasv`?"],
    [["--client", "basic-ftp+no-resum"], "did you mean `no-resume`?"],
    [["--grep", "("], "--grep:"],
    [["lst"], "did you mean `list`?"],
    [["direct/tls-optional/basic-ftp/ftp/pasv"], "is neither a command"],
    [["nowhere.yaml"], "nowhere.yaml"],
    [["--repeat-each", "0"], "whole number from 1"],
    [["--reporter", "xml"], "terminal, github, json, markdown, html, junit, ctrf"],
    [["--shard", "4/3"], "a share such as 2/3"],
    [["--topology", "direct", "--shard", "1/2", "--durations", "nowhere"], "cannot read nowhere"],
    [["--topology", "direct", "--update-expected"], "no scenario file to write to"],
    [["completion", "tcsh"], "bash, zsh, fish"],
    [["merge", "nowhere"], "cannot read nowhere"],
    [["compare", "package.json", "package.json"], "is not a report"],
    [["--evidence", "maybe"], "retain-on-unexpected"],
    [["--topology", "server-nat", "--router-rules", "nowhere.rules"], "nowhere.rules cannot be read"],
    [["--topology", "server-nat", "--router-rules", "package.json"], "neither the output of iptables-save"],
    [["list", "--jsn"], "Did you mean --json?"],
    [["--toplogy", "direct"], "Did you mean --topology?"],
    [["compare", "nowhere"], "missing required argument 'after'"],
    [["reproduce"], "expected the file of a report, or --from with a log"],
    [["run", "lst"], "did you mean `list`?"],
    [["shell", "direct/tls-optional/basic-ftp/ftp/pasv/list", "router"], "client or server"],
  ])("refuses %j with exit code 2 and one message, and starts nothing", async (args, text) => {
    const { exitCode, stdout, stderr } = await matrix(args, noEngine).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
  });

  test("says that no cell matches with exit code 4", async () => {
    const { exitCode, stderr } = await matrix(["--topology", "ipv6-firewall", "--data", "pasv"], noEngine).ended;
    expect(exitCode).toBe(4);
    expect(stderr).toContain("IPv6 has no PASV and PORT");
  });

  test.each(["--version", "-V"])("says its version alone, for %s", async (flag) => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
    expect(await matrix([flag], noEngine).ended).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("outlives a reader that has seen enough", async () => {
    const list = matrix(["list"], noEngine);
    list.child.stdout?.once("data", () => list.child.stdout?.destroy());
    const { exitCode, stderr } = await list.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("says where cells of other servers are, when only those match", async () => {
    const { exitCode, stderr } = await matrix(["--grep", "/tls-required/"], noEngine).ended;
    expect(exitCode).toBe(4);
    expect(stderr).toContain("--server '*'");
  });

  test("ends with exit code 3 and the remedy when there is no engine", async () => {
    const { exitCode, stderr } = await matrix(["--topology", "direct"], noEngine).ended;
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/DOCKER_HOST.*does not answer/);
  });

  test("names file, line and column of what is wrong in a scenario", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-test-"));
    try {
      const file = join(folder, "broken.yaml");
      await writeFile(
        file,
        "name: broken\ndescription: Wrong on purpose.\ninclude:\n  - topology: [server-nat-helpr]\n    mode: [ftpz]\n",
      );
      const { exitCode, stderr } = await matrix([file], noEngine).ended;
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${file}:4:`);
      expect(stderr).toContain(`${file}:5:`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("lists the core matrix as JSON without an engine", async () => {
    const { exitCode, stdout } = await matrix(["list", "--json"], noEngine).ended;
    expect(exitCode).toBe(0);
    const { cells } = JSON.parse(stdout) as {
      readonly cells: readonly { readonly expected: { readonly reason: string } }[];
    };
    expect(cells).toHaveLength(coreSize);
    expect(cells.every((cell) => cell.expected.reason.length > 20)).toBe(true);
  });
});
