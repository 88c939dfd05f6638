/** What the user can do with CCC, or without it. */
import { traitsOf } from "../../model/axes";
import { resolveClient } from "../../catalog/clients/registry";
import { softwareNamed } from "../../catalog/servers/registry";
import { coversPorts } from "../../evidence/text/rules";
import { expectedFrom } from "../../plan/expected";
import { withCell, withTls } from "../../plan/setup";
import type { Observations, RouterView } from "../observations";
import { staticActivePath } from "../observe/static-path";
import { usageOf } from "./client-usage";
import { directivesOf, knowsCcc } from "./directives";
import { isOpenOn } from "./open-range";
import { inServerConfiguration, linesOf, onClientHost } from "./places";
import type { Remedy } from "./remedy";
import { userRemedy } from "./user-remedy";
import { listeningPorts } from "./data-commands";
import { explicit } from "./encryption";

/** CCC after login, and a command that says nothing before the data command. */
export const clearControl: Remedy = {
  id: "clear-control",
  party: "user",
  exposes: true,
  what: (seen) =>
    "Clear the control connection after login (CCC) and send a harmless command before the data command: commands and file names " +
    `become readable on the way, password and data do not${refusesCcc(seen) ? "; the server has to allow it" : ""}.`,
  lines: (seen) => {
    const { tls, ccc } = seen.traits;
    if (tls === "none" || ccc !== "none" || !readsAfterCcc(seen)) return [];
    const { grantCcc } = directivesOf(seen);
    const lines = usageOf(seen, { ...seen.cell, mode: "ftps-ccc" });
    if (lines.length === 0 || !refusesCcc(seen)) return lines;
    if (grantCcc === null) return [];
    return linesOf([
      { place: inServerConfiguration, lines: grantCcc },
      { place: onClientHost, lines },
    ]);
  },
  apply: (setup) => {
    const cleared = withCell(setup, { mode: "ftps-ccc" });
    if (expectedFrom(cleared.cell, cleared).result === "worked") return cleared;
    return softwareNamed(setup.server.software).directives.grantCcc === null
      ? null
      : withTls(cleared, () => ({ required: "auth+data" }));
  },
};

/** TLSRequired demands a protected control connection for good. */
function refusesCcc({ server }: Observations): boolean {
  return /^(on|both|ctrl|control)/.test(server.settings.tlsRequired ?? "");
}

/** Whether a server that knows CCC stands behind routers whose helpers will then read what it says. */
export function readsAfterCcc(seen: Observations): boolean {
  const { routers, routersMissing, server, data } = seen;
  const { software, settings } = server;
  if (!knowsCcc(software)) return false;
  // The helper passes over a 227 that names another address than the server's own (loose = 0).
  if (data === "pasv" && settings.masqueradeAddress !== null && settings.masqueradeAddress !== server.address) {
    return false;
  }
  if (routersMissing) return true;
  // The server's connection comes from an address that no router expects.
  if (!seen.passive && routers.some(hasOtherAddress)) return false;
  const needed = routers.filter((router) => needsHelper(seen, router));
  return needed.length > 0 && needed.every(({ helperPorts }) => coversPorts(helperPorts, { first: 21, last: 21 }));
}

/** A router that puts another address in the server's place than the one that clients dial. */
function hasOtherAddress({ rules, control }: RouterView): boolean {
  const dialled = control?.original.destination ?? null;
  return (
    control?.reply.source !== dialled &&
    (rules?.sourceNats ?? []).some(({ kind, toAddress }) => kind === "SNAT" && toAddress !== dialled)
  );
}

/** A router through which the data connection comes only if its helper has read what is announced. */
function needsHelper(seen: Observations, router: RouterView): boolean {
  if (seen.passive) return (seen.data === "pasv" && router.translatesServer) || !isOpenOn(seen, router);
  return router.translatesClient || staticActivePath([router], listeningPorts[0]).kind !== "passed";
}

/** A line in clear that opens the helper's eyes for the next one. */
export const primeAfterCcc = userRemedy({
  id: "command-after-ccc",
  what: "Send one harmless command between CCC and the data command: NOOP, PWD or TYPE.",
  change: ({ mode }) => (mode === "ftps-ccc-unprimed" ? { mode: "ftps-ccc" } : null),
  suits: (seen) => readsAfterCcc(seen),
});

/** Ends TLS first after CCC, as most servers wait for. */
export const closeTlsFirst = userRemedy({
  id: "close-tls-first",
  what: "Let the client close TLS first after CCC: the server waits for that.",
  change: ({ client }) => {
    const found = resolveClient(client);
    const word = ["ccc-active", "ccc-first"].find((name) => name in (found?.definition.options ?? {}));
    const others = found?.words.filter((name) => !name.startsWith("ccc-")) ?? [];
    return found === null || word === undefined || found.words.includes(word)
      ? null
      : { client: [found.definition.id, ...others, word].join("+") };
  },
});

/** Explicit TLS to the end, with the range that it needs. */
export const withoutCcc = userRemedy({
  id: "without-ccc",
  what: "Do not use CCC, so that the whole session stays encrypted.",
  change: ({ mode }) => (traitsOf(mode).ccc === "none" ? null : { mode: explicit }),
  suits: ({ passive: isPassiveData, routers, routersMissing }) =>
    isPassiveData ||
    (!routersMissing && listeningPorts.every((port) => staticActivePath(routers, port).kind === "passed")),
  needsRange: true,
});
