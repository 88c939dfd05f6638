/** What each party can do about a cause, as far as it fits what the pastes show. */
import { softwareCalled } from "../../catalog/servers/greetings";
import { softwares } from "../../catalog/servers/all";
import { observe } from "../../diagnose/observe/observe";
import { remediesOf } from "../../diagnose/offers";
import { offersFor } from "../../diagnose/remedies/remedy";
import type { CauseId, PrintedRemedy } from "../../model/diagnosis";
import type { Candidate } from "./candidates";
import type { MatchedCure } from "../../model/match";
import type { Symptom } from "../../model/symptom";
import { evidenceOf } from "./candidates";
import type { Fit } from "./fitness/fit";
import { networkFits } from "./fitness/network";
import { serverFits } from "./fitness/server";
import { userFits } from "./fitness/user";
import type { Setting } from "./setting";
import { onlyShown, type Shown } from "./shown";

/** What each remedy presupposes, by its id. */
export const fitness: Readonly<Record<string, Fit>> = { ...networkFits, ...serverFits, ...userFits };

/** First what fits without a condition; in the words of the programs that the paste shows, with its own addresses and ports. */
export function curesOf(
  { cause, because }: Pick<Candidate, "cause" | "because">,
  setting: Setting,
  shown: Shown,
): readonly MatchedCure[] {
  const said = because.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n");
  const cures = offeredFor(cause, setting.symptom).flatMap((printed) => {
    // Nobody has named the software that these directives are of.
    const isStrange =
      printed.party === "server admin" &&
      (setting.serverSystem === "appliance" || (setting.software === null && printed.id !== "grant-file-access"));
    const lines = isStrange ? [] : withoutStrangers(printed.lines, setting.symptom);
    const fitting = fitness[printed.id]?.({ ...printed, lines }, { ...setting, cause, said }) ?? null;
    return fitting === null ? [] : [worded(fitting, shown)];
  });
  const isAlone = ({ onlyIf }: MatchedCure): boolean => onlyIf === null;
  return [...cures.filter(isAlone), ...cures.filter((cure) => !isAlone(cure))];
}

function worded({ what, lines, ...cure }: MatchedCure, shown: Shown): MatchedCure {
  return { ...cure, what: onlyShown(what, shown), lines: lines.map((line) => onlyShown(line, shown)) };
}

/** With lines for what was seen where there are some; else what they are. */
function offeredFor(cause: CauseId, symptom: Symptom): readonly PrintedRemedy[] {
  const seen = observe(evidenceOf(symptom));
  const remedies = remediesOf(cause);
  const withLines = new Map(offersFor(remedies, seen).map(({ printed }) => [printed.id, printed]));
  return remedies.map((remedy) => {
    const { id, party } = remedy;
    return withLines.get(id) ?? { id, party, what: remedy.what(seen), lines: [] };
  });
}
/** Without the lines of servers and clients that nobody has seen here. */
function withoutStrangers(lines: readonly string[], { server, client }: Symptom): readonly string[] {
  const own = softwareCalled(server);
  const names = new Set(softwares.filter(({ id }) => id !== own).map(({ name }) => `# ${name}`));
  const { program = "" } = /^(?<program>[a-z]+)/.exec(client ?? "")?.groups ?? {};
  let isStranger = false;
  const kept = lines.filter((line) => {
    if (/^# (?:on|in) /.test(line)) isStranger = false;
    else if (names.has(line)) isStranger = true;
    const used = /^(?:# )?(curl|lftp|wget)\b/.exec(line)?.[1];
    return !isStranger && (used === undefined || used === program);
  });
  // Nothing is left to paste in this place.
  return kept.filter(
    (line, index) => !/^# (?:on|in) /.test(line) || /^(?!# (?:on|in) )/.test(kept[index + 1] ?? "# in "),
  );
}
