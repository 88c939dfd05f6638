import type { ClientDefinition } from "../catalog/clients/definition";
import type { RunningLab, Versions } from "../lab/lab-port";
import type { ProgramRequest } from "../model/agent-protocol";
import type { ClientProgram, ProgramOutcome } from "../model/program";
import { programUsers } from "../plan/program-users";
import { programHome } from "./program-session";

/** A version is printed at once; a busy machine may take its time to start the program. */
const deadlineMs = 20_000;

/** What packaged programs say of their own version, by client id; a program that says nothing of the kind is `unknown`. */
export async function programVersions(
  lab: Pick<RunningLab, "runProgram" | "topology">,
  clients: readonly ClientDefinition[],
): Promise<Versions> {
  const versions: Record<string, string> = {};
  // No cell runs yet, so every user is free; one that is given two programs would end both with the first.
  const users = programUsers(lab.topology);
  for (let start = 0; start < clients.length; start += users.length) {
    const asked = users.map(async ({ uid }, index) => {
      const { id, program = null } = clients[start + index] ?? {};
      if (id === undefined || program === null) return;
      const outcome = await lab.runProgram(versionRequest(id, program, uid), () => undefined);
      versions[id] = versionIn(outcome, program.version.pattern);
    });
    await Promise.all(asked);
  }
  return Object.fromEntries(clients.flatMap(({ id }) => (versions[id] === undefined ? [] : [[id, versions[id]]])));
}

function versionRequest(client: string, { version }: ClientProgram, uid: number): ProgramRequest {
  const id = `version-${client}`;
  const command = { argv: version.argv };
  return { kind: "program", id, command, home: programHome(id), uid, makes: [], wants: [], deadlineMs };
}

function versionIn({ output }: ProgramOutcome, pattern: RegExp): string {
  for (const { text } of output) {
    const version = pattern.exec(text)?.[1];
    if (version !== undefined) return version;
  }
  return "unknown";
}
