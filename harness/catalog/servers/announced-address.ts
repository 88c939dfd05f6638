import { isUnroutableIPv4 } from "../../net/blocks";

/**
 * What an address that a user's own file announces becomes in the lab. Their public address, or a name for it, is the one that the
 * lab's clients dial; one that leads nobody outside anywhere (RFC 1918, loopback, 0.0.0.0) is a fault of its own, and stays.
 */
export function announcedAddress(own: string, dial: string): string {
  const leadsNowhere = own === "0.0.0.0" || isUnroutableIPv4(own);
  return leadsNowhere && !isUnroutableIPv4(dial) ? own : dial;
}
