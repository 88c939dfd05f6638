/** How a lab is broken: what the faults of network and server share. */
import type { Lab } from "../../../harness/lab/lab";
import type { SessionRequest } from "../../../harness/model/agent-protocol";
import type { CauseId } from "../../../harness/model/diagnosis";
import type { Stage } from "../../../harness/model/axes";
import { giveUp, poll } from "../../../harness/text/poll";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../../harness/model/network";

/** One thing broken in a lab whose cell works, and the root that the diagnosis must find without being told. */
export type Fault = {
  readonly name: string;
  /** `topology/server/client/mode/data/operation`. */
  readonly cell: string;
  readonly break: (lab: Lab) => Promise<void>;
  /** `lab-error` where the fault makes the lab itself prove nothing: its witnesses disagree. */
  readonly cause: CauseId | "lab-error";
};

/** Runs lines of shell on each router. */
export const onRouters =
  (...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    for (const router of routersOf(lab.topology)) {
      await lab.routerShell(router).run("rules", ["set -e", ...lines].join("\n"));
    }
  };

/** Puts a rule before all others of a chain. */
export const first = (chain: string, rule: string) => onRouters(`iptables -I ${chain} 1 ${rule}`);

/** Runs lines of shell in a node's network with the patch panel's rights: client and server may not change theirs themselves. */
export const inNetworkOf =
  (node: string, ...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    const panel = await lab.site.panel;
    const shell = await panel.openShell("faults");
    try {
      const pid = String(await pidOf(lab, node));
      await shell.run("wiring", `nsenter -t ${pid} -n bash -e <<'END'\n${lines.join("\n")}\nEND`);
    } finally {
      shell.close();
    }
  };

/** Sets sysctls of every router's network namespace. */
export const sysctlsOnRouters =
  (values: Readonly<Record<string, string>>) =>
  async (lab: Lab): Promise<void> => {
    const panel = await lab.site.panel;
    for (const router of routersOf(lab.topology)) await panel.setSysctls(await pidOf(lab, router.id), values);
  };

/**
 * A second wire between client and server, laid behind the harness's back, in networks without NAT: for all of the session's
 * packets or for the server's answers alone. What is seen of such a session contradicts the topology, so it is no fault of
 * the network but one of the lab.
 */
export const bypassRouters =
  (packets: "all" | "answers") =>
  async (lab: Lab): Promise<void> => {
    const [client, server] = [clientOf(lab.topology), serverOf(lab.topology)];
    const own = attachmentsOf(lab.topology, client.id).map(({ link }) => link.subnet);
    await inNetworkOf(
      client.id,
      `ip link add name bypass type veth peer name bypass netns ${await pidOf(lab, server.id)}`,
      "ip link set bypass up",
      ...(packets === "all" ? [`ip route replace ${lab.topology.dial}/32 dev bypass`] : []),
    )(lab);
    await inNetworkOf(
      server.id,
      "ip link set bypass up",
      ...own.map((subnet) => `ip route replace ${subnet} dev bypass`),
    )(lab);
  };

/** The process id of a node's container, as the engine's machine counts. */
export async function pidOf(lab: Lab, node: string): Promise<number> {
  const container = lab.containers.get(node);
  if (container === undefined) throw new Error(`${lab.topology.id}: no container for ${node}`);
  return (await lab.site.engine.docker.getContainer(container).inspect()).State.Pid;
}

/** Breaks several things, one after another. */
export const allOf =
  (...breaks: readonly ((lab: Lab) => Promise<void>)[]) =>
  async (lab: Lab): Promise<void> => {
    for (const breakOne of breaks) await breakOne(lab);
  };

/** A client that waits no longer than this in a stage: what never comes need not be waited for in tests. */
export const patience = (stage: Stage, ms: number) =>
  onClient((request) => ({ ...request, deadlines: { ...request.deadlines, [stage]: ms } }));

const listening = "$(ss -Hltn 'sport = :21')";

/** Edits `proftpd.conf` and starts ProFTPD anew. */
export const onServer =
  (...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    await lab.serverShell.run(
      "server",
      [
        "set -e",
        "conf=/etc/proftpd/lab.conf",
        ...lines,
        "pid=$(cat /run/proftpd-lab.pid); kill $pid",
        poll({ until: `[ -z "${listening}" ]`, otherwise: giveUp("ProFTPD does not end.") }),
        "rm -f /run/proftpd-lab.pid; proftpd -c $conf",
        poll({ until: `[ -n "${listening}" ]`, otherwise: giveUp("ProFTPD does not listen.") }),
      ].join("\n"),
    );
  };

/** Edits `proftpd.conf` with a sed expression. */
export const sed = (expression: string): ((lab: Lab) => Promise<void>) => onServer(`sed -i '${expression}' $conf`);

/** Changes what the client asks for, as a wrong setting of its user would. */
export const onClient =
  (change: (request: SessionRequest) => SessionRequest) =>
  (lab: Lab): Promise<void> => {
    const run = lab.runSession.bind(lab);
    lab.runSession = (request, onWaiting) => run(change(request), onWaiting);
    return Promise.resolve();
  };

/** Server and client of most cells here. */
export const optional = "tls-optional/basic-ftp";
