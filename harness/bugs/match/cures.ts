import { softwareCalled } from "../../catalog/servers/greetings";
import { softwares } from "../../catalog/servers/all";
import { observe } from "../../diagnose/observe/observe";
import { remediesOf } from "../../diagnose/offers";
import { offersFor } from "../../diagnose/remedies/remedy";
import type { CauseId, PrintedRemedy } from "../../model/diagnosis";
import type { Symptom } from "../../model/symptom";
import { evidenceOf } from "./candidates";
import { onlyShown, type Shown } from "./shown";

/** Remedies by which the session is arranged in another way than it was: nothing to say where nobody knows how it was. */
const otherwise = [
  "passive-instead",
  "active-instead",
  "use-pasv",
  "use-epsv",
  "other-data-command",
  "ignore-227-address",
  "trust-227-address",
];

/** What each party can do about a cause, in the words of the programs that the paste shows, with its own addresses and ports. */
export function curesOf(cause: CauseId, symptom: Symptom, shown: Shown): readonly PrintedRemedy[] {
  return offeredFor(cause, symptom).flatMap((printed) => {
    if (symptom.data === null && otherwise.includes(printed.id)) return [];
    const lines = withoutStrangers(printed.lines, symptom).map((line) => onlyShown(line, shown));
    return [{ ...printed, what: onlyShown(printed.what, shown), lines }];
  });
}

/** Those with lines for what was seen; where a cause has none, because their place is not known, what they are. */
function offeredFor(cause: CauseId, symptom: Symptom): readonly PrintedRemedy[] {
  const seen = observe(evidenceOf(symptom));
  const offers = offersFor(remediesOf(cause), seen);
  return offers.length > 0
    ? offers.map(({ printed }) => printed)
    : remediesOf(cause).map(({ id, party, what }) => ({ id, party, what: what(seen), lines: [] }));
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
  // A place where nothing is left to paste.
  return kept.filter(
    (line, index) => !/^# (?:on|in) /.test(line) || /^(?!# (?:on|in) )/.test(kept[index + 1] ?? "# in "),
  );
}
