import { createHash } from "node:crypto";
import { pageParts } from "../../../../reports/page/parts";
import { htmlReport } from "../../../../reports/page/html";
import { realReport } from "../../../support/report-fixtures";
import { allExpected, cellOf, resultOf, withTroubles } from "../../../support/make-report";

describe("htmlReport", () => {
  it("is one file: nothing in it is fetched from anywhere", async () => {
    const html = htmlReport(realReport(), await pageParts());
    expect(html).not.toMatch(/<(script|img|iframe|object|embed|audio|video)[^>]*\ssrc=/i);
    expect(html).not.toMatch(/@import|url\(/);
    expect([...html.matchAll(/<link [^>]*>/g)].map(([link]) => link)).toEqual(['<link rel="icon" href="data:,">']);
  });

  it("lets its own script and style run and nothing else", async () => {
    const html = htmlReport(realReport(), await pageParts());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    for (const [tag, directive] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ]) {
      const text = new RegExp(`<${tag!}>([^]*?)</${tag!}>`).exec(html)?.[1] ?? "";
      const hash = createHash("sha256").update(text, "utf8").digest("base64");
      expect(policy).toContain(`${directive!} 'sha256-${hash}'`);
    }
  });

  it("gives the report's data back, whatever is said in it", async () => {
    const evil = "</script><!--<script>\u2028";
    const cell = resultOf(cellOf("direct", "ftp", "pasv", "list"), { message: evil, outcome: "unexpected" });
    const html = htmlReport({ ...allExpected(), cells: [cell] }, await pageParts());
    const data = /id="report">([^<]*)<\/script>/.exec(html)?.[1] ?? "";
    expect(JSON.parse(data)).toMatchObject({ cells: [{ message: evil }] });
  });

  it("cuts what nobody would read to the end", async () => {
    const cell = resultOf(cellOf("direct", "ftp", "pasv", "list"), { message: "x".repeat(1_000_000) });
    const few = { ...allExpected(), cells: [cell] };
    expect(htmlReport(few, await pageParts()).length).toBeLessThan(200_000);
  });

  it("tells matrix, surprises and every verdict in its static part", async () => {
    const { renderStatic } = await pageParts();
    const html = renderStatic(withTroubles());
    expect(html).toContain("direct/tls-optional/basic-ftp/ftps/pasv/upload");
    expect(html.match(/class="tile /g)).toHaveLength(17 * 7 * 4 + 7);
    const verdicts = html.match(/class="verdict-line"/g);
    expect(verdicts).toHaveLength(15 * 7 * 4 + 2 * 7 * 2);
  });

  it("stays under 5 MB for the core matrix", async () => {
    const real = realReport();
    const core = allExpected();
    // Examples as large as a real run's, at the most that a run keeps.
    const examples = Array.from({ length: 400 }, (_, index) => real.examples[index % real.examples.length]!);
    expect(htmlReport({ ...core, examples }, await pageParts()).length).toBeLessThan(5_000_000);
  });
});
