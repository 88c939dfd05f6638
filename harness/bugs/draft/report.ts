/** What somebody reported, as far as a text says it: a pasted log, or a filled issue form with a log in it. */
import { sessionsBeside, type OtherSession } from "../match/known-traits";
import { dataCommands, modes, operations, stages, type DataCommand, type Mode } from "../../model/axes";
import { nothingKnown, type Symptom } from "../../model/symptom";
import { readLog } from "../logs/read-log";
import { symptomOf } from "../logs/symptom";
import { serverNameIn } from "../../catalog/servers/greetings";
import { chosenId, chosenIds, readIssueForm, type IssueForm } from "./issue-form";

export type Report = {
  readonly symptom: Symptom;
  /** What the form says beside the log; `null` where it does not, or where there is no form. */
  readonly title: string | null;
  readonly text: string | null;
  readonly version: string | null;
  /** As it was written or chosen; it may be no id of a topology. */
  readonly network: string | null;
  readonly others: readonly OtherSession[];
};

/** Reads a report; `null` where neither a form nor any line of an FTP dialogue is in the text. */
export function readReport(text: string, clientIds: readonly string[]): Report | null {
  const form = readIssueForm(text);
  const log = readLog(form === null ? text : (form.log ?? form.reported ?? ""));
  if (form === null && log === null) return null;
  const symptom = log === null ? nothingKnown : symptomOf(log);
  return {
    symptom: form === null ? symptom : toldIn(form, symptom, clientIds),
    title: form?.title ?? null,
    text: form?.reported ?? null,
    version: form?.version ?? null,
    network: chosenId(form?.network),
    others: [
      ...sessionsBeside(symptom),
      ...(form === null ? [] : [...sessionsIn(form.works, true), ...sessionsIn(form.fails, false)]),
    ],
  };
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
    stage: chosen(form.stage, stages) ?? symptom.stage,
    result: "failed",
  };
}

function sessionsIn(field: string | undefined, worked: boolean): readonly OtherSession[] {
  return chosenIds(field).flatMap((written): OtherSession[] => {
    if (written === "inside") return [{ mode: null, data: null, inside: true, worked }];
    const [word, command] = written.split("/");
    const mode: Mode | undefined = modes.find((id) => id === word);
    const data: DataCommand | undefined = dataCommands.find((id) => id === command);
    return mode === undefined ? [] : [{ mode, data: data ?? null, inside: false, worked }];
  });
}
