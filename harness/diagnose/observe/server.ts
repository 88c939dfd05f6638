import type { ServerSettings } from "../observations";
import { validAddress } from "./endpoint";

/** Reads the directives of a `proftpd.conf` that causes ask for; a later one of the same name wins, as in ProFTPD. */
export function readSettings(configuration: string): ServerSettings {
  let settings: ServerSettings = {
    address: null,
    passivePorts: null,
    masqueradeAddress: null,
    tlsRequired: null,
    tlsVersions: [],
    tlsOptions: [],
    implicitPorts: [],
  };
  let port = 21;
  let isMain = true;
  for (const line of configuration.split("\n")) {
    const [name = "", ...values] = line.trim().split(/\s+/);
    const [first = "", second = ""] = values;
    switch (name.toLowerCase()) {
      case "<virtualhost":
        isMain = false;
        break;
      case "</virtualhost>":
        isMain = true;
        break;
      case "port":
        port = Number(first);
        break;
      case "defaultaddress":
        settings = { ...settings, address: validAddress(first) };
        break;
      case "passiveports":
        settings = { ...settings, passivePorts: portsOf(first, second) };
        break;
      case "masqueradeaddress":
        settings = { ...settings, masqueradeAddress: validAddress(first) };
        break;
      case "tlsprotocol":
        settings = { ...settings, tlsVersions: values.filter((word) => /^[+-]?[A-Za-z]{2,5}[0-9.]{0,5}$/.test(word)) };
        break;
      case "tlsrequired":
        settings = { ...settings, tlsRequired: /^[a-z+!]{2,12}$/.test(first) ? first : null };
        break;
      case "tlsoptions": {
        const options = values.filter((word) => /^[A-Za-z]{1,40}$/.test(word));
        if (options.includes("UseImplicitSSL")) {
          settings = { ...settings, implicitPorts: [...settings.implicitPorts, port] };
        }
        if (isMain) settings = { ...settings, tlsOptions: options };
        break;
      }
    }
  }
  return settings;
}

function portsOf(first: string, last: string): ServerSettings["passivePorts"] {
  const range = { first: Number(first), last: Number(last) };
  const valid = [range.first, range.last].every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  return valid && range.first <= range.last ? range : null;
}

/** The first line of the server's logs that a pattern finds. */
export function logged(lines: readonly string[], pattern: RegExp): string | null {
  return lines.find((line) => pattern.test(line)) ?? null;
}
