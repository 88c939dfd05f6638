/** report.html: one file that loads nothing else. */
import { createHash } from "node:crypto";
import type { MatrixReport } from "../../harness/model/report";
import { headline } from "../wording";
import type { PageParts } from "./parts";
import { texts } from "./texts";

/** Longest text that comes along; nothing on the page shows more of one. */
const longestText = 4000;

/**
 * The page of a report. Its own script and style run, known by their hashes, and nothing else: a server's reply that reads like
 * HTML is text, and no request leaves the page.
 */
export function htmlReport(report: MatrixReport, { script, style, renderStatic }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const fitting = shortened(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(`${headline(report).text} · ${texts.title}`)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="root">${renderStatic(fitting)}</div>
<script type="application/json" id="report">${dataText(fitting)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** CSP Level 3 section 2.3.1. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}

/** JSON that no HTML parser takes for an end tag or a comment. */
function dataText(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function shortened(report: MatrixReport): MatrixReport {
  const text = JSON.stringify(report, (_, value: unknown) =>
    typeof value === "string" && value.length > longestText ? `${value.slice(0, longestText - 1)}…` : value,
  );
  return JSON.parse(text) as MatrixReport;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
