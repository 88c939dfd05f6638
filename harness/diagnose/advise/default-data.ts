import type { DataCommand, Mode, Operation } from "../../model/axes";
import type { Family } from "../../model/topology";
import { resolveClient } from "../../catalog/clients/registry";

/** Clients that send EPSV first over IPv4 too; the others send PASV there, as their files in `catalog/clients/` say. */
const extendedFirst: ReadonlySet<string> = new Set([
  "basic-ftp",
  "basic-ftp-5",
  "curl",
  "curl-7.88",
  "icetee-ftp",
  "tnftp",
]);

/** The passive command that a client sends by itself; `null` if it can neither, or there is no such client. */
export function passiveCommandOf(
  client: string,
  session: { readonly mode: Mode; readonly operation: Operation; readonly family: Family },
): DataCommand | null {
  const resolved = resolveClient(client);
  if (resolved === null) return null;
  const { definition, words } = resolved;
  const { mode, operation } = session;
  const family = session.family === "ipv6" ? 6 : 4;
  const order: readonly DataCommand[] =
    family === 6 ? ["epsv"] : extendedFirst.has(definition.id) ? ["epsv", "pasv"] : ["pasv", "epsv"];
  return order.find((data) => !definition.program?.lacks({ mode, data, operation, family, options: words })) ?? null;
}
