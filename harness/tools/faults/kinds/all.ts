// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { FaultKind } from "./definition";
import { clientLimit } from "./client-limit";
import { link } from "./link";
import { nftRule } from "./nft-rule";
import { removedRule } from "./removed-rule";
import { route } from "./route";
import { rule } from "./rule";
import { serverDirective } from "./server-directive";
import { sysctl } from "./sysctl";
import { serverProcess } from "./server-process";

/** Every kind of fault that `npm run faults` makes, in the order in which they are drawn from. */
export const faultKinds: readonly FaultKind[] = [
  clientLimit,
  link,
  nftRule,
  removedRule,
  route,
  rule,
  serverDirective,
  sysctl,
  serverProcess,
];
