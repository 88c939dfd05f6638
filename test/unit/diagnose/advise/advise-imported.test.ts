import { adviceText } from "../../../../harness/cli/advice-text";
import { advisedOn } from "../../../support/imported-advice";

const server =
  "listen=YES\nanonymous_enable=NO\nlocal_enable=YES\nssl_enable=YES\nrsa_cert_file=/etc/ssl/vsftpd.pem\npasv_min_port=60000\npasv_max_port=60050\n";
const nat = [
  "*nat",
  "-A PREROUTING -i ppp0 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.0.30",
  "-A PREROUTING -i ppp0 -p tcp -m tcp --dport 60000:60050 -j DNAT --to-destination 192.168.0.30",
  "-A POSTROUTING -o ppp0 -j MASQUERADE",
  "COMMIT",
];
const filter = [
  "*filter",
  ":INPUT DROP [0:0]",
  ":FORWARD DROP [0:0]",
  "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
  "-A FORWARD -i enp3s0 -o ppp0 -j ACCEPT",
  "-A FORWARD -i ppp0 -d 192.168.0.30/32 -j ACCEPT",
  "COMMIT",
];
const addresses =
  "2: enp3s0: <UP> mtu 1500\n    inet 192.168.0.1/24 scope global enp3s0\n4: ppp0: <UP> mtu 1492\n    inet 198.51.100.61/24 scope global ppp0\n";

describe("advice on imported networks", () => {
  it("leads clients inside back by the way that they came, and hides nobody outside", () => {
    const { advice } = advisedOn(
      {
        "gw.txt": [...nat, ...filter, ""].join("\n"),
        "gw-ip.txt": addresses,
        "vsftpd.conf": server,
      },
      { may: ["router"], at: "lan" },
    );
    expect(advice.sets[0]?.changes.map(({ id }) => id)).toEqual([
      "open-port-21@gw",
      "open-range-60000-60050@gw",
      "answer-for-server@gw",
    ]);
    const lines = advice.sets[0]?.lines.flatMap((one) => one.lines) ?? [];
    expect(lines).toContain(
      "iptables -t nat -I POSTROUTING -o enp3s0 -s 192.168.0.0/24 -d 192.168.0.30 -p tcp -j MASQUERADE",
    );
    expect(lines.filter((line) => line.includes("MASQUERADE") || line.includes("ppp0"))).toHaveLength(1);
    expect(advice.sets[0]?.breaks).toEqual([]);
  });

  it("gives a small range to a server that has none, and forwards no other", () => {
    const rules = [...nat.filter((line) => !line.includes("60000")), ...filter, ""].join("\n");
    const { advice } = advisedOn(
      {
        "gw.txt": rules,
        "gw-ip.txt": addresses,
        "vsftpd.conf": server.replace(/pasv.*\n/g, ""),
      },
      { at: "internet" },
    );
    const ids = advice.sets[0]?.changes.map(({ id }) => id) ?? [];
    expect(ids).toEqual(expect.arrayContaining(["use-range-50000-50100", "open-range-50000-50100@gw"]));
    expect(advice.sets[0]?.changes[0]?.what).toBe("Let the server use only the passive ports 50000-50100.");
  });

  it("proves the network as it is where nobody can predict it", () => {
    const own =
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m connlimit --connlimit-above 20 --connlimit-mask 32 -j DROP\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n";
    const host = "2: eth0: <UP> mtu 1500\n    inet 198.51.100.9/24 scope global eth0\n";
    const { advice, proposals } = advisedOn({ "rules.v4": own, "ip.txt": host, "vsftpd.conf": server });
    expect(proposals[0]?.set.changes).toEqual([]);
    expect(advice.sets.every(({ changes }) => changes.length > 0)).toBe(true);
    expect(advice.impossible).toBeNull();
    expect(adviceText(advice).join("\n")).toContain("It may work as it is");
    const [need] = advice.needs.map((one) => one.need);
    const proof = need === undefined ? [] : [{ need, worked: true, message: null }];
    expect(adviceText({ ...advice, sets: [], asItIs: proof }).at(-1)).toBe(
      "All of it works in the lab as it is: nothing has to be changed.",
    );
    const failed = proof.map((one) => ({ ...one, worked: false, message: "data-connect" }));
    expect(adviceText({ ...advice, sets: [], asItIs: failed }).join(" ")).toContain("As it is, ftps with basic-ftp");
  });
});
