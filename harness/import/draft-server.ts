/** What the network says of the server. */
import type { PortRange } from "../model/topology";
import type { Forward } from "./host";
import type { ServerDraft } from "./network";
import type { NetworkParts } from "./parts";
import { isAddress } from "./read/server";
import type { Roles } from "./roles";

export function serverDraft(
  parts: NetworkParts,
  roles: Roles,
  { dial, serverId, target }: { readonly dial: string; readonly serverId: string; readonly target: string },
): ServerDraft {
  const files = roles.configured?.server ?? null;
  if (roles.forward?.inside === target)
    parts.learn(`\`${serverId}\` has ${target}`, { value: target, from: roles.forward.from });
  if (files !== null) {
    parts.learn(`the server listens on port ${files.controlPort.value}`, files.controlPort);
    parts.learn(`it takes passive connections on ports ${rangeText(files.passivePorts.value)}`, files.passivePorts);
    parts.learn(
      files.announces.value === null ? "it announces its own address" : `it announces ${files.announces.value}`,
      files.announces,
    );
    const announced = files.profile !== null && isAddress(files.announces.value) ? files.announces.value : null;
    return {
      passivePorts: files.passivePorts.value,
      controlPort: roles.forward === null ? files.controlPort.value : portsOf(roles).port,
      masqueradeAddress: announced,
    };
  }
  const port = portsOf(roles).port;
  const range = roles.forwardedRange;
  if (range === null) {
    const open = { first: 32_768, last: 60_999 };
    parts.assume(
      `the server takes passive connections on any port (${rangeText(open)})`,
      "no file belongs to an FTP server",
    );
    return { passivePorts: open, controlPort: port, masqueradeAddress: null };
  }
  parts.learn(`the server's passive range is ${rangeText(range.value)}`, range);
  const announces = target === dial ? null : dial;
  if (announces !== null)
    parts.assume(`the server announces ${announces}`, "its range is forwarded, and no file belongs to the server");
  return { passivePorts: range.value, controlPort: port, masqueradeAddress: announces };
}

/** The port that clients dial here is the server's; the user's router may forward another one to it. */
export function portsOf({ forward, configured }: Roles): { readonly port: number; readonly needed: number } {
  const listens = configured?.server?.controlPort;
  const inside = forward?.toPorts?.first ?? forward?.ports?.[0]?.first ?? 21;
  const port =
    listens !== undefined && "from" in listens
      ? listens.value
      : forward?.ports === null
        ? 21
        : firstFtp(forward, inside);
  const forwarded = forward?.ports ?? null;
  if (forward === null || forwarded === null) return { port, needed: port };
  return { port, needed: keeps(forward, port) ? port : (forwarded[0]?.first ?? port) };
}

/** Whether a forward leads a port to the same one: it names no other, or a range that has it too (nf_nat_core.c, get_unique_tuple). */
function keeps({ ports, toPorts }: Forward, port: number): boolean {
  const holds = ({ first, last }: PortRange): boolean => first <= port && port <= last;
  return ports?.some(holds) !== false && (toPorts === null || holds(toPorts));
}

function firstFtp(forward: Forward | null, inside: number): number {
  return forward !== null && keeps(forward, 21) ? 21 : inside;
}

export function titleOf({ routers, server, forward }: Roles): string {
  const names = routers.map(({ name }) => name || "the router");
  if (routers.length === 0)
    return `Imported: the server ${server?.name ?? ""} with its own rules`.replace(/ {2,}/g, " ");
  return forward === null && server === null
    ? `Imported: a client behind ${names.join(" and ")}`
    : `Imported: a server behind ${names.join(" and ")}`;
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
