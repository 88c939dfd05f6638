import type { Topology } from "../model/topology";
import { attachmentsOf, clientOf, nodeOf } from "../model/network";
import { clientAddresses } from "./wiring";

/** A user of the client's host, and the address that all its connections leave from. */
export type ProgramUser = { readonly uid: number; readonly address: string };

/** The first of the users whom the image of packaged programs knows. */
const firstUid = 20_000;

/**
 * A user for each of the client's addresses. Packaged programs choose no source address, or not for every connection; run as a
 * user of its own each has one by the kernel's choice: `ip rule uidrange` and a route with `src` (ip-rule(8), ip-route(8)).
 */
export function programUsers(topology: Topology): readonly ProgramUser[] {
  return clientAddresses(topology).map((address, index) => ({ uid: firstUid + index, address }));
}

/** Lines for `ip -batch` in the client's network namespace. */
export function programUserRoutes(topology: Topology): readonly string[] {
  const client = clientOf(topology);
  const { gateway } = nodeOf(topology, client.id);
  const [attachment] = attachmentsOf(topology, client.id);
  if (attachment === undefined) return [];
  const { interface: link } = attachment;
  const { subnet } = attachment.link;
  return programUsers(topology).flatMap(({ uid, address }) => {
    const table = String(uid);
    return [
      `rule add uidrange ${table}-${table} lookup ${table}`,
      `route add ${subnet} dev ${link} src ${address} table ${table}`,
      ...(gateway === null ? [] : [`route add default via ${gateway} dev ${link} src ${address} table ${table}`]),
    ];
  });
}
