/** What a topology's translator makes of addresses, and how it is set up. */
import type { Topology, TranslatorNode } from "../model/topology";
import { embed, embedded } from "../net/embedded-address";
import { contains, rangeAddresses } from "../net/blocks";
import { attachmentsOf, clientOf } from "../model/network";
import { perNetwork } from "../model/per-network";
import { addressesOf } from "./wiring";

/** Source and destination of a packet. */
type Ends = { readonly source: string; readonly destination: string };

export function translatorOf(topology: Topology): TranslatorNode | null {
  return topology.nodes.find((node) => node.kind === "translator") ?? null;
}

/** Each of the client's addresses, and the one that stands for it. */
const pairsOf = perNetwork((topology): readonly (readonly [string, string])[] => {
  const translator = translatorOf(topology);
  if (translator === null) return [];
  const { id } = clientOf(topology);
  const own = topology.links.flatMap((link) => addressesOf(link, id));
  const others = rangeAddresses(translator.pool);
  return own.map((address, index) => [address, others[index] ?? ""]);
});

/** A client's address as everybody behind the translator knows it; the same where there is none. */
export function addressBehind(topology: Topology, address: string): string {
  return pairsOf(topology).find(([own]) => own === address)?.[1] ?? address;
}

/** A packet's addresses on the other side; `null` if the translator has nothing to say of them. */
export function translated(topology: Topology, translator: TranslatorNode, { source, destination }: Ends): Ends | null {
  const pairs = pairsOf(topology);
  const meant = embedded(translator.prefix, destination);
  if (meant !== null) {
    const stand = pairs.find(([own]) => own === source)?.[1];
    return stand === undefined ? null : { source: stand, destination: meant };
  }
  const client = pairs.find(([, stand]) => stand === destination)?.[0];
  return client === undefined ? null : { source: embed(translator.prefix, source), destination: client };
}

/** The interface to tayga, which is a program. */
export const translatorInterface = "nat64";

const folder = "/run/ftp-nat-matrix";

/** The IPv4 dummy address, for translators that have none (RFC 7600). */
const dummyAddress = "192.0.0.8";

/** Sysctls by which the translator answers at once for its pool (ARP, RFC 1027), of which the kernel has no address. */
export function translatorSysctls(topology: Topology, { id, pool }: TranslatorNode): Readonly<Record<string, string>> {
  const near = attachmentsOf(topology, id).filter(({ link }) => contains(link.subnet, pool.first));
  return Object.fromEntries(
    near.flatMap((attachment) => [
      [`net.ipv4.conf.${sysctlName(attachment.interface)}.proxy_arp`, "1"],
      // Else it waits for up to 0.8 s.
      [`net.ipv4.neigh.${sysctlName(attachment.interface)}.proxy_delay`, "0"],
    ]),
  );
}

/** `eth0.2` → `eth0/2`: dots separate the parts of a sysctl's name (sysctl(8)). */
function sysctlName(name: string): string {
  return name.replaceAll(".", "/");
}

/** Lines of shell that start tayga; it reads its interface from then on, and what came before waits there. */
export function translatorScript(topology: Topology, translator: TranslatorNode): readonly string[] {
  const config = `${folder}/tayga.conf`;
  const routes = rangeAddresses(translator.pool).map((address) => `route add ${address} dev ${translatorInterface}`);
  return [
    `mkdir -p ${folder}`,
    `cat > ${config} <<'END'`,
    `tun-device ${translatorInterface}`,
    `data-dir ${folder}`,
    // For ICMP errors of its own; it may be none of the kernel's. That of IPv6 is made from it and the prefix.
    `ipv4-addr ${dummyAddress}`,
    `prefix ${translator.prefix}`,
    ...pairsOf(topology).map(([address, stand]) => `map ${stand} ${address}`),
    "END",
    `tayga --config ${config} --mktun`,
    "ip -batch - <<'END'",
    `link set ${translatorInterface} up`,
    `route add ${translator.prefix} dev ${translatorInterface}`,
    ...routes,
    "END",
    `tayga --config ${config}`,
  ];
}
