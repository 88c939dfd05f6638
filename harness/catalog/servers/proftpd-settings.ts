import { readAddress } from "../../evidence/text/lines";
import type { ServerSettings } from "./definition";
import { portRange } from "./port-range";
import { directivesIn, implicitHostIn, valuesOf, type Directive } from "./proftpd-directives";

/**
 * Reads the directives of a `proftpd.conf` that causes ask for, as they hold for the main server; of a session that begins with TLS,
 * passive ports and announced address are those of the virtual host that it comes to.
 */
export function readProftpdSettings(configuration: string, isImplicit = false): ServerSettings {
  const directives = directivesIn(configuration);
  const values = (name: string): readonly string[] => valuesOf(directives, name) ?? [];
  const reached = (isImplicit ? implicitHostIn(directives) : null) ?? directives;
  const [first, last] = valuesOf(reached, "passiveports") ?? [];
  const [required = ""] = values("tlsrequired");
  const [, seconds = ""] = values("tlssessioncache");
  return {
    address: readAddress(values("defaultaddress")[0]),
    passivePorts: portRange(first, last),
    masqueradeAddress: readAddress(valuesOf(reached, "masqueradeaddress")?.[0]),
    tlsRequired: /^[a-z+!]{2,12}$/.test(required) ? required : null,
    tlsVersions: values("tlsprotocol").filter((word) => /^[+-]?[A-Za-z]{2,5}[0-9.]{0,5}$/.test(word)),
    tlsOptions: optionsOf(values("tlsoptions")),
    sessionSeconds: /^\d{1,9}$/.test(seconds) ? Number(seconds) : null,
    implicitPorts: implicitPortsOf(directives),
  };
}

function optionsOf(words: readonly string[]): readonly string[] {
  return words.filter((word) => /^[A-Za-z]{1,40}$/.test(word));
}

/** Ports of the server blocks whose own TLSOptions say so; a block names its port first. */
function implicitPortsOf(directives: readonly Directive[]): readonly number[] {
  let port = 21;
  return directives.flatMap(({ name, values }) => {
    if (name === "port") port = Number(values[0]);
    return name === "tlsoptions" && values.includes("UseImplicitSSL") ? [port] : [];
  });
}
