/** What must hold of the names of a topology's interfaces. */
import { wrongWithInterface } from "../model/interface-name";
import { didYouMean, oneOf, quote } from "../text/nearest";
import type { ProblemList } from "./problems";
import { linksOf } from "./topology-lookup";
import type { TopologyText } from "./topology-schema";

/** Checks that each end of a link has a name that Linux takes, and that no two of a node are the same. */
export function checkInterfaces(text: TopologyText, problems: ProblemList): void {
  for (const [id, link] of Object.entries(text.links)) {
    const ends = Object.keys(link.addresses);
    const own = link.interfaces ?? {};
    // A node that names its own interface leaves the link's id to the others.
    if (ends.length === 0 || ends.some((node) => own[node] === undefined)) checkLinkId(id, problems);
    for (const [node, name] of Object.entries(own)) {
      if (!ends.includes(node)) {
        const meant = didYouMean(node, ends) || `; there are ${oneOf(ends)}`;
        problems.addAtKey(["links", id, "interfaces", node], `no node ${quote(node)} is on this link${meant}`);
      }
      const wrong = wrongWithInterface(name);
      if (wrong !== null) problems.add(["links", id, "interfaces", node], `the interface name ${quote(name)} ${wrong}`);
    }
  }
  for (const node of Object.keys(text.nodes)) checkDifferent(node, text, problems);
}

function checkLinkId(id: string, problems: ProblemList): void {
  const wrong = wrongWithInterface(id);
  if (wrong === null) return;
  problems.addAtKey(["links", id], `the link id ${quote(id)} is also an interface name: it ${wrong}`);
}

function checkDifferent(node: string, text: TopologyText, problems: ProblemList): void {
  const links = new Map<string, string>();
  for (const id of linksOf(text, node)) {
    const own = text.links[id]?.interfaces?.[node];
    const name = own ?? id;
    const other = links.get(name);
    links.set(name, id);
    if (other === undefined) continue;
    const path = own === undefined ? ["links", id] : ["links", id, "interfaces", node];
    problems.addAtKey(path, `${quote(node)} has an interface ${quote(name)} already, on the link ${quote(other)}`);
  }
}
