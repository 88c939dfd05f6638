import type { Directives } from "../../catalog/servers/definition";
import { softwareNamed } from "../../catalog/servers/registry";
import { everyonesDirectives } from "../../catalog/servers/unknown";
import type { SoftwareId } from "../../model/ids";
import type { Observations } from "../observations";

/** How the server's own configuration says things. */
export function directivesOf({ server }: Observations): Directives {
  return server.software === null ? everyonesDirectives : softwareNamed(server.software).directives;
}

/** Whether the software knows CCC at all: with no demands of its own, it refuses for that reason alone. Unknown software may. */
export function knowsCcc(software: SoftwareId | null): boolean {
  if (software === null) return true;
  const undemanding = { id: "", title: "", description: "", software, release: "trixie", tls: null } as const;
  return softwareNamed(software).traits(undemanding).refusesCcc === null;
}
