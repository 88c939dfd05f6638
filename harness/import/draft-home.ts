/** A home router, and a server somewhere on the Internet. */
import type { Host } from "./host";
import type { NetworkDraft } from "./network";
import { contains } from "../net/blocks";
import { freeAddress, freeRange, freeSubnet, nth, reachOf, subnetAround } from "./numbers";
import { assume, type Known } from "./place";
import { insideOf, outsideOf, type Side } from "./sides";
import { noNetwork } from "./draft-errors";
import { finished, neighbourOf, type Drafting } from "./drafting";

/** A home router, and a server somewhere on the Internet. */
export function draftClientAtHome(drafting: Drafting): NetworkDraft {
  const { parts, roles } = drafting;
  const [router] = roles.routers;
  if (router === undefined) throw noNetwork(false);
  const id = parts.idOf(router);
  const outside = outsideOf(router, null, null);
  const anchor = insideAnchor(router, outside);
  const inside = insideOf(router, anchor.value, anchor, outside.name?.value ?? null);
  if (inside === null) throw noNetwork(false);
  const lan = parts.link("lan", inside.subnet.value);
  parts.end(lan, id, inside.address.value, inside.name?.value ?? null);
  parts.learnSide(id, inside, "inside");
  parts.learnSide(id, outside, "outside");
  lan.addresses.set(
    "client",
    freeRange(inside.subnet.value, [inside.address.value]) ?? freeAddress(inside.subnet.value, [inside.address.value]),
  );
  parts.node("client", "client", inside.address.value, null, null);
  const wan = parts.link("wan", outside.subnet.value);
  parts.end(wan, id, outside.address.value, outside.name?.value ?? null);
  const gateway = neighbourOf(outside);
  parts.end(wan, "isp", gateway, null);
  parts.node(id, "router", gateway, router, null);
  const subnet = freeSubnet(parts.taken());
  const far = parts.link("internet", subnet);
  parts.end(far, "isp", nth(subnet, 1), null);
  parts.end(far, "server", nth(subnet, 10), null);
  parts.node("isp", "router", null, null, { why: "the Internet between; it passes everything" });
  parts.node("server", "server", nth(subnet, 1), null, null);
  parts.assume(
    "the client is at home, and the server somewhere on the Internet",
    "no rule forwards FTP, and no file belongs to a server",
  );
  return finished(drafting, nth(subnet, 10), "server", nth(subnet, 10));
}

function insideAnchor(router: Host, outside: Side): Known<string> {
  const inside = router.interfaces
    .filter(({ name }) => name !== outside.name?.value)
    .flatMap(({ addresses }) => addresses)
    .find(
      ({ address, prefix }) =>
        prefix < 31 && reachOf(address) === "private" && !contains(outside.subnet.value, address),
    );
  if (inside !== undefined)
    return { value: freeAddress(subnetAround(inside.address, inside.prefix), [inside.address]), from: inside.from };
  const source = router.hidings.find((hiding) => hiding.source?.includes("/") === true);
  if (source !== undefined && source.source !== null) return { value: nth(source.source, 32), from: source.from };
  return assume("192.168.1.32", "no file shows the network at home");
}
