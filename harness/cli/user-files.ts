/** A user's own files, which take the places of what the project would render. */
import { repeatable } from "./repeatable";

export type UserFiles = {
  /** The files of a server's configuration, the main one first. */
  readonly serverConfig: readonly string[];
  /** `FILE` or `NODE=FILE`. */
  readonly routerRules: readonly string[];
  /** `NAME=NAME` or `ADDRESS=ADDRESS`: what the rules say, and what the topology has. */
  readonly map: readonly string[];
};

export const noUserFiles: UserFiles = { serverConfig: [], routerRules: [], map: [] };

const group = "Your own files:";

export const routerRulesOption = repeatable(
  "--router-rules <[node=]file>",
  "an iptables-save or nft file in place of the topology's rules, for the only router or for the node that you name; " +
    "repeatable",
).helpGroup(group);

export const mapOption = repeatable(
  "--map <theirs=ours>",
  "what an interface or address in --router-rules is in the topology: pppoe-wan=internet, ppp+=internet, " +
    "10.0.0.5=192.168.10.10; repeatable",
).helpGroup(group);

export const serverConfigOption = repeatable(
  "--server-config <file>",
  "a proftpd.conf or vsftpd.conf in place of the profile's, then the files that it includes; see topologies/README.md; repeatable",
).helpGroup(group);

/** For commands that take one cell by its id. */
export const ownNetworkOption = repeatable(
  "--topology <path>",
  "the cell's network, if it is a topology file of your own or a folder that import wrote; those of the last run are " +
    "known",
).helpGroup(group);
