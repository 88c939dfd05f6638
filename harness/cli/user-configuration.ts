import { readFileSync } from "node:fs";
import { UsageError } from "../model/errors";
import type { PlannedCell } from "../model/cell";
import type { ServerProfile } from "../model/server-profile";
import type { Catalog } from "../plan/planned-cells";
import { softwareNamed, softwares } from "../catalog/servers/registry";

/** No configuration of a server is longer. */
const mostBytes = 1_000_000;

/** The catalog with a user's file in the place of every profile's configuration. @throws UsageError where it cannot be read */
export function withUserConfiguration(catalog: Catalog, file: string | undefined): Catalog {
  if (file === undefined) return catalog;
  let text: string;
  try {
    text = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new UsageError(`--server-config: ${file} cannot be read.`, { code: "server-config", cause });
  }
  if (text.length > mostBytes || text.includes("\0")) {
    throw new UsageError(`--server-config: ${file} is no configuration file.`, { code: "server-config" });
  }
  const own = { file, text };
  return {
    ...catalog,
    profiles: new Map([...catalog.profiles].map(([id, profile]) => [id, { ...profile, userConfig: own }])),
  };
}

/** The one profile whose place a user's file takes. @throws UsageError where the cells have several, or the lab cannot run it */
export function userProfile(planned: readonly PlannedCell[], { profiles }: Catalog): ServerProfile {
  const [profile, ...others] = [...new Set(planned.map(({ cell }) => cell.server))].flatMap(
    (id) => profiles.get(id) ?? [],
  );
  if (profile?.userConfig === undefined) throw new Error("no configuration of a user's own");
  const code = "server-config";
  if (others.length > 0) {
    throw new UsageError(`--server-config replaces one profile, but the chosen cells have ${others.length + 1}.`, {
      code,
      hint: "Choose one with --server.",
    });
  }
  const software = softwareNamed(profile.software);
  if (software.userConfig === null) {
    const able = softwares.filter(({ userConfig }) => userConfig !== null).map(({ name }) => name);
    throw new UsageError(
      `--server-config: the lab takes a configuration of ${able.join(" or ")}, and not of ${software.name}.`,
      {
        code,
      },
    );
  }
  const lack = software.userConfig.lacks(profile.userConfig.text);
  if (lack !== null) throw new UsageError(`${profile.userConfig.file}: the lab cannot run it: ${lack}.`, { code });
  return profile;
}
