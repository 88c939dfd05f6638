import { resolveClient } from "../catalog/clients/registry";
import type { Attempt, Cell } from "../model/cell";
import type { ControlResult } from "../model/report";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { cellId } from "../model/cells";
import {
  addressOf,
  attachmentsOf,
  clientOf,
  ownRulesOf,
  routersOf,
  serverOf,
  serversOf,
  withoutHelpers,
} from "../model/network";
import { walk, type WalkEnd } from "../plan/predict/packet-walk";
import { predict } from "../plan/predict/predict";
import { account } from "../model/ftp-site";
import { translatorInterface, translatorOf } from "../plan/translator";
import { dataCommandsOf } from "../model/axes";
import type { RunningLab } from "../lab/lab-port";
import { sessionRequest } from "./session-request";

/**
 * How long a connection that must be blocked is waited for. A wire of the lab answers in less than a millisecond, and each
 * control also shows the same connection getting through once its obstacle is gone.
 */
const blockedMs = 250;

/** A port that no topology forwards or allows, on which the server nevertheless listens (RFC 863, discard). */
const decoyPort = 9;

/**
 * Checks that the lab can fail, in the order in which they build on each other: with a control that does not hold, no
 * verdict of this lab means anything. ProFTPD must be serving `profile`, which speaks plain FTP.
 */
export async function runControls(
  lab: RunningLab,
  profile: ServerProfile,
  onResult: (control: ControlResult) => void,
): Promise<boolean> {
  const run = async (name: string, check: () => Promise<Finding>): Promise<boolean> => {
    const startedAt = performance.now();
    const { outcome, detail } = await check();
    const durationMs = Math.round(performance.now() - startedAt);
    const id = `${lab.topology.id}/control/${name}`;
    onResult({ id, topology: lab.topology.id, name, outcome, detail, durationMs });
    return outcome !== "failed";
  };
  const isOwn = ownRulesOf(lab.topology).length > 0;
  // In this order the waits for what must be blocked cover the pause that ProFTPD makes after each session's end.
  const together = async (...checks: readonly Promise<boolean>[]): Promise<boolean> =>
    (await Promise.all(checks)).every(Boolean);
  // A run with a user's own rules is there to find out what they let through and what they block, so no control may demand either.
  const unlessOwn = (check: () => Promise<Finding>) => (): Promise<Finding> =>
    isOwn ? Promise.resolve(notApplicable("the rules are a user's own")) : check();
  return (
    (await together(
      run("no-bypass", () => checkWires(lab)),
      run(
        "helper-on",
        unlessOwn(() => checkHelperOn(lab, profile)),
      ),
    )) &&
    (await run("forwarding-off", () => checkForwardingOff(lab, isOwn))) &&
    (await together(
      run(
        "helper-off",
        unlessOwn(() => checkHelperOff(lab, profile)),
      ),
      run(
        "unsolicited-blocked",
        unlessOwn(() => checkUnsolicited(lab)),
      ),
    ))
  );
}

type Finding = { readonly outcome: ControlResult["outcome"]; readonly detail: string };

/** Every node has the wires of the plan and no others: nothing can go around a router. */
async function checkWires(lab: RunningLab): Promise<Finding> {
  const differences: string[] = [];
  for (const node of lab.topology.nodes) {
    const links = attachmentsOf(lab.topology, node.id).map((attachment) => attachment.interface);
    const planned = node.kind === "translator" ? [...links, translatorInterface] : links;
    const real = await lab.interfacesOf(node);
    if ([...planned].sort().join() !== [...real].sort().join()) {
      differences.push(`${node.id} has ${real.join(", ") || "none"} instead of ${planned.join(", ")}`);
    }
  }
  return differences.length === 0
    ? passed("every node has the planned interfaces and no others")
    : failed(differences.join("; "));
}

/** With forwarding off on the routers nothing reaches the server; with forwarding on it does. */
async function checkForwardingOff(lab: RunningLab, isOwn: boolean): Promise<Finding> {
  if (routersOf(lab.topology).length === 0) return notApplicable("there is no router");
  const { topology } = lab;
  const port = serverOf(topology).controlPort;
  // A neighbour of the client's is reached without any router.
  const targets = targetsOf(topology).filter((target) => !walkTo(topology, target, port).isNear);
  const works = !isOwn && walkTo(topology, topology.dial, port).end.kind === "delivered";
  await lab.setForwarding(false);
  const probes = await Promise.all(targets.map((target) => lab.probe(target, port, blockedMs)));
  await lab.setForwarding(true);
  const leak = targets.find((_, index) => probes[index]?.connected === true);
  if (leak !== undefined)
    return failed(`with forwarding off, port ${port} of ${leak} still answers: a path bypasses the router`);
  const where = `port ${port} of ${targets.join(" and ")}`;
  if (!works) return passed(`${where} is out of reach with forwarding off; with it on, the cells will tell`);
  const { connected, error } = await lab.probe(topology.dial, port, 5_000);
  return connected
    ? passed(`${where} is out of reach with forwarding off; ${topology.dial} answers with it on`)
    : failed(`with forwarding on, port ${port} of ${topology.dial} does not answer (${error ?? "time-out"})`);
}

