import type { Topology } from "../../harness/model/topology";

/** Interface names as machines have them: with a dash, with dots, and none that is a link's id. */
export const otherNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  client: { internet: "enp0s31f6" },
  router: { internet: "pppoe-wan", lan: "br-lan" },
  server: { lan: "eth0.2" },
};

/** The network with other names for the interfaces of client, router and server. */
export function withOtherNames(topology: Topology): Topology {
  const links = topology.links.map((link) => ({
    ...link,
    ends: link.ends.map((end) => {
      const own = otherNames[end.node]?.[link.id];
      if (own === undefined) throw new Error(`no other name for ${end.node}'s interface on ${link.id}`);
      return { ...end, interface: own };
    }),
  }));
  return { ...topology, links };
}
