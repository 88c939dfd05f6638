/** What somebody reported, as far as a text says it: a pasted log, or a filled issue form with a log in it. */
import { serverNameIn } from "../../catalog/servers/greetings";
import { dataCommands, modes, operations, stages, type DataCommand, type Mode } from "../../model/axes";
import type { LogLine, Symptom } from "../../model/symptom";
import { sessionsBeside, type OtherSession } from "../match/known-traits";
import { chosenId, chosenIds, type IssueForm } from "./issue-form";
import { versionIn } from "./program-version";
import { othersOf, sessionsSaidIn, type SaidSession } from "./said-sessions";

export type Report = {
  readonly symptom: Symptom;
  /** What the form says beside the log; `null` where it does not, or where there is no form. */
  readonly title: string | null;
  readonly text: string | null;
  /** The client's, by the form or as the text names it. */
  readonly version: string | null;
  /** As it was written or chosen; it may be no id of a topology. */
  readonly network: string | null;
  readonly others: readonly OtherSession[];
  /** What is said of other sessions in prose. */
  readonly said: readonly SaidSession[];
};

/** What was pasted. */
export type Pasted = {
  readonly text: string;
  readonly form: IssueForm | null;
  /** What was read of the log in it. */
  readonly symptom: Symptom;
  /** Lines that belong to no log. */
  readonly unread: readonly LogLine[];
};

/** What a log and the form around it say together. */
export function reportOf({ text, form, symptom: read, unread }: Pasted, clientIds: readonly string[]): Report {
  const symptom = form === null ? read : toldIn(form, read, clientIds);
  const prose = form === null ? [proseIn(unread)] : [form.title, form.reported];
  const said = [
    ...prose.flatMap((part) => sessionsSaidIn(part ?? "", symptom.client)),
    ...saidInField(form?.works, true, symptom.client),
    ...saidInField(form?.fails, false, symptom.client),
  ];
  const told = [
    ...(form === null ? [] : [...sessionsIn(form.works, true), ...sessionsIn(form.fails, false)]),
    ...said.flatMap(({ session }) => session ?? []),
  ];
  return {
    symptom,
    title: form?.title ?? null,
    text: form?.reported ?? null,
    version: form?.version ?? versionIn(text, symptom.client),
    network: chosenId(form?.network),
    others: [...sessionsBeside(symptom), ...othersOf(told, symptom)],
    said,
  };
}

/** Lines of no log, those that follow each other as one text. */
function proseIn(unread: readonly LogLine[]): string {
  return unread
    .map(({ text, line }, index) => (unread[index - 1]?.line === line - 1 ? `\n${text}` : `\n\n${text}`))
    .join("");
}

/** What is chosen in a form goes before what its log looks like; whether it failed, the reporter knows best. */
function toldIn(form: IssueForm, symptom: Symptom, clientIds: readonly string[]): Symptom {
  const chosen = <Id extends string>(field: string | undefined, ids: readonly Id[]): Id | null => {
    const word = chosenId(field);
    return ids.find((id) => id === word) ?? null;
  };
  const client = (form.client ?? "").toLowerCase();
  // `curl 8.14.1`, `Python ftplib`: the longest id that stands in it as a word.
  const named = clientIds
    .filter((id) => new RegExp(`(?<![\\w-])${id.replaceAll(".", "\\.")}(?![\\w-])`).test(client))
    .toSorted((one, other) => other.length - one.length)[0];
  return {
    ...symptom,
    client: named ?? symptom.client,
    server: symptom.server ?? serverNameIn([form.server ?? ""]),
    mode: chosen(form.mode, modes) ?? symptom.mode,
    data: chosen(form.data, dataCommands) ?? symptom.data,
    operation: chosen(form.session, operations) ?? symptom.operation,
    // How far a log goes that is cut off is not where the session stopped.
    stage: chosen(form.stage, stages) ?? (symptom.result === "cut-off" ? null : symptom.stage),
    result: "failed",
  };
}

function sessionsIn(field: string | undefined, worked: boolean): readonly OtherSession[] {
  return chosenIds(field).flatMap((written) => sessionNamed(written, worked) ?? []);
}

function sessionNamed(written: string, worked: boolean): OtherSession | null {
  if (written === "inside") return { mode: null, data: null, inside: true, worked };
  const [word, command] = written.split("/");
  const mode: Mode | undefined = modes.find((id) => id === word);
  const data: DataCommand | undefined = dataCommands.find((id) => id === command);
  return mode === undefined ? null : { mode, data: data ?? null, inside: false, worked };
}

/** A field in which somebody wrote words of his own. The field says what they came to, unless they do. */
function saidInField(field: string | undefined, worked: boolean, own: string | null): readonly SaidSession[] {
  if (field === undefined) return [];
  const parts = field.split(/[,;\n]/).filter((part) => sessionNamed(part.trim(), worked) === null);
  return parts.flatMap((part) => {
    const said = sessionsSaidIn(part, own);
    if (said.length > 0) return said;
    return sessionsSaidIn(`${part} ${worked ? "works" : "fails"}`, own).map((session) => ({
      ...session,
      words: part.trim(),
    }));
  });
}
