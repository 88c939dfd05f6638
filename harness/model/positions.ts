/** Ids of networks: `office`, `office@lan` where a client stands at one of several positions, `office@lan+reject` with conditions. */

/** The network's id without a position and without conditions: `office@lan+reject` → `office`. */
export function networkIdOf(topologyId: string): string {
  return topologyId.split(/[@+]/, 1)[0] ?? "";
}

/** The position that an id names: `office@lan+reject` → `lan`; `null` if its network has one client. */
export function positionIn(topologyId: string): string | null {
  return /^[^@+]*@([^+]*)/.exec(topologyId)?.[1] ?? null;
}

/** The id of a network seen from a position: `office`, `lan` → `office@lan`. */
export function viewId(networkId: string, position: string): string {
  return `${networkId}@${position}`;
}

/** An id or a cell's id without the position: `office@lan/tls-optional/...` → `office/tls-optional/...`. */
export function withoutPosition(id: string): string {
  return id.replace(/^([^@+/]*)@[^+/]*/, "$1");
}
