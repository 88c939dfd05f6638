/** A user's own files, which take the places of what the project would render. */
import { Option } from "@commander-js/extra-typings";
import { repeatable } from "./repeatable";

export type UserFiles = {
  /** A server's configuration. */
  readonly serverConfig?: string | undefined;
  /** `FILE` or `NODE=FILE`. */
  readonly routerRules: readonly string[];
};

export const noUserFiles: UserFiles = { routerRules: [] };

const group = "Your own files:";

export const routerRulesOption = repeatable(
  "--router-rules <[node=]file>",
  "an iptables-save or nft file in place of the topology's rules, with the topology's links as the names of its " +
    "interfaces; for the only router, or for the router or host named; then nothing is predicted but what a scenario " +
    "states; repeatable",
).helpGroup(group);

export const serverConfigOption = new Option(
  "--server-config <file>",
  "a proftpd.conf or vsftpd.conf in place of the profile's; see topologies/README.md",
).helpGroup(group);
