import type { PastedEndpoint } from "../../../model/symptom";

/** Names of FTP's ports, as programs that look them up in /etc/services write them. */
const services: ReadonlyMap<string, number> = new Map([
  ["ftp-data", 20],
  ["ftp", 21],
  ["ftps-data", 989],
  ["ftps", 990],
]);

/** A port as it is written, in digits or by the name of one of FTP's services; `null` for any other word. */
export function writtenPort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const named = services.get(text);
  if (named !== undefined) return named;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : null;
}

/** An address or a host's name with its port. */
export function writtenEndpoint(address: string, port: string | undefined): PastedEndpoint {
  return { address, port: writtenPort(port) };
}

/** An address with its port behind the last dot, as tcpdump writes it. */
export function dottedEndpoint(text: string): PastedEndpoint {
  const at = text.lastIndexOf(".");
  // Four numbers alone are an address without a port.
  const isWhole = at < 0 || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);
  return isWhole ? { address: text, port: null } : writtenEndpoint(text.slice(0, at), text.slice(at + 1));
}

/** `192.0.2.1:21`, `[2001:db8::1]:21`, `host:21`; without a port the whole is the address. */
export function colonEndpoint(text: string): PastedEndpoint {
  const [, bracketed, host, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? host;
  return address === undefined ? { address: text.replace(/^\[|\]$/g, ""), port: null } : writtenEndpoint(address, port);
}
