import type { ForeignAddressPolicy } from "../model/agent-protocol";

/** Where a data connection goes. */
export type Target = { readonly host: string; readonly port: number };

/**
 * The address to dial after a 227 reply. The rules for `reject` and `replace-private`, and the former's message, are
 * basic-ftp's (`enterPassiveModeIPv4_forceControlHostIP` and `enterPassiveModeIPv4`), which dial by themselves and choose
 * TLS by the control socket's class, and so cannot serve PROT C and CCC.
 *
 * @param peer address of the control connection's other end
 * @throws Error when the policy refuses the address
 */
export function passiveTarget(advertised: Target, peer: string, policy: ForeignAddressPolicy): Target {
  const control = peer.replace(/^::ffff:/i, "");
  switch (policy) {
    case "trust":
      return advertised;
    case "ignore":
      return { ...advertised, host: control };
    case "replace-private":
      return isPrivate(advertised.host) && !isPrivate(control) ? { ...advertised, host: control } : advertised;
    case "reject":
      if (control !== advertised.host && !(isLoopback(control) && isLoopback(advertised.host))) {
        throw new Error(
          `PASV returned another host (${advertised.host}) for data transfer that you have connected to (${peer}). ` +
            "Even though the FTP protocol allows this, basic-ftp disables this feature by default for security reasons. " +
            "If you do need this feature, instantiate the Client with the optional paramter " +
            '"allowSeparateTransferHost: true". See the README documentation for more information.',
        );
      }
      return { ...advertised, host: control };
  }
}

/** RFC 1918 section 3, and 127.0.0.1, as basic-ftp counts them. */
function isPrivate(address: string): boolean {
  const [first, second] = address.split(".").map(Number);
  return (
    first === 10 ||
    (first === 172 && second !== undefined && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    address === "127.0.0.1"
  );
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** The argument of PORT (RFC 959 section 4.1.2): `h1,h2,h3,h4,p1,p2`. */
export function portArgument(address: string, port: number): string {
  return [...address.split("."), String(port >> 8), String(port & 255)].join(",");
}

/** The argument of EPRT (RFC 2428 section 2): `|1|address|port|`, or `|2|` for IPv6. */
export function eprtArgument(address: string, port: number): string {
  return `|${address.includes(":") ? "2" : "1"}|${address}|${port}|`;
}
