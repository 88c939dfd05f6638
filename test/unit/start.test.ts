import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectVersion } from "../../harness/lab/project";
import { copyProject } from "../support/copy-project";

jest.setTimeout(120_000);

describe("starting from a clone", () => {
  let clone: string;

  beforeAll(() => {
    clone = copyProject();
  });

  afterAll(() => {
    rmSync(clone, { recursive: true, force: true });
  });

  const start = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["harness/start.cjs", "cli", ...args], {
      cwd: clone,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const version = projectVersion();
  const builtAt = (): number => statSync(join(clone, "dist", "stamp")).mtimeMs;
  const direct = (): string => join(clone, "topologies", "direct.yaml");
  const list = ["list", "--mode", "ftp", "--data", "epsv", "--operation", "list"];

  it("builds first when nothing is built, with no word of it on stdout", () => {
    expect(start("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("does not build again while nothing changes", () => {
    const before = builtAt();
    expect(start("--version").status).toBe(0);
    expect(builtAt()).toBe(before);
  });

  it("takes in a network whose file comes, and forgets it when the file goes", () => {
    const file = join(clone, "topologies", "no-obstacle.yaml");
    copyFileSync(direct(), file);
    expect(start(...list).stdout).toContain("no-obstacle/");
    rmSync(file);
    expect(start(...list).stdout).not.toContain("no-obstacle/");
  });

  it("names what is wrong in a network's file where the catalogue is needed, and only there", () => {
    const text = readFileSync(direct(), "utf8");
    writeFileSync(direct(), `${text}nonsense: 1\n`);
    const { status, stderr } = start(...list);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`${direct()}:`) as string });
    expect(start("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
    writeFileSync(direct(), text);
  });

  it("runs a source as it is now", () => {
    appendFileSync(join(clone, "harness", "cli.ts"), '\nprocess.stdout.write("changed\\n");\n');
    expect(start("--version").stdout).toContain("changed\n");
  });

  it("says what to do where no packages are installed", () => {
    rmSync(join(clone, "node_modules"));
    const { status, stderr } = start("--version");
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining("Run `npm run setup`") as string });
  });
});
