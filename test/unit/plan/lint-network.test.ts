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
const withRules = (dnat: string) => {
  const text = `*nat\n${dnat}\nCOMMIT\n*raw\n-A PREROUTING -p tcp --dport 21 -j CT --helper ftp\nCOMMIT\n`;
  const rules = { format: "iptables", file: "rules.v4", text } as const;
  const network = withUserRules(topologyNamed("server-nat"), [{ node: null, rules }]);
  if (typeof network === "string") throw new Error(network);
  return network;
};

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
});
