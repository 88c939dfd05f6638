import { findingLines, findingsOf } from "./configuration-findings";
import { visible } from "../text/escape";
import type { Engine } from "../lab/engine";
import type { PlannedCell } from "../model/cell";
import { placeIn, type ServerProfile, type TakenOver } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { Selection } from "./select-cells";

/** The network and the server of the first cell of a selection. */
export function setupOf({ catalog, planned: [planned] }: Selection): {
  readonly planned: PlannedCell;
  readonly topology: Topology;
  readonly server: ServerProfile;
} {
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) {
    throw new Error(`no set-up for ${planned?.cell.id ?? "no cell"}`);
  }
  return { planned, topology, server };
}

const takenOver: Readonly<Record<TakenOver["kind"], string>> = {
  replaced: "replaced by the lab",
  lost: "lost, since the file is not given",
  unknown: "left out, since the lab's server does not know it",
};

/**
 * Lets the server itself check each configuration of a user's own, and reports the lines that the lab replaces.
 * @throws UsageError in the server's words
 */
export async function checkUserFiles(engine: Engine, selection: Selection): Promise<void> {
  const { catalog, planned, userProfiles } = selection;
  if (userProfiles.length === 0) return;
  const { checkUserConfiguration } = await import("../lab/check-user-configuration.ts");
  const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
  for (const line of findingLines(findingsOf(planned, catalog) ?? [])) tell(line);
  for (const profile of userProfiles) {
    const cell = planned.find((one) => one.cell.server === profile.id)?.cell;
    const topology = catalog.topologies.get(cell?.topology ?? "");
    const { userConfig } = profile;
    if (topology === undefined || userConfig === undefined) throw new Error(`no network for ${profile.id}`);
    const changed = await checkUserConfiguration(engine, { topology, profile }, tell);
    for (const { line, text, kind } of changed) {
      tell(`${placeIn(userConfig, line)}: ${takenOver[kind]}: ${visible(text)}`);
    }
  }
}
