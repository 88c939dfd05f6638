/** What a network is drafted with, and how a draft ends. */
import type { NetworkDraft } from "./network";
import { freeAddress } from "./numbers";
import type { NetworkParts } from "./parts";
import type { Known } from "./place";
import type { Roles } from "./roles";
import type { Side } from "./sides";
import { serverDraft, titleOf } from "./draft-server";

export const fronts = ["none", "nat", "forward"] as const;
/** What lies before a machine whose outside address is not of the Internet: nothing, a router that forwards nothing, or one that forwards all. */
export type Front = (typeof fronts)[number];

export type DraftOptions = {
  readonly id: string;
  readonly front: Front | null;
  /** The address outside that the files tell beside interfaces, rules and settings. */
  readonly told: Known<string> | null;
};

export type Drafting = {
  readonly parts: NetworkParts;
  readonly roles: Roles;
  readonly options: DraftOptions;
};

/** The address next to an outside one that has the rest of the world behind it. */
export function neighbourOf(outside: Side): string {
  return outside.gateway?.value ?? freeAddress(outside.subnet.value, [outside.address.value]);
}

/** The network of all parts. */
export function finished(
  { parts, roles, options }: Drafting,
  dial: string,
  serverId: string,
  target: string,
): NetworkDraft {
  const server = serverDraft(parts, roles, { dial, serverId, target });
  return parts.finish({ id: options.id, title: titleOf(roles), dial }, server);
}
