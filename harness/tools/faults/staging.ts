/** Brings a fault into a running lab. */
import type { ProgramRequest, SessionRequest } from "../../model/agent-protocol";
import type { ServerProfile } from "../../model/server-profile";
import type { Lab } from "../../lab/lab";
import type { NodeShell } from "../../lab/node-shell";
import type { Change, ClientChange } from "./kinds/definition";

/** What a change needs of the lab. */
export type Stage = {
  readonly lab: Lab;
  /** On the patch panel. */
  readonly shell: NodeShell;
  /** What the server runs with. */
  readonly profile: ServerProfile;
  /** Process ids by node, as the engine's machine counts. */
  readonly pids: ReadonlyMap<string, number>;
  /** Certificate of an authority that the server's certificate is not from (PEM). */
  readonly otherCa: () => Promise<string>;
};

/** Makes one step of a change. @throws LabError where the node does not take it */
export async function makeChange(change: Change, stage: Stage): Promise<void> {
  const { lab, shell, profile } = stage;
  switch (change.kind) {
    case "network": {
      const script = `nsenter -t ${pidOf(change.node, stage)} -n bash -e <<'END_OF_CHANGE'\n${change.lines.join("\n")}\nEND_OF_CHANGE`;
      await shell.run("wiring", script);
      return;
    }
    case "sysctls":
      await (await lab.site.panel).setSysctls(pidOf(change.node, stage), change.values, { areDemanded: true });
      return;
    case "directives":
      await lab.server.serve({ ...profile, amendments: [...(profile.amendments ?? []), ...change.lines] });
      return;
    case "server-files":
      await lab.serverShell.run("server", ["set -e", ...change.lines].join("\n"));
      return;
    case "client": {
      const ca = change.set.otherCa === true ? await stage.otherCa() : null;
      const run = lab.runSession.bind(lab);
      lab.runSession = (request, onWaiting) => run(changed(request, change.set, ca), onWaiting);
    }
  }
}

function pidOf(node: string, { pids, lab }: Stage): number {
  const pid = pids.get(node);
  if (pid === undefined) throw new Error(`${lab.topology.id}: no container for ${node}`);
  return pid;
}

function changed(request: SessionRequest, set: ClientChange, ca: string | null): SessionRequest {
  const { options, deadlines, user, password, host, port } = set;
  return {
    ...request,
    user: user ?? request.user,
    password: password ?? request.password,
    host: host ?? request.host,
    port: port ?? request.port,
    ...(ca === null ? {} : { ca }),
    options: { ...request.options, ...options },
    deadlines: { ...request.deadlines, ...deadlines },
  };
}

/** TCP has sent a lost segment five times by then: a client that waits longer only costs time. */
const patienceMs = 6_000;
const programMs = 14_000;

/** Lets the lab's clients wait no longer than a fault needs to show. */
export function hurry(lab: Lab): void {
  const [session, program] = [lab.runSession.bind(lab), lab.runProgram.bind(lab)];
  lab.runSession = (request, onWaiting) => session(hurried(request), onWaiting);
  lab.runProgram = (request: ProgramRequest, onWaiting) =>
    program({ ...request, deadlineMs: Math.min(request.deadlineMs, programMs) }, onWaiting);
}

function hurried(request: SessionRequest): SessionRequest {
  const deadlines = Object.fromEntries(
    Object.entries(request.deadlines).map(([stage, ms]) => [stage, Math.min(ms, patienceMs)]),
  );
  return { ...request, deadlines: { ...request.deadlines, ...deadlines } };
}

/** Process ids of a lab's containers, as the engine's machine counts. */
export async function pidsOf(lab: Lab): Promise<ReadonlyMap<string, number>> {
  const { docker } = lab.site.engine;
  const found = [...lab.containers].map(async ([node, container]) => {
    const { State } = await docker.getContainer(container).inspect();
    return [node, State.Pid] as const;
  });
  return new Map(await Promise.all(found));
}
