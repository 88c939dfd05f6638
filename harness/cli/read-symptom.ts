import { readLog } from "../bugs/logs/read-log";
import { symptomOf } from "../bugs/logs/symptom";
import { UsageError } from "../model/errors";
import type { Symptom } from "../model/symptom";
import { listed } from "../diagnose/words";
import type { Paste } from "./match-symptom";

/** What pastes of one case say together. @throws UsageError `no-dialogue` where they say nothing of FTP */
export function symptomIn(pastes: readonly Paste[]): Symptom {
  const log = pastes.map(({ text }) => readLog(text)).find((read) => read !== null) ?? null;
  if (log === null) {
    throw new UsageError(`${listed(pastes.map(({ name }) => name))}: nothing in it is of FTP.`, {
      code: "no-dialogue",
      hint: "Paste what the client prints with its debug option (commands such as PASV, replies such as 227), the server's log, or the firewall's lines about the connection.",
    });
  }
  return symptomOf(log);
}
