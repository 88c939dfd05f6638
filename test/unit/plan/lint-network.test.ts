import type { Topology } from "../../../harness/model/topology";
import { addressOf } from "../../../harness/model/network";
import { lintInNetwork } from "../../../harness/plan/lint-network";
import { withUserRules } from "../../../harness/plan/user-rules";
import { networkFor } from "../../../harness/catalog/servers/configured-network";
import { portsOf } from "../../../harness/plan/configured-networks";
import { profileNamed, topologyNamed } from "../../support/inputs";

const profileWith = (text: string) => ({ ...profileNamed("tls-optional"), userConfig: { file: "my.conf", text } });
const lint = (network: string, text: string) => {
  const profile = profileWith(text);
  return lintInNetwork(networkFor(topologyNamed(network), portsOf(profile)!), profile);
};
const withRules = (dnat: string, helper = "-A PREROUTING -p tcp --dport 21 -j CT --helper ftp") => {
  const text = `*nat\n${dnat}\nCOMMIT\n*raw\n${helper}\nCOMMIT\n`;
  const rules = { format: "iptables", file: "rules.v4", text } as const;
  const network = withUserRules(topologyNamed("server-nat"), [{ node: null, rules }]);
  if (typeof network === "string") throw new Error(network);
  return network;
};

const onServer = (text: string) => {
  const rules = { format: "iptables", file: "host.v4", text } as const;
  const network = withUserRules(topologyNamed("direct"), [{ node: "server", rules }]);
  if (typeof network === "string") throw new Error(network);
  return network;
};
const stateful = "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n";
const textsOf = (network: Topology, text: string) => lintInNetwork(network, profileWith(text)).map((one) => one.text);

const dnat = (ports: string) =>
  `-A PREROUTING -p tcp -m multiport --dports ${ports} -j DNAT --to-destination 192.168.10.10`;

describe("a configuration in its network", () => {
  it("fits a network whose forwards follow it", () => {
    expect(lint("server-nat-range", "Umask 022\nPassivePorts 60000 60100")).toEqual([]);
    expect(lint("direct", "Port 2819")).toEqual([]);
  });

  it("has a range that nobody forwards, in a user's own rules too", () => {
    expect(lint("server-nat", "Umask 022\nPassivePorts 60000 60100")).toMatchObject([
      {
        line: 2,
        text: expect.stringContaining("forwards no range to the server, whose passive ports are 60000-60100") as string,
      },
    ]);
    const profile = profileWith("PassivePorts 60000 60100");
    expect(lintInNetwork(withRules(dnat("21,50000:50999")), profile)).toMatchObject([
      {
        line: 1,
        text: expect.stringContaining(
          "forwards 50000-50999 to the server, whose passive ports are 60000-60100",
        ) as string,
      },
    ]);
    expect(lintInNetwork(withRules(dnat("21,60000:60200")), profile)).toEqual([]);
  });

  it("has no range where one is forwarded", () => {
    expect(lint("server-nat-range", "Umask 022")).toMatchObject([
      {
        text: expect.stringContaining("since no range is set") as string,
        remedy: expect.stringContaining("Set a range") as string,
      },
    ]);
  });

  it("listens elsewhere than the helper looks", () => {
    const words = {
      line: 2,
      text: expect.stringMatching(/follows port 21, and the server listens on port 2819/) as string,
    };
    expect(lint("server-nat-range-helper", "Umask 022\nPort 2819\nPassivePorts 50000 50999")).toMatchObject([words]);
    const profile = profileWith("Umask 022\nPort 2819");
    expect(lintInNetwork(withRules(dnat("21")), profile)).toMatchObject([
      words,
      { line: 2, text: "router forwards nothing to port 2819, on which the server listens." },
    ]);
  });

  it("has a helper on another port than the sessions come to its router on", () => {
    const network = withRules(
      "-A PREROUTING -p tcp --dport 21 -j DNAT --to-destination 192.168.10.10",
      "-A PREROUTING -p tcp --dport 2121 -j CT --helper ftp",
    );
    expect(textsOf(network, "PassivePorts 50000 50100")).toEqual(
      expect.arrayContaining([
        "The FTP helper on router follows port 2121, and the server listens on port 21: it reads nothing of these sessions.",
      ]),
    );
  });

  it("has a server whose own firewall keeps the range, or the control port, from it", () => {
    const accepting = (ports: string) =>
      onServer(`*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports ${ports} -j ACCEPT\n` + stateful);
    expect(textsOf(accepting("21,990,60000:60100"), "PassivePorts 60000 60100")).toEqual([]);
    const blocked =
      "The firewall of server itself does not let all of its passive ports 60000-60100 in: passive transfers under TLS fail.";
    expect(textsOf(accepting("21,990"), "PassivePorts 60000 60100")).toEqual([blocked]);
    expect(textsOf(accepting("21,990,60000:60050"), "PassivePorts 60000 60100")).toEqual([blocked]);
    expect(textsOf(accepting("2121,60000:60100"), "PassivePorts 60000 60100")).toEqual([
      "The firewall of server itself lets nobody in on port 21, on which the server listens.",
    ]);
  });

  it("has a helper on the server's own host that follows another port", () => {
    const helper = (port: number) => `*raw\n-A PREROUTING -p tcp --dport ${port} -j CT --helper ftp\nCOMMIT\n`;
    expect(textsOf(onServer(helper(21)), "PassivePorts 60000 60100")).toEqual([]);
    expect(textsOf(onServer(helper(2121)), "PassivePorts 60000 60100")).toEqual([
      "The FTP helper on server follows port 2121, and the server listens on port 21: it reads nothing of these sessions.",
    ]);
    // A helper for what the host dials itself is none of the server's.
    expect(textsOf(onServer(helper(2121).replace("PREROUTING", "OUTPUT")), "PassivePorts 60000 60100")).toEqual([]);
  });

  it("meets a router that only filters, and lets the range not through", () => {
    expect(lint("firewall", "PassivePorts 60000 60100").map(({ text }) => text)).toEqual([
      "router does not let all of its passive ports 60000-60100 through to the server: passive transfers under TLS fail.",
    ]);
    expect(lint("firewall-range", "PassivePorts 60000 60100")).toEqual([]);
  });

  it("announces an address that no machine of its network has, or at which nobody comes to it", () => {
    const announcing = (address: string) =>
      lintInNetwork(topologyNamed("server-nat-range"), {
        ...profileNamed("tls-optional"),
        userConfig: {
          file: "my.conf",
          text: `PassivePorts 50000 50999\nMasqueradeAddress ${address}`,
          isOfNetwork: true,
        },
      });
    const { dial } = topologyNamed("server-nat-range");
    expect(announcing(dial)).toEqual([]);
    const remedy = `Name ${dial}, which clients dial.`;
    const nobody = {
      line: 2,
      severity: "warning",
      text: expect.stringMatching(/^No machine of this network has/) as string,
      remedy,
    };
    expect(announcing("192.0.2.77")).toEqual([nobody]);
    // It is in the network of the clients, and none of the server's.
    const client = addressOf(topologyNamed("server-nat-range"), "client");
    expect(announcing(client)).toEqual([nobody]);
    expect(announcing("192.168.10.10")).toMatchObject([
      {
        line: 2,
        text: expect.stringMatching(/^Connections from client to 192\.168\.10\.10 do not come to the server/) as string,
      },
    ]);
  });
});
