/** The night's regressions and the issues that are open → what is to be done with issues. */
import type { Regression } from "./regressions";

/** All that this tool opens carry it, and nothing else is ever touched. */
export const nightlyLabel = "nightly-regression";
/** Carried from the first night without the regression to the second, which closes the issue, or to the next with it. */
export const greenLabel = "green-once";

export type OpenIssue = { readonly number: number; readonly body: string; readonly labels: readonly string[] };

export type IssueAction =
  | { readonly kind: "open"; readonly title: string; readonly body: string; readonly labels: readonly string[] }
  | { readonly kind: "add-label" | "remove-label"; readonly issue: number; readonly label: string }
  | { readonly kind: "close"; readonly issue: number; readonly comment: string };

/** More at once is one fault of the machine, and nobody would read them. */
const mostNewIssues = 10;

/**
 * One issue for each regression. One that is not seen is marked, and closed when it is not seen the night after that.
 * @param isWhole whether all cells were run: else what is not seen is not known to be cured
 */
export function planIssues(
  regressions: readonly Regression[],
  open: readonly OpenIssue[],
  isWhole: boolean,
): readonly IssueAction[] {
  const ours = open.flatMap((issue) => {
    const fingerprint = issue.labels.includes(nightlyLabel) ? fingerprintIn(issue.body) : null;
    return fingerprint === null ? [] : [{ ...issue, fingerprint }];
  });
  const known = new Set(ours.map(({ fingerprint }) => fingerprint));
  const seen = new Set(regressions.map(({ fingerprint }) => fingerprint));
  const fresh = regressions.filter(({ fingerprint }) => !known.has(fingerprint));
  return [
    ...fresh.slice(0, mostNewIssues).map(({ fingerprint, title, body }): IssueAction => {
      return { kind: "open", title, body: `${body}\n\n${markOf(fingerprint)}\n`, labels: [nightlyLabel] };
    }),
    ...ours.flatMap(({ number, labels, fingerprint }): readonly IssueAction[] => {
      const wasGreen = labels.includes(greenLabel);
      if (seen.has(fingerprint)) return wasGreen ? [{ kind: "remove-label", issue: number, label: greenLabel }] : [];
      if (!isWhole) return [];
      if (!wasGreen) return [{ kind: "add-label", issue: number, label: greenLabel }];
      return [{ kind: "close", issue: number, comment: "Not seen in the last two nights." }];
    }),
  ];
}

/** An action in a line. */
export function actionText(action: IssueAction): string {
  switch (action.kind) {
    case "open":
      return `open: ${action.title}`;
    case "add-label":
      return `#${action.issue}: add label ${action.label}`;
    case "remove-label":
      return `#${action.issue}: remove label ${action.label}`;
    case "close":
      return `#${action.issue}: close`;
  }
}

/** A comment, which GitHub does not show. */
function markOf(fingerprint: string): string {
  return `<!-- ftp-nat-matrix fingerprint ${fingerprint} -->`;
}

/** The last one counts: the rest of a body may be text that somebody wrote. */
function fingerprintIn(body: string): string | null {
  return [...body.matchAll(/<!-- ftp-nat-matrix fingerprint ([0-9a-f]{12}) -->/g)].at(-1)?.[1] ?? null;
}
