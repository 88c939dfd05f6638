import { clientOf } from "../../model/network";
import type { Condition } from "./definition";

export const clientFirewall: Condition = {
  id: "client-firewall",
  title: "The client's own host lets in only what it asked for.",
  description:
    "The host that the client runs on has a firewall of its own, as desktop systems have out of the box. It lets in what belongs to connections that it opened itself, and drops the rest, so the server cannot connect to it for active transfers.",
  about: "client's own firewall",
  apply: (topology) => {
    const { id } = clientOf(topology);
    return {
      ...topology,
      nodes: topology.nodes.map((node) =>
        node.id === id && node.kind === "client" ? { ...node, firewall: { accepts: [] } } : node,
      ),
    };
  },
};
