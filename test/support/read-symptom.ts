import { readLog } from "../../harness/bugs/logs/read-log";
import { symptomOf } from "../../harness/bugs/logs/symptom";
import type { Symptom } from "../../harness/model/symptom";

/** What a pasted log says. */
export function symptomIn(text: string): Symptom {
  const log = readLog(text);
  if (log === null) throw new Error("no log was found");
  return symptomOf(log);
}
