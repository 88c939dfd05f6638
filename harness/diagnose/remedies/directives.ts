import type { Directives } from "../../catalog/servers/definition";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Observations } from "../observations";

/** How the server's own configuration says things. */
export function directivesOf({ server }: Observations): Directives {
  return softwareNamed(server.software).directives;
}

/** Whether the software knows CCC at all: with no demands of its own, it refuses for that reason alone. */
export function knowsCcc(software: string): boolean {
  const undemanding = { id: "", title: "", description: "", software, release: "trixie", tls: null } as const;
  return softwareNamed(software).traits(undemanding).refusesCcc === null;
}
