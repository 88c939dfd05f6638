import { nothingKnown, type Symptom } from "../../model/symptom";
import type { Pastes } from "./read-pastes";
import { symptomOf } from "./symptom";

/** What all pastes of a case say together: the dialogue's session, with the words of the others and all facts beside it. */
export function symptomOfPastes({ log, lines, facts }: Pastes): Symptom {
  const told = log === null ? nothingKnown : symptomOf(log);
  const shown = new Set((log?.lines ?? []).map(placeOf));
  const beside = lines.filter((line) => line.by !== undefined && line.by !== "client" && !shown.has(placeOf(line)));
  return { ...told, lines: [...told.lines, ...beside], facts };
}

function placeOf({ paste, line, direction, text }: Symptom["lines"][number]): string {
  return `${paste ?? 0}:${line}:${direction}:${text}`;
}
