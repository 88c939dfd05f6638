/** What lies beyond a machine's outside address: the Internet, a router in front, and the client. */
import type { Host } from "./host";
import type { MadeUp } from "./network";
import { freeAddress, freeSubnet, nth, reachOf, subnetAround } from "./numbers";
import type { NetworkParts } from "./parts";
import { placeText, type Known } from "./place";
import type { Side } from "./sides";
import { neighbourOf, type Drafting } from "./drafting";

/** The client beyond a router's outside address, with a route to what is behind it. */
export function attachRouted(parts: NetworkParts, router: Host, outside: Side): void {
  const id = parts.idOf(router);
  parts.learnSide(id, outside, "outside");
  const wan = parts.link("wan", outside.subnet.value);
  const gateway = neighbourOf(outside);
  parts.end(wan, id, outside.address.value, outside.name?.value ?? null);
  parts.end(wan, "isp", gateway, null);
  parts.node(id, "router", gateway, router, null);
  if (outside.gateway !== null) parts.learn(`the way out of \`${id}\` is ${gateway}`, outside.gateway);
  addClient(parts, "isp", { why: "the Internet between; it passes everything" }, outside.address.value);
}

/** Everything beyond a machine's outside address, up to the client. Gives back what clients dial. */
export function attachOutside(
  { parts, roles, options }: Drafting,
  { host, id, outside }: { readonly host: Host; readonly id: string; readonly outside: Side },
  { port, needed }: { readonly port: number; readonly needed: number },
  announced: Known<string> | null,
): string {
  parts.learnSide(id, outside, "outside");
  const address = outside.address.value;
  const reach = reachOf(address);
  const front = options.front ?? (reach === "public" ? "none" : reach === "carrier" ? "nat" : "forward");
  const wan = parts.link("wan", outside.subnet.value);
  parts.end(wan, id, address, outside.name?.value ?? null);
  const gateway = neighbourOf(outside);
  const role = roles.routers.length === 0 ? "server" : "router";
  parts.node(id, role, gateway, host, null);
  if (outside.gateway !== null) parts.learn(`the way out of \`${id}\` is ${gateway}`, outside.gateway);
  const remap = port === needed ? null : { from: port, to: needed };
  if (front === "none") {
    parts.end(wan, "isp", gateway, null);
    addClient(
      parts,
      "isp",
      remap === null ? { why: "the Internet between; it passes everything" } : remapping(address, remap),
    );
    if (remap !== null)
      parts.notes.push(
        `Clients here dial port ${remap.from}, the server's own; \`isp\` turns it into ${remap.to}, which the rules forward.`,
      );
    return address;
  }
  const known = options.told ?? (announced !== null && reachOf(announced.value) === "public" ? announced : null);
  const subnet = known === null ? freeSubnet(parts.taken()) : subnetAround(known.value, 24);
  const own = known?.value ?? nth(subnet, 1);
  parts.end(wan, "front", gateway, null);
  const line = parts.link("line", subnet);
  parts.end(line, "front", own, null);
  const next = freeAddress(subnet, [own]);
  parts.end(line, "isp", next, null);
  const forwards = front === "forward" ? [{ on: "line", ports: "1-65535", to: address }] : [];
  parts.node("front", "router", next, null, {
    why:
      front === "forward"
        ? "the router in front, which passes every port on"
        : "the router in front, which passes nothing on",
    masquerade: ["line"],
    forwards,
  });
  addClient(
    parts,
    "isp",
    remap === null ? { why: "the Internet between; it passes everything" } : remapping(own, remap),
  );
  const why =
    reach === "carrier"
      ? `${address} belongs to a provider's own network (RFC 6598)`
      : `${address} is a private address`;
  const does =
    front === "forward" ? "passes every TCP port on to it, so that only your files decide" : "passes nothing on to it";
  if (options.front === null)
    parts.assume(`one more router, \`front\`, lies before \`${id}\` and ${does} (--front none|nat|forward)`, why);
  if (known === null) parts.assume(`\`front\` has ${own}`, "no file shows the address outside");
  else if (known === options.told) parts.learn(`\`front\` has ${own}, which no interface has`, known);
  else {
    const place = "from" in known ? ` (${placeText(known.from)})` : "";
    const why = `the server announces it${place}, and no file shows the line's own address, so an outdated address is not noticed`;
    parts.assume(`\`front\` has ${own}`, why);
  }
  return own;
}

function addClient(parts: NetworkParts, behind: string, made: MadeUp, gateway: string | null = null): void {
  const subnet = freeSubnet(parts.taken());
  const link = parts.link("internet", subnet);
  parts.end(link, behind, nth(subnet, 1), null);
  link.addresses.set("client", `${nth(subnet, 32)}-${nth(subnet, 223)}`);
  parts.node(behind, "router", gateway, null, made);
  parts.node("client", "client", nth(subnet, 1), null, null);
}

function remapping(dial: string, { from, to }: { readonly from: number; readonly to: number }): MadeUp {
  return {
    why: `the Internet between; clients here dial port ${from}, and it turns that into ${to}, which is what the rules forward`,
    rules: [
      "*nat",
      `-A PREROUTING -d ${dial}/32 -p tcp -m tcp --dport ${from} -j DNAT --to-destination ${dial}:${to}`,
      "COMMIT",
    ].join("\n"),
  };
}