/** Without the helper rule a plain session fails that works with it. */
async function checkHelperOff(lab: RunningLab, profile: ServerProfile): Promise<Finding> {
  const cell = helperCell(lab.topology, profile);
  if (cell === null) return notApplicable(noHelperDetail(lab.topology));
  const bare = withoutHelpers(lab.topology);
  await lab.applyRules(bare);
  const attempt = await runProbeSession(lab, cell, "helper-off", blockedMs);
  await lab.applyRules(lab.topology);
  return attempt.result === "failed"
    ? passed(`without the helper rule ${cell.data} fails at ${attempt.stage ?? "no stage"}`)
    : failed(`without the helper rule ${cell.data} still works: something else lets the data connection in`);
}

/** With the helper rule the same session works. */
async function checkHelperOn(lab: RunningLab, profile: ServerProfile): Promise<Finding> {
  const cell = helperCell(lab.topology, profile);
  if (cell === null) return notApplicable(noHelperDetail(lab.topology));
  const first = await runProbeSession(lab, cell, "helper-on", null);
  if (first.result === "worked") return passed(`with the helper rule ${cell.data} works`);
  // A machine that has much to do may outlast a session's deadline once; a helper that does not work fails each time.
  const attempt = await runProbeSession(lab, cell, "helper-on-again", null);
  if (attempt.result === "worked") {
    return passed(`with the helper rule ${cell.data} works, in a second try (first: ${first.message ?? "no message"})`);
  }
  return failed(
    `with the helper rule ${cell.data} fails at ${attempt.stage ?? "no stage"} (${attempt.message ?? "no message"}); are nf_conntrack_ftp and nf_nat_ftp loaded?`,
  );
}

/** A connection that was not announced is blocked, although the server listens. */
async function checkUnsolicited(lab: RunningLab): Promise<Finding> {
  const { topology } = lab;
  const targets = targetsOf(topology).filter((target) => walkTo(topology, target, decoyPort).end.kind !== "delivered");
  if (targets.length === 0) return notApplicable("nothing filters connections from client to server");
  await lab.server.openDecoy(decoyPort);
  const probes = await Promise.all(targets.map((target) => lab.probe(target, decoyPort, blockedMs)));
  const leak = targets.find((_, index) => probes[index]?.connected === true);
  return leak === undefined
    ? passed(`the server listens on port ${decoyPort}, and the client cannot reach it at ${targets.join(" or ")}`)
    : failed(`the client reaches port ${decoyPort} of ${leak}, which nothing allows`);
}

/** The first plain session whose outcome the helper decides; `null` if it decides none. */
function helperCell(topology: Topology, profile: ServerProfile): Cell | null {
  const client = resolveClient("basic-ftp");
  if (client === null || routersOf(topology).every((router) => router.helperPorts.length === 0)) return null;
  const worksOn = (network: Topology, cell: Cell): boolean =>
    predict(cell, { topology: network, server: profile, client: client.options }).result === "worked";
  const cells = dataCommandsOf(topology.family).map((data): Cell => {
    const axes = {
      topology: topology.id,
      server: profile.id,
      client: "basic-ftp",
      mode: "ftp",
      data,
      operation: "list",
    } as const;
    return { id: cellId(axes), ...axes };
  });
  return cells.find((cell) => worksOn(topology, cell) && !worksOn(withoutHelpers(topology), cell)) ?? null;
}

function noHelperDetail(topology: Topology): string {
  return routersOf(topology).some((router) => router.helperPorts.length > 0)
    ? "static rules carry every plain session, with the helper or without"
    : "no router has the FTP helper";
}

async function runProbeSession(
  lab: RunningLab,
  cell: Cell,
  sessionId: string,
  connectMs: number | null,
): Promise<Attempt> {
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`no client ${cell.client}`);
  const request = sessionRequest(cell, {
    topology: lab.topology,
    options: client.options,
    files: lab.server.files,
    ca: lab.certificates.ca,
    localAddress: addressOf(lab.topology, clientOf(lab.topology).id),
    user: `${account.userPrefix}0`,
    sessionId,
  });
  if (connectMs === null) return lab.runSession(request);
  return lab.runSession({ ...request, deadlines: { ...request.deadlines, "data-connect": connectMs } });
}

/** The addresses that a client can dial: the one that it is given, and the servers' own. */
function targetsOf(topology: Topology): readonly string[] {
  // Behind a translator the servers' own addresses are of a family that the client does not have.
  if (translatorOf(topology) !== null) return [topology.dial];
  return [...new Set([topology.dial, ...serversOf(topology).map(({ id }) => addressOf(topology, id))])];
}

/** A client's connection as it is predicted; `isNear` where it reaches its end without passing a router. */
function walkTo(
  topology: Topology,
  destination: string,
  port: number,
): { readonly end: WalkEnd; readonly isNear: boolean } {
  const client = clientOf(topology).id;
  const syn = { from: client, source: addressOf(topology, client), destination, ports: { first: port, last: port } };
  const { end, passages } = walk(topology, syn, []);
  return { end, isNear: end.kind === "delivered" && passages.length === 0 };
}

function passed(detail: string): Finding {
  return { outcome: "passed", detail };
}

function failed(detail: string): Finding {
  return { outcome: "failed", detail };
}

function notApplicable(detail: string): Finding {
  return { outcome: "not-applicable", detail };
}
