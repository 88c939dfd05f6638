import { UsageError } from "../model/errors";
import type { PlannedCell } from "../model/cell";
import type { ServerProfile } from "../model/server-profile";
import type { Catalog } from "../plan/planned-cells";
import { joinConfiguration, readConfiguration, type ConfigurationFile } from "../inputs/configuration-files";
import { readUserFile } from "../inputs/load";
import { softwareNamed, softwares } from "../catalog/servers/registry";

const code = "server-config";

/** Files of a configuration; the first is the main one. */
export type ConfigurationFiles = readonly [ConfigurationFile, ...ConfigurationFile[]];

/** Reads the files that `--server-config` names; `null` for none. @throws UsageError where one cannot be read */
export function readServerConfig(files: readonly string[]): ConfigurationFiles | null {
  const [first, ...others] = files.map((file) => {
    const bytes = readUserFile(file);
    const read = "problem" in bytes ? bytes : readConfiguration(bytes, file);
    if ("problem" in read) throw new UsageError(`--server-config: ${file} ${read.problem}.`, { code });
    return read;
  });
  return first === undefined ? null : [first, ...others];
}

/** The catalog with a user's files instead of every profile's configuration. */
export function withUserConfiguration(catalog: Catalog, files: ConfigurationFiles | null): Catalog {
  if (files === null) return catalog;
  const [main] = files;
  const profiles = [...catalog.profiles].map(([id, profile]) => {
    const joined = joinConfiguration(profile.software, files);
    // Of those that cannot be run, the one that is chosen is refused.
    return [id, { ...profile, userConfig: "problem" in joined ? main : joined }] as const;
  });
  return { ...catalog, profiles: new Map(profiles) };
}

/** The profiles of these cells whose configuration is a user's own. */
export function userProfiles(planned: readonly PlannedCell[], { profiles }: Catalog): readonly ServerProfile[] {
  return [...new Set(planned.map(({ cell }) => cell.server))]
    .flatMap((id) => profiles.get(id) ?? [])
    .filter(({ userConfig }) => userConfig !== undefined);
}

/** Refuses files of `--server-config` that cells cannot be run with. @throws UsageError where the cells have several profiles, or the lab cannot run it */
export function checkServerConfig(profiles: readonly ServerProfile[], files: ConfigurationFiles | null): void {
  const [profile, ...others] = profiles;
  if (files === null || profile?.userConfig === undefined) return;
  if (others.length > 0) {
    throw new UsageError(`--server-config replaces one profile, but the chosen cells have ${others.length + 1}.`, {
      code,
      hint: "Choose one with --server.",
    });
  }
  const software = softwareNamed(profile.software);
  if (software.userConfig === null) {
    const able = softwares.filter(({ userConfig }) => userConfig !== null).map(({ name }) => name);
    const what = `a configuration of ${able.join(" or ")}, not of ${software.name}`;
    throw new UsageError(`--server-config: the lab takes ${what}.`, { code });
  }
  const joined = joinConfiguration(profile.software, files);
  if ("problem" in joined) throw new UsageError(`--server-config: ${joined.problem}.`, { code });
  const lack = software.userConfig.lacks(joined.text);
  if (lack !== null) throw new UsageError(`${joined.file}: the lab cannot run it: ${lack}.`, { code });
}
