import { isUnroutableIPv4 } from "../../../net/blocks";
import { parseAddress } from "../../../net/address";
import type { ConfigurationFinding } from "./finding";

const here = "Name the address that clients dial: the router's public one.";

/** What is wrong with an address that a server is to put into 227, for any server; `null` if nothing is. */
export function announcedFinding(directive: string, address: string, line: number): ConfigurationFinding | null {
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  if (parsed.family === "ipv6") {
    const text = `${directive} has an IPv6 address, and 227 has room for IPv4 alone (RFC 959).`;
    return { line, severity: "error", text, remedy: "Name an IPv4 address, or leave it out: EPSV names no address." };
  }
  if (/^(0|127)\./.test(address)) {
    const text = `${directive} ${address} sends every client to its own host: nobody can open a data connection after PASV.`;
    return { line, severity: "error", text, remedy: here };
  }
  if (!isUnroutableIPv4(address)) return null;
  const text = `${directive} ${address} leads clients on the Internet nowhere: the address is private.`;
  return { line, severity: "warning", text, remedy: `${here} It is right only where all clients are in that network.` };
}
