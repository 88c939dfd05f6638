/** What the user can do about the data command and the address in its reply. */
import { isPassive, type DataCommand } from "../../model/axes";
import type { Cell } from "../../model/cell";
import type { Family } from "../../model/topology";
import { isPrivateIPv4 } from "../../net/blocks";
import type { ForeignAddressPolicy } from "../../model/agent-protocol";
import { resolveClient } from "../../catalog/clients/registry";
import type { Observations } from "../observations";
import { staticActivePath } from "../observe/static-path";
import { userRemedy } from "./user-remedy";

/** What a client sends by itself, or can be made to send: the first of these that it does not lack. */
function firstOf(
  commands: readonly DataCommand[],
): (cell: Cell, family: Family) => { readonly data: DataCommand } | null {
  return (cell, family) => {
    const client = resolveClient(cell.client);
    const number = family === "ipv6" ? 6 : 4;
    const data = commands
      .filter((command) => number === 4 || command === "epsv" || command === "eprt")
      .find(
        (command) =>
          (client?.definition.program?.lacks({ ...cell, data: command, family: number, options: client.words }) ??
            null) === null,
      );
    return data === undefined ? null : { data };
  };
}

/** EPSV, which names no address, for every client that can send it. */
const passive = firstOf(["epsv", "pasv"]);

const active = firstOf(["eprt", "port"]);

/** The first and the last port that Linux gives a client to listen on. */
export const listeningPorts = [32_768, 60_999] as const;

/** The client opens the data connection; what stands before the server has to let it. */
export const passiveInstead = userRemedy({
  id: "passive-instead",
  what: "Use passive mode, in which the client opens the data connection.",
  change: (cell, family) => (isPassive(cell.data) ? null : passive(cell, family)),
  needsRange: true,
});

/** The server opens the data connection: of use only where nothing on the way hides the client or keeps the server from it. */
export const activeInstead = userRemedy({
  id: "active-instead",
  what: "Use active mode, in which the server opens the data connection; your own firewall has to let it in.",
  change: (cell, family) => (isPassive(cell.data) ? active(cell, family) : null),
  suits: ({ routers, routersMissing }) =>
    !routersMissing &&
    routers.length > 0 &&
    !routers.some(({ translatesClient }) => translatesClient) &&
    listeningPorts.every((port) => staticActivePath(routers, port).kind === "passed"),
});

/** PASV and its 227, which every helper knows. */
export const usePasv = userRemedy({
  id: "use-pasv",
  what: "Use PASV, whose 227 reply every helper knows, in place of EPSV, EPRT and PORT.",
  change: ({ data }, family) => (data === "pasv" || family === "ipv6" ? null : { data: "pasv" }),
});

/** 229 names no address (RFC 2428). */
export const useEpsv = userRemedy({
  id: "use-epsv",
  what: "Use EPSV. Its reply names no address, so the client dials the one that it already uses.",
  change: ({ data }) => (data === "pasv" ? { data: "epsv" } : null),
  suits: ({ staticallyOpen }) => staticallyOpen !== false,
});

const siblings: Readonly<Record<DataCommand, DataCommand>> = { epsv: "pasv", pasv: "epsv", eprt: "port", port: "eprt" };

/** The other command of the same direction (RFC 2428 and RFC 959). */
export const otherDataCommand = userRemedy({
  id: "other-data-command",
  what: "Let the client send the other command for the same direction: EPSV for PASV, EPRT for PORT, or the reverse.",
  change: ({ data }, family) => (family === "ipv6" ? null : { data: siblings[data] }),
});

/** Dials the address of the control connection, whatever 227 says. */
export const ignoreAddress = userRemedy({
  id: "ignore-227-address",
  what: "Let the client dial the address of the control connection, whatever the 227 reply says.",
  change: ({ client, data }) => (data === "pasv" ? withPolicy(client, ["replace-private", "ignore"]) : null),
  suits: (seen) => seen.staticallyOpen !== false && replacesAddress(seen),
});

/** Dials what 227 names. */
export const trustAddress = userRemedy({
  id: "trust-227-address",
  what: "Let the client dial the address in the 227 reply.",
  change: ({ client, data }) => (data === "pasv" ? withPolicy(client, ["trust"]) : null),
});

/** The client told by an option of its own, or without the option that makes it do otherwise, to treat 227 so. */
function withPolicy(id: string, wanted: readonly ForeignAddressPolicy[]): { readonly client: string } | null {
  const client = resolveClient(id);
  if (client === null || wanted.includes(client.options.foreignAddress)) return null;
  const { definition, words } = client;
  const { defaults, options } = definition;
  const others = words.filter((word) => options[word]?.set.foreignAddress === undefined);
  if (wanted.includes(defaults.foreignAddress)) return { client: [definition.id, ...others].join("+") };
  const word = wanted
    .map((policy) => Object.keys(options).find((name) => options[name]?.set.foreignAddress === policy))
    .find((name) => name !== undefined);
  return word === undefined ? null : { client: [definition.id, ...others, word].join("+") };
}

/** Some clients replace an address in 227 only where it is private and the one dialled is not. */
function replacesAddress({ cell, advertised, control }: Observations): boolean {
  const other = withPolicy(cell.client, ["replace-private", "ignore"]);
  const policy = other === null ? null : (resolveClient(other.client)?.options.foreignAddress ?? null);
  const named = advertised?.address ?? null;
  if (policy !== "replace-private" || named === null) return policy !== null;
  return isPrivateIPv4(named) && (control.peer === null || !isPrivateIPv4(control.peer));
}
