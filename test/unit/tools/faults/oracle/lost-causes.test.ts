import { loadCatalog } from "../../../../../harness/cli/catalog";
import type { Base } from "../../../../../harness/tools/faults/kinds/definition";
import { causesOfLoss, type LostBy } from "../../../../../harness/tools/faults/oracle/lost-causes";
import type { Loss } from "../../../../../harness/tools/faults/oracle/loss";
import type { Place } from "../../../../../harness/tools/faults/place";
import { planCell } from "../../../../support/planned-cells";

const catalog = loadCatalog();

function baseOf(topology: string, mode: "ftp" | "ftps", data: "pasv" | "port"): Base {
  const network = catalog.topologies.get(topology);
  const profile = catalog.profiles.get("tls-optional");
  if (network === undefined || profile === undefined) throw new Error(`no ${topology}`);
  return { planned: planCell({ topology, mode, data }), topology: network, profile };
}

const loss = (connection: Loss["connection"], kind: Loss["kind"], from: Loss["from"]): Loss => ({
  connection,
  kind,
  from,
  text: null,
});

describe("the causes of a loss", () => {
  test.each<[string, Loss, LostBy, Pick<Place, "node" | "role">, Base, readonly string[]]>([
    [
      "a control SYN that a router's rule stops",
      loss("control", "syn", "client"),
      "rule",
      { node: "router", role: "router" },
      baseOf("firewall-range", "ftp", "pasv"),
      ["port-unreachable"],
    ],
    [
      "a control line that a router's rule stops",
      loss("control", "payload", "server"),
      "rule",
      { node: "router", role: "router" },
      baseOf("firewall-range", "ftps", "pasv"),
      ["control-line-blocked"],
    ],
    [
      "an answer that the policy stops",
      loss("control", "syn-ack", "server"),
      "policy",
      { node: "router", role: "router" },
      baseOf("firewall-range", "ftp", "pasv"),
      ["answer-lost-on-return"],
    ],
    [
      "anything that the server's own rules stop",
      loss("data", "syn", "client"),
      "rule",
      { node: "server", role: "server" },
      baseOf("direct", "ftp", "pasv"),
      ["server-host-firewall"],
    ],
    [
      "a SYN that came to a host without a way back",
      loss("control", "syn", "client"),
      "route",
      { node: "server", role: "server" },
      baseOf("firewall-range", "ftp", "pasv"),
      ["return-route-missing"],
    ],
    [
      "a server's data SYN at its own router's policy, under TLS",
      loss("data", "syn", "server"),
      "policy",
      { node: "server-router", role: "router" },
      baseOf("double-nat-helper", "ftps", "port"),
      ["egress-blocked", "helper-blind-to-tls"],
    ],
    [
      "a data SYN that is sent elsewhere",
      loss("data", "syn", "client"),
      "redirected",
      { node: "router", role: "router" },
      baseOf("server-nat-range", "ftps", "pasv"),
      ["rule-blocks-data-connection", "data-connection-to-other-server", "passive-port-not-forwarded"],
    ],
  ])("%s", (_, lost, by, place, base, causes) => {
    expect(causesOfLoss(lost, by, place, base)).toEqual(causes);
  });
});
