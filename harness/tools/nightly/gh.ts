/** GitHub's own command line, which its runners have; nothing here goes through a shell. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { LabError, messageOf } from "../../model/errors";
import { greenLabel, nightlyLabel, type IssueAction, type OpenIssue } from "./issue-plan";

const run = promisify(execFile);

async function gh(args: readonly string[]): Promise<string> {
  try {
    return (await run("gh", [...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (cause) {
    const why = messageOf(cause);
    throw new LabError("run", `gh ${args.slice(0, 2).join(" ")} failed: ${why}`, {
      code: "gh-failed",
      hint: "It needs GH_TOKEN with the permissions that nightly.yml names.",
      cause,
    });
  }
}

/** The open issues that a night has opened. */
export async function openIssues(): Promise<readonly OpenIssue[]> {
  const fields = "number,body,labels";
  const text = await gh([
    "issue",
    "list",
    "--label",
    nightlyLabel,
    "--state",
    "open",
    "--limit",
    "500",
    "--json",
    fields,
  ]);
  const issues = JSON.parse(text) as (Omit<OpenIssue, "labels"> & {
    readonly labels: readonly { readonly name: string }[];
  })[];
  return issues.map(({ number, body, labels }) => ({ number, body, labels: labels.map(({ name }) => name) }));
}

/** Makes the labels that issues carry, where they are not there yet. */
export async function ensureLabels(): Promise<void> {
  for (const [label, description] of [
    [nightlyLabel, "Opened by the nightly run, closed after two nights without it"],
    [greenLabel, "Not seen in the last night"],
  ] as const)
    await gh(["label", "create", label, "--description", description, "--force"]);
}

export async function perform(action: IssueAction): Promise<void> {
  switch (action.kind) {
    case "open":
      await gh(["issue", "create", "--title", action.title, "--body", action.body, "--label", action.labels.join(",")]);
      break;
    case "add-label":
      await gh(["issue", "edit", String(action.issue), "--add-label", action.label]);
      break;
    case "remove-label":
      await gh(["issue", "edit", String(action.issue), "--remove-label", action.label]);
      break;
    case "close":
      await gh(["issue", "close", String(action.issue), "--comment", action.comment]);
      break;
  }
}

/** Whether gh found no such artefact with a run, or found that its time is over. */
function isGone(error: unknown): boolean {
  return error instanceof Error && /no valid artifacts found|no artifact matches any/.test(error.message);
}

export type NightToFind = {
  /** `completed`: with any result. */
  readonly status: "success" | "completed";
  readonly workflow: string;
  readonly artefact: string;
};

/** A night whose images could not be built has no report. */
const nightsTried = 5;

/** Brings an artefact of the last such scheduled run that has it into a folder; false where none has it, or has it still. */
export async function lastNight({ status, workflow, artefact }: NightToFind, folder: string): Promise<boolean> {
  const filter = [
    "--workflow",
    workflow,
    "--event",
    "schedule",
    "--status",
    status,
    "--limit",
    String(nightsTried),
    "--json",
    "databaseId",
  ];
  const nights = JSON.parse(await gh(["run", "list", ...filter])) as readonly { readonly databaseId: number }[];
  let failure: unknown = null;
  for (const { databaseId } of nights) {
    try {
      await gh(["run", "download", String(databaseId), "--name", artefact, "--dir", folder]);
      return true;
    } catch (error) {
      // Told apart from a fault: else a last green night that is too old would stop every night after it.
      if (!isGone(error)) failure ??= error;
    }
  }
  if (failure !== null) throw failure as LabError;
  return false;
}
