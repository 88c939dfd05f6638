import { softwareNamed } from "../catalog/servers/registry";
import type { ConfigurationFinding } from "../catalog/servers/lint/finding";
import type { PlannedCell } from "../model/cell";
import { withoutPosition } from "../model/positions";
import { placeIn, type ServerProfile, type UserConfiguration } from "../model/server-profile";
import { lintInNetwork } from "../plan/lint-network";
import type { Topology } from "../model/topology";
import { visible } from "../text/escape";

/** A finding with the user's own file and the line there. */
export type PlacedFinding = Omit<ConfigurationFinding, "other"> & { readonly file: string };

type SetupsById = {
  readonly profiles: Pick<ReadonlyMap<string, ServerProfile>, "get">;
  readonly topologies: { readonly get: (id: string) => Topology | undefined };
};

/**
 * What is found in users' own configurations of the servers that some cells have, each alone and in the cells' networks; `null` if none is
 * a user's own.
 */
export function findingsOf(
  planned: readonly PlannedCell[],
  { profiles, topologies }: SetupsById,
): readonly PlacedFinding[] | null {
  const pairs = planned.map(({ cell }) => cell);
  const own = [...new Set(pairs.map(({ server }) => server))].flatMap((id) => profiles.get(id) ?? []);
  const found = own.flatMap((profile) => {
    const { userConfig, software } = profile;
    if (userConfig === undefined) return [];
    const networks = new Set(pairs.filter(({ server }) => server === profile.id).map(({ topology }) => topology));
    const alone = softwareNamed(software).userConfig?.lint(userConfig.text, filesOf(userConfig)) ?? [];
    const there = [...networks].flatMap((id) => {
      const topology = topologies.get(id);
      return topology === undefined ? [] : lintInNetwork(topology, profile).map((one) => inNetwork(one, id, networks));
    });
    // Positions of one network mostly show the same.
    const distinct = new Map([...alone, ...there].map((finding) => [JSON.stringify(finding), finding]));
    return [...distinct.values()].map(({ other, ...finding }): PlacedFinding => {
      const placed = fileAndLine(userConfig, finding.line);
      const second = other === undefined ? null : fileAndLine(userConfig, other);
      const words = second?.file === placed.file ? `line ${second.line}` : `${second?.file ?? ""}:${second?.line ?? 0}`;
      return { ...finding, ...placed, text: finding.text.replace("{other}", words) };
    });
  });
  return own.some(({ userConfig }) => userConfig !== undefined) ? found : null;
}

function fileAndLine(userConfig: UserConfiguration, at: number): { readonly file: string; readonly line: number } {
  const [, file = "", line = ""] = /^(.*):(\d+)$/.exec(placeIn(userConfig, at)) ?? [];
  return { file, line: Number(line) };
}

/** The files that a configuration was joined from. */
function filesOf({ file, parts = [] }: UserConfiguration): readonly string[] {
  return [file, ...parts.map((part) => part.file)];
}

/** With the network's id, where there are several. */
function inNetwork(finding: ConfigurationFinding, id: string, networks: ReadonlySet<string>): ConfigurationFinding {
  const isOnly = new Set([...networks].map(withoutPosition)).size === 1;
  return isOnly ? finding : { ...finding, text: `In ${withoutPosition(id)}: ${finding.text}` };
}

/** `proftpd.conf:12: error: what it does. What to write instead.`, a line each. */
export function findingLines(findings: readonly PlacedFinding[]): readonly string[] {
  return findings.map(
    ({ file, line, severity, text, remedy }) =>
      `${visible(file)}:${line}: ${severity}: ${visible(`${text} ${remedy}`)}`,
  );
}
