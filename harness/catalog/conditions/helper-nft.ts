import { makeHelpers } from "./change";
import type { Condition } from "./definition";

export const helperNft: Condition = {
  id: "helper-nft",
  title: "The helper is attached by nftables itself.",
  description:
    "The FTP helper is an object of nftables, set by `ct helper set` in a prerouting chain after conntrack and before NAT, in place of iptables' CT target in the raw table.",
  about: "what attaches the helper",
  apply: (topology) => makeHelpers(topology, { helperBy: "nftables" }),
};
