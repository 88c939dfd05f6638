import { softwareNamed } from "../catalog/servers/registry";
import type { ConfigurationFinding } from "../catalog/servers/lint/finding";
import type { PlannedCell } from "../model/cell";
import { placeIn } from "../model/server-profile";
import type { Catalog } from "../plan/planned-cells";
import { visible } from "../text/escape";

/** A finding with the user's own file and the line there. */
export type PlacedFinding = ConfigurationFinding & { readonly file: string };

/** What is found in users' own configurations of the servers that some cells have; `null` where none is a user's own. */
export function findingsOf(
  planned: readonly PlannedCell[],
  { profiles }: Pick<Catalog, "profiles">,
): readonly PlacedFinding[] | null {
  const own = [...new Set(planned.map(({ cell }) => cell.server))].flatMap((id) => {
    const { userConfig, software } = profiles.get(id) ?? {};
    return userConfig === undefined || software === undefined ? [] : [{ userConfig, software }];
  });
  if (own.length === 0) return null;
  return own.flatMap(({ userConfig, software }) =>
    (softwareNamed(software).userConfig?.lint(userConfig.text) ?? []).map((finding) => {
      const [, file = "", line = ""] = /^(.*):(\d+)$/.exec(placeIn(userConfig, finding.line)) ?? [];
      return { ...finding, file, line: Number(line) };
    }),
  );
}

/** `proftpd.conf:12: error: what it does. What to write instead.`, a line each. */
export function findingLines(findings: readonly PlacedFinding[]): readonly string[] {
  return findings.map(
    ({ file, line, severity, text, remedy }) =>
      `${visible(file)}:${line}: ${severity}: ${visible(`${text} ${remedy}`)}`,
  );
}
