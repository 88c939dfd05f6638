import { LabError } from "../model/errors";
import type { KernelFeature } from "../plan/needs";
import { tunDevice } from "../plan/lab-plan";
import type { NodeShell } from "./node-shell";
import type { PatchPanel } from "./patch-panel";

/**
 * Commands that succeed in a new network namespace with two interfaces, `one` and `other`, where the kernel has the feature.
 * Trying beats reading its configuration: modules may be there and may not be loaded by whoever needs them.
 */
export const trials: Readonly<Record<KernelFeature, string>> = {
  // With a device that the engine has to give: see `PatchPanel.tryDevice`.
  tun: "ip tuntap add mode tun name trial",
  sch_tbf: "tc qdisc add dev one root tbf rate 1mbit burst 4000 latency 1s",
  sch_netem: "tc qdisc add dev one root netem delay 1ms",
  xt_statistic: "iptables -t raw -A PREROUTING -m statistic --mode nth --every 2 --packet 0 -j DROP",
  iptable_raw: "iptables-legacy -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp",
  nft_ct_helper: `printf 'table ip trial {\\n ct helper one {\\n type "ftp" protocol tcp\\n }\\n}\\n' | nft -f -`,
  nft_egress: `printf 'table netdev trial {\\n chain one {\\n type filter hook egress device "one" priority 0\\n @ih,0,32 1 @ih,0,32 set 2\\n }\\n}\\n' | nft -f -`,
};

/** The first of the features that the engine's kernel lacks; `null` if it has them all. @throws LabError if it cannot be asked. */
export async function findLackingFeature(
  panel: PatchPanel,
  needed: readonly KernelFeature[],
  how: Readonly<Record<KernelFeature, string>> = trials,
): Promise<KernelFeature | null> {
  if (needed.length === 0) return null;
  const shell = await panel.openShell("kernel features");
  try {
    for (const feature of needed) {
      const isThere = feature === "tun" ? panel.tryDevice(tunDevice, how.tun) : has(shell, feature, how[feature]);
      if (!(await isThere)) return feature;
    }
    return null;
  } finally {
    shell.close();
  }
}

async function has(shell: NodeShell, feature: KernelFeature, trial: string): Promise<boolean> {
  const lines = [
    "ip link add name one type veth peer name other || exit 1",
    `if { ${trial}; } >/dev/null 2>&1; then echo has; else echo lacks; fi`,
  ];
  const answer = (
    await shell.run("start", `unshare --net sh <<'END_OF_TRIAL'\n${lines.join("\n")}\nEND_OF_TRIAL`)
  ).trim();
  if (answer === "has" || answer === "lacks") return answer === "has";
  throw new LabError("start", `The kernel could not be asked for ${feature}: ${answer}`, { code: "kernel-feature" });
}
