import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matrix } from "../../../support/command";
import { until } from "../../../support/lab-run";

jest.setTimeout(120_000);

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "show-"));
});
afterEach(async () => {
  await rm(base, { recursive: true });
});

describe("show", () => {
  it.each(["a folder", "a report"])("prints the address and serves %s until it is interrupted", async (what) => {
    const page = join(base, "report.html");
    await writeFile(page, "<p>page</p>");
    const path = what === "a folder" ? base : page;
    const { child, output, ended } = matrix(["show", path, "--no-open"]);
    await until(() => output().stdout.includes("http://"), 20_000, "an address");
    const [url = ""] = /http:\S+\//.exec(output().stdout) ?? [];
    expect(await (await fetch(url)).text()).toBe("<p>page</p>");
    child.kill("SIGINT");
    expect((await ended).exitCode).toBe(0);
  });

  it("says what to do where there is no page", async () => {
    const { exitCode, stderr } = await matrix(["show", base]).ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is no report.html");
  });
});
