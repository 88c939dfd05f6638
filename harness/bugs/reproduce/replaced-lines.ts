import { softwareNamed } from "../../catalog/servers/registry";
import type { BugSetup } from "../../model/bug";
import { serverOf } from "../../model/network";
import type { ReplacedLine } from "../../model/reproduction";
import { placeIn } from "../../model/server-profile";

/** The lines of set-ups' own configurations that the lab's server does not get, each once. */
export function replacedLines(setups: readonly BugSetup[]): readonly ReplacedLine[] {
  const found = setups.flatMap(({ topology, server: profile }): readonly ReplacedLine[] => {
    const { userConfig, software } = profile;
    if (userConfig === undefined) return [];
    const composed = softwareNamed(software).userConfig?.compose({ topology, server: serverOf(topology), profile });
    return (composed?.changed ?? []).map(({ line, text, kind }) => ({ place: placeIn(userConfig, line), text, kind }));
  });
  return [...new Map(found.map((one) => [`${one.place} ${one.text}`, one])).values()];
}
