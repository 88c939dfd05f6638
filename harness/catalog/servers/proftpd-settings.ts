import { readAddress } from "../../evidence/text/lines";
import type { ServerSettings } from "./definition";
import { portRange } from "./port-range";

/** Reads the directives of a `proftpd.conf` that causes ask for; a later one of the same name wins, as in ProFTPD. */
export function readProftpdSettings(configuration: string): ServerSettings {
  let settings: ServerSettings = {
    address: null,
    passivePorts: null,
    masqueradeAddress: null,
    tlsRequired: null,
    tlsVersions: [],
    tlsOptions: [],
    sessionSeconds: null,
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
        settings = { ...settings, address: readAddress(first) };
        break;
      case "passiveports":
        settings = { ...settings, passivePorts: portRange(first, second) };
        break;
      case "masqueradeaddress":
        settings = { ...settings, masqueradeAddress: readAddress(first) };
        break;
      case "tlsprotocol":
        settings = { ...settings, tlsVersions: values.filter((word) => /^[+-]?[A-Za-z]{2,5}[0-9.]{0,5}$/.test(word)) };
        break;
      case "tlsrequired":
        settings = { ...settings, tlsRequired: /^[a-z+!]{2,12}$/.test(first) ? first : null };
        break;
      case "tlssessioncache":
        settings = { ...settings, sessionSeconds: /^\d{1,9}$/.test(second) ? Number(second) : null };
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
