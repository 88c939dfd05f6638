import { parseAddress } from "../../net/address";
import { isUnroutableIPv4 } from "../../net/blocks";

/**
 * What an address that a user's own file announces becomes in the lab. Their public address, or a name for it, is the one that the
 * lab's clients dial. Faults stay: an address that leads nobody outside anywhere (RFC 1918, loopback, 0.0.0.0), and what is neither
 * an IPv4 address nor a name.
 * @param readsNames whether the server looks names up
 * @param isOfNetwork the file came with its own network: addresses are what they are, and one of another day is a fault
 */
export function announcedAddress(own: string, dial: string, readsNames: boolean, isOfNetwork = false): string {
  if (parseAddress(own)?.family === "ipv4") {
    if (isOfNetwork) return own;
    const leadsNowhere = /^(0|127)\./.test(own) || (isUnroutableIPv4(own) && !isUnroutableIPv4(dial));
    return leadsNowhere ? own : dial;
  }
  return readsNames && isName(own) ? dial : own;
}

/** A host name (RFC 1123) has a letter: digits and dots alone are a short form of an address. */
function isName(text: string): boolean {
  return /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i.test(text);
}
