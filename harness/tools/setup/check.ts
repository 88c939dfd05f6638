/** What a check of `doctor` found. */
export type Finding =
  | { readonly status: "ok"; readonly detail: string }
  | { readonly status: "failed"; readonly detail: string; readonly remedy: string }
  /** It needs something that another check has already found missing. */
  | { readonly status: "skipped"; readonly detail: string };

export type CheckResult = { readonly id: string; readonly title: string } & Finding;

export function fine(detail: string): Finding {
  return { status: "ok", detail };
}

/** One line each: output of engines and commands may have more. */
export function failed(detail: string, remedy: string): Finding {
  return { status: "failed", detail: detail.replace(/\s*\n\s*/g, "; "), remedy };
}

export function skipped(detail: string): Finding {
  return { status: "skipped", detail };
}
