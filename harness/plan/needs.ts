import type { Topology } from "../model/topology";
import { balancesOf } from "./balance";
import { routersOf } from "../model/network";
import { translatorOf } from "./translator";

/** Features of the kernel that not every one has, and that some networks cannot be built without. */
export const kernelFeatures = [
  "sch_tbf",
  "sch_netem",
  "xt_statistic",
  "iptable_raw",
  "nft_ct_helper",
  "nft_egress",
  "tun",
] as const;
export type KernelFeature = (typeof kernelFeatures)[number];

/** What a network needs of the kernel beyond what every lab does (`setup/kernel-modules.ts`). */
export function needsOf(topology: Topology): readonly KernelFeature[] {
  const makes = routersOf(topology).map(({ make }) => make);
  const needed: Readonly<Record<KernelFeature, boolean>> = {
    sch_tbf: topology.links.some(({ rateKbit }) => rateKbit !== null),
    sch_netem: topology.links.some(({ delayMs }) => delayMs !== null),
    xt_statistic:
      makes.some(({ losesOneIn }) => losesOneIn !== null) || balancesOf(topology).some(({ by }) => by !== "source"),
    iptable_raw: makes.some(({ tables }) => tables === "legacy"),
    nft_ct_helper: makes.some(({ helperBy }) => helperBy === "nftables"),
    tun: translatorOf(topology) !== null,
    nft_egress: makes.some(({ helperKnows }) => helperKnows.length < 4),
  };
  return kernelFeatures.filter((feature) => needed[feature]);
}
