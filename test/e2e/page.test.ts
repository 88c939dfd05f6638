import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { MatrixReport } from "../../harness/model/report";
import { reportJson } from "../../reports/forms/json";
import { html } from "../../reports/forms/html";
import { writeReport } from "../../reports/write";
import { becomes, describeInBrowser, startBrowser } from "../support/browser";
import { showFiltered } from "../support/page-filter";
import { realReport, repeated, withCells } from "../support/report-fixtures";

const blind = "server-nat-helper/tls-optional/basic-ftp/ftps/epsv/list";

jest.setTimeout(60_000);

describeInBrowser("report.html in Chromium", () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await startBrowser();
    folder = await mkdtemp(join(tmpdir(), "page-"));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page of a report from disk; `troubles` gets requests that leave it, errors and refusals of its policy. */
  async function open(report: MatrixReport, hash = "", options: BrowserContextOptions = {}) {
    await writeReport(report, folder, [html]);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const troubles: string[] = [];
    const own = `file://${folder}/report.html`;
    page.on("request", (request) => {
      if (!request.url().startsWith(own) && request.url() !== "data:,") troubles.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.goto(`${own}${hash}`);
    await page.waitForSelector("h1");
    return { page, troubles };
  }

  it("opens from disk, asks nobody for anything and says first whether all is as expected", async () => {
    const report = realReport();
    const { page, troubles } = await open(report);
    expect(await page.textContent(".headline strong")).toBe("72 of 72 cells as expected");
    expect(await page.locator("a.tile").count()).toBe(36);
    expect(await page.locator("a.tile.failed").count()).toBe(new Set(failedSpots(report)).size);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("tells why a cell failed and three ways to cure it", async () => {
    const { page, troubles } = await open(realReport());
    await page.getByRole("link", { name: "server-nat-helper, ftps EPSV: failed at data-connect" }).click();
    expect(await page.textContent("#cell-title")).toContain("TLS hides the data connection's port");
    expect(await page.textContent(".why")).toContain("could not read the 229 reply inside TLS");
    expect(await page.locator(".cures li").count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator(".sequence li.packet.failed").textContent()).toContain("data SYN");
    expect(await page.locator(".sequence li.rule.failed").textContent()).toContain("DROP in filter:INPUT");
    expect(await page.textContent(".stages .failed")).toContain("data-connect");
    expect(await page.locator(".drawing .node").allTextContents()).toHaveLength(3);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("leads who does not know the tool from the first screen to why FTPS fails and three cures, in two clicks", async () => {
    const { page } = await open(realReport());
    const isOnScreen = async (target: Locator): Promise<boolean> => {
      const box = await target.boundingBox();
      return box !== null && box.y >= 0 && box.y + box.height <= 800;
    };
    // Read: all is as expected, and under "Why cells fail" a cause that names helper and TLS.
    expect(await isOnScreen(page.getByText("72 of 72 cells as expected"))).toBe(true);
    const cause = page.getByRole("link", { name: /^helper-blind-to-tls/ });
    expect(await isOnScreen(cause)).toBe(true);
    await cause.click();
    // Read: the networks and modes that are left, and a cross.
    await becomes(() => page.locator(".matrix tbody th").allTextContents(), ["double-nat-helper", "server-nat-helper"]);
    await becomes(() => page.locator(".matrix thead .name").allTextContents(), ["ftps"]);
    const row = page.getByRole("row", { name: "server-nat-helper" });
    const cross = row.locator("a.tile.failed").first();
    expect(await isOnScreen(cross)).toBe(true);
    await cross.click();
    // Read, without scrolling: why, and what cures it, each with whose business it is and what to type.
    await becomes(() => isOnScreen(page.locator("#cell-title")), true);
    expect(await page.textContent("#cell-title")).toContain(
      "TLS hides the data connection's port from the router's FTP",
    );
    expect(await isOnScreen(page.locator(".why"))).toBe(true);
    const cures = page.locator(".cures li");
    expect(await isOnScreen(cures.nth(2))).toBe(true);
    const texts = await cures.allInnerTexts();
    for (const words of ["CCC", "Forward and allow the passive ports", "active mode"])
      expect(texts.filter((text) => text.includes(words))).toHaveLength(1);
    await page.close();
  });

  it("draws what a helper rewrote and expected, and says where there is no such cell", async () => {
    const { page } = await open(realReport(), "#cell=server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list");
    expect(await page.locator(".sequence .change").allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining("router changed it to 227 Entering Passive Mode (203,0,113,1,")]),
    );
    expect(await page.locator(".sequence li.expectation").first().textContent()).toContain("expects 203.0.113.");
    await page.goto(`file://${folder}/report.html#cell=no/such/cell`);
    await page.reload();
    expect(await page.textContent("main")).toContain("no cell no/such/cell");
    await page.close();
  });

  it.each(["light", "dark"] as const)("has nothing that axe finds, in %s", async (colorScheme) => {
    const source = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
    const surprising = withClaim(withHistory(withSurprise(realReport())));
    const views = ["causes", "networks", "claims", "compare", "run"].map((view) => `#view=${view}`);
    for (const hash of ["", `#cell=${blind}`, ...views]) {
      const { page } = await open(surprising, hash, { colorScheme });
      if (hash === "#view=compare") await pickEarlier(page);
      await page.evaluate(source);
      expect({ hash, violations: await violationsIn(page) }).toEqual({ hash, violations: [] });
      await page.close();
    }
  });

  it("shows what a cell came to in the last runs, where the report remembers them", async () => {
    const { page } = await open(withHistory(realReport()), `#cell=${blind}`);
    expect(await page.locator(".history li").allInnerTexts()).toHaveLength(4);
    const words = await page.locator(".history .unseen").allTextContents();
    expect([words[1], words[3]]).toEqual([
      "2026-03-02 02:37: worked, not as expected",
      "this run: failed, as expected",
    ]);
    await page.goto(`file://${folder}/report.html#cell=${blind.replace("/epsv/", "/pasv/")}`);
    await page.reload();
    await becomes(() => page.locator(".history li").count(), 4);
    await page.close();
    const { page: forgetful } = await open(realReport(), `#cell=${blind}`);
    expect(await forgetful.locator(".history").count()).toBe(0);
    await forgetful.close();
  });

  it("is used from the keyboard alone", async () => {
    const { page } = await open(realReport());
    await page.keyboard.press("/");
    await page.keyboard.type("t:server-nat-helper");
    await becomes(() => page.textContent(".filter .count"), "24 of 72 cells");
    await page.locator("a.tile[tabindex='0']").focus();
    for (const key of ["ArrowRight", "End", "Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await becomes(() => focused(page), "server-nat-helper, ftp PORT: worked");
    await page.keyboard.press("Enter");
    await becomes(() => page.evaluate("document.activeElement.id"), "cell-title");
    await page.keyboard.press("Escape");
    await becomes(() => focused(page), "server-nat-helper, ftp PORT: worked");
    await page.close();
  });

  it("keeps one tile in the tab order whatever a filter leaves, and each one without JavaScript", async () => {
    const { page } = await open(realReport());
    const stops = page.locator("a.tile[tabindex='0']");
    await stops.focus();
    await page.keyboard.press("ArrowRight");
    // The tile that was in it goes; then the first place of the table is empty.
    for (const query of ["d:pasv", "d:epsv", "", "t:server-nat-helper d:port"]) {
      await page.locator("#filter").fill(query);
      await becomes(async () => ({ query, stops: await stops.count() }), { query, stops: 1 });
    }
    await page.close();
    const { page: still } = await open(realReport(), "", { javaScriptEnabled: false });
    expect(await still.locator("a.tile[tabindex]").count()).toBe(0);
    await still.close();
  });

  it("says which value no cell has and offers the one that was meant", async () => {
    const { page } = await open(realReport(), "#q=t:sevrer-nat-helper%20m:ftps");
    expect(await page.textContent(".filter .misfit")).toBe(
      " · No cell has t:sevrer-nat-helper. Did you mean t:server-nat-helper?",
    );
    await page.getByRole("link", { name: "t:server-nat-helper" }).click();
    await becomes(() => page.locator(".filter .misfit").count(), 0);
    expect(page.url()).toContain("#q=t:server-nat-helper%20m:ftps");
    // A button adds to what is typed, and takes back what it added.
    await page.getByRole("button", { name: "Failed" }).click();
    await becomes(() => page.inputValue("#filter"), "t:server-nat-helper m:ftps r:failed");
    await page.getByRole("button", { name: "Worked" }).click();
    await becomes(() => page.inputValue("#filter"), "t:server-nat-helper m:ftps r:worked");
    await page.getByRole("button", { name: "Worked" }).click();
    await becomes(() => page.inputValue("#filter"), "t:server-nat-helper m:ftps");
    await page.close();
  });

  it("shows commands whole, and beside the matrix leaves the head of the page where it is", async () => {
    const { page } = await open(realReport(), `#cell=${blind}`, { viewport: { width: 2560, height: 800 } });
    await page.waitForFunction("document.activeElement.id === 'cell-title'");
    expect(await page.evaluate("scrollY")).toBe(0);
    const cut =
      "[...document.querySelectorAll('.paste pre')].filter((pre) => pre.scrollWidth > pre.clientWidth).length";
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect({ width, cut: await page.evaluate(cut) }).toEqual({ width, cut: 0 });
    }
    await page.close();
  });

  it("keeps its whole state in the address, and goes back", async () => {
    const { page } = await open(realReport(), "#q=m:ftps&swap=1");
    expect(await page.locator(".matrix tbody th").allTextContents()).toEqual(["ftps"]);
    await page.locator("a.tile.failed").first().click();
    await page.waitForSelector("#cell-title");
    expect(page.url()).toContain("#q=m:ftps&swap=1&cell=");
    await page.reload();
    await becomes(() => page.locator("#cell-title").count(), 1);
    await page.goto(`file://${folder}/report.html#q=m:ftps&swap=1`);
    await page.goBack();
    await page.waitForSelector("#cell-title");
    await page.close();
  });

  // How long it takes is measured by `npm run bench:page`.
  it("filters 10,000 cells", async () => {
    const report = repeated(realReport(), 10_000);
    const { page } = await open(report);
    expect(await page.textContent(".filter .count")).toBe("10,000 cells");
    const ftps = report.cells.filter(({ mode }) => mode === "ftps").length;
    const failed = report.cells.filter(({ result }) => result === "failed").length;
    for (const [query, count] of Object.entries({ "m:ftps": ftps, "r:failed": failed })) {
      await showFiltered(page, query);
      await becomes(() => page.textContent(".filter .count"), `${count.toLocaleString("en")} of 10,000 cells`);
    }
    await page.close();
  });

  it("goes by arrow keys from the rows that are there at once to those that come later, and back", async () => {
    const { page } = await open(repeated(realReport(), 10_000));
    await page.waitForSelector(".matrix tbody:nth-of-type(2)");
    const row = (): Promise<unknown> =>
      page.evaluate(`[...document.querySelectorAll(".matrix tbody tr")].indexOf(document.activeElement.closest("tr"))`);
    const edge = await page.locator(".matrix tbody:first-of-type tr").count();
    await page.locator(".matrix tbody:first-of-type tr:last-child a.tile").first().focus();
    await becomes(row, edge - 1);
    await page.keyboard.press("ArrowDown");
    await becomes(row, edge);
    await page.keyboard.press("ArrowUp");
    await becomes(row, edge - 1);
    await page.close();
  });

  it("shows hostile text as text, cut, and runs none of it", async () => {
    const { page, troubles } = await open(hostile(realReport()), `#cell=${blind}`);
    expect(await page.title()).toContain("1 unexpected");
    const text = (await page.textContent("main")) ?? "";
    expect(text).toContain("</script><script>document.title='taken'</script>");
    expect(text).toContain("\\u202egnp.exe");
    expect(text).toContain("\\x1b[31m");
    expect(text.length).toBeLessThan(100_000);
    const files = page.locator("dl.facts a");
    expect(await files.count()).toBe(3);
    for (const link of await files.all()) expect(await link.getAttribute("href")).toMatch(/^\.\//);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("shows matrix and verdicts without JavaScript", async () => {
    const { page } = await open(realReport(), "", { javaScriptEnabled: false });
    expect(await page.textContent(".headline strong")).toBe("72 of 72 cells as expected");
    await page.getByRole("link", { name: "server-nat-helper, ftps EPSV" }).click();
    const target = page.locator(".verdict-line:target");
    expect(await target.textContent()).toContain("failed at data-connect (helper-blind-to-tls)");
    expect(await target.isVisible()).toBe(true);
    await page.close();
  });

  it("compares with another report that is picked, and says of a foreign file that it is none", async () => {
    const { page } = await open(withSurprise(realReport()), "#view=compare");
    await pickEarlier(page);
    expect(await page.textContent(".compare .sum")).toContain("Worse · Regressions: 1");
    expect(await page.textContent(".compare .regressions")).toContain(
      `${blind}before: failed at data-connect (helper-blind-to-tls) →  now: failed at data-connect (helper-blind-to-tls), unexpected`,
    );
    await page.setInputFiles("input[type=file]", await fileOf("other.json", '{"cells": 1}'));
    await page.waitForSelector(".compare .unknown");
    expect(await page.textContent(".compare .unknown")).toContain("other.json is not a report.json");
    await page.close();
  });

  it.each([360, 1280, 2560])("fits a screen of %i px", async (width) => {
    const views = ["networks", "claims", "compare", "run"].map((view) => `#view=${view}`);
    for (const hash of ["", `#cell=${blind}`, ...views]) {
      const report = withClaim(withHistory(withSurprise(realReport())));
      const { page } = await open(report, hash, { viewport: { width, height: 800 } });
      if (hash === "#view=compare") await pickEarlier(page);
      const inner = await page.evaluate("document.documentElement.scrollWidth");
      expect({ hash, inner }).toEqual({ hash, inner: width });
      await page.close();
    }
  });

  /** Compares with the same run, as it was before anything surprised. */
  async function pickEarlier(page: Page): Promise<void> {
    await page.setInputFiles("input[type=file]", await fileOf("before.json", reportJson(realReport())));
    await page.waitForSelector(".compare .regressions");
  }

  async function fileOf(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }
});

function failedSpots({ cells }: MatrixReport): readonly string[] {
  return cells
    .filter(({ result }) => result === "failed")
    .map(({ topology, mode, data }) => `${topology} ${mode} ${data}`);
}

/** One failure that nobody expected. */
function withSurprise(report: MatrixReport): MatrixReport {
  return withCells(
    report,
    report.cells.map((cell) => (cell.id === blind ? { ...cell, outcome: "unexpected" } : cell)),
  );
}

/** A sentence that one of its cells contradicts. */
function withClaim(report: MatrixReport): MatrixReport {
  const failure = { result: "failed", stage: "data-connect", cause: "helper-blind-to-tls" } as const;
  const cells = { speaks: "for", cells: "server-nat-helper/**", ...failure } as const;
  const shown = [blind, blind.replace("epsv", "pasv")].map((id, at) => ({ id, ...failure, asStated: at === 0 }));
  const sentence = {
    id: "blind",
    text: "FTPS fails behind a helper.",
    verdict: "holds",
    because: "TLS hides it.",
  } as const;
  return { ...report, claims: [{ ...sentence, outcome: "contradicted", evidence: [{ ...cells, shown }] }] };
}

/** What the cells came to in three earlier runs. */
function withHistory(report: MatrixReport): MatrixReport {
  const runs = [1, 2, 3].map((day) => ({ id: `night-${day}`, startedAt: `2026-03-0${day}T02:37:00Z` }));
  const cells = Object.fromEntries(report.cells.map(({ id }) => [id, id === blind ? "fWx" : "wy-"]));
  return { ...report, history: { runs, cells } };
}

/** What a server, a file name or a user might say to harm. */
function hostile(report: MatrixReport): MatrixReport {
  const evil = "</script><script>document.title='taken'</script><!-- <img src=x onerror=alert(1)>";
  const long = "x".repeat(1_000_000);
  const cells = report.cells.map((cell) =>
    cell.id === blind
      ? {
          ...cell,
          outcome: "unexpected" as const,
          message: `${evil} \u202egnp.exe \x1b[31m`,
          expected: { ...cell.expected, reason: long },
          evidence: ["cells/\u202e</a><script>/client.txt", "//away.example/\ud800", "javascript:alert(1)"],
        }
      : cell,
  );
  const examples = report.examples.map((example) => ({
    ...example,
    steps: example.steps.map((step) => ({ ...step, text: `${evil}${long.slice(0, 10_000)}`, from: evil })),
    seen: [{ witness: evil, text: evil }],
  }));
  const networks = report.networks.map((network) => ({ ...network, title: evil, description: `${evil} \`${evil}` }));
  return { ...withCells(report, cells), examples, networks };
}

async function violationsIn(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

function focused(page: Page): Promise<string | null> {
  return page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')");
}
