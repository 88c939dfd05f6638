/** What to tell the person at a client, in that client's own words where it is known. */
import { controlPortOf, type Mode } from "../../model/axes";
import type { Cell } from "../../model/cell";
import { curl788 } from "../../catalog/clients/curl-7-88";
import type { Usage } from "../../catalog/clients/definition";
import { resolveClient } from "../../catalog/clients/registry";
import type { Observations } from "../observations";

/** A session of the same client, otherwise. */
export type OtherUse = Pick<Cell, "client" | "mode" | "data"> & { readonly caFile?: string };

/** How the client is told to have the session so; empty if it cannot. */
export function usageOf(seen: Observations, { client, mode, data, caFile }: OtherUse): readonly string[] {
  const family = seen.family === "ipv6" ? 6 : 4;
  const resolved = resolveClient(client);
  const { name, peer } = seen.control;
  const usage: Omit<Usage, "words"> = {
    ...{ mode, data, family },
    host: (resolved?.options.dials === "address" ? peer : (name ?? peer)) ?? "SERVER",
    port: portOf(seen, mode),
    caFile: caFile ?? null,
  };
  if (resolved === null) return usageOfUnknown({ ...usage, words: [] });
  const { definition, words } = resolved;
  const { operation } = seen.cell;
  const lack = definition.program?.lacks({ mode, data, operation, family, options: words }) ?? null;
  return lack === null ? (definition.usage({ ...usage, words }) ?? []) : [];
}

/** curl is on most machines; what its releases do otherwise has to be said. */
function usageOfUnknown(usage: Usage): readonly string[] {
  const lines = curl788.usage(usage) ?? [];
  return usage.mode.includes("ccc") ? lines.map((line) => `${line} # not curl 8.1 to 8.16`) : lines;
}

/** Implicit TLS has a port of its own; the server's other port is known where the session went there. */
function portOf({ control, traits }: Observations, mode: Mode): number {
  const usual = controlPortOf(mode);
  return usual === 21 && traits.tls !== "implicit" ? control.port : usual;
}
