import { inToolsWords } from "../../../../../harness/diagnose/advise/kept/remedy-words";
import type { PrintedRemedy } from "../../../../../harness/model/diagnosis";
import type { UserRules } from "../../../../../harness/model/topology";
import { withUserRules } from "../../../../../harness/plan/user-rules";
import { topologyNamed } from "../../../../support/inputs";

const owned: UserRules = {
  format: "nftables",
  file: "host.nft",
  text: "table inet firewalld { # progname firewalld\n\tflags owner,persist\n\tchain filter_INPUT_POLICIES {\n\t\tjump filter_IN_public\n\t}\n}\n",
};
const older: UserRules = {
  format: "iptables",
  file: "host.v4",
  text: "*filter\n:IN_public - [0:0]\n-A INPUT_ZONES -g IN_public\nCOMMIT\n",
};

function told(rules: UserRules, remedy: Partial<PrintedRemedy> = {}): readonly string[] {
  const topology = withUserRules(topologyNamed("direct"), [{ node: "server", rules }]);
  if (typeof topology === "string") throw new Error(topology);
  const lines = ["iptables -I INPUT -p tcp --dport 50000:50100 -j ACCEPT"];
  const remedies = [{ id: "open-range", party: "server admin" as const, what: "Open it.", lines, ...remedy }];
  const finding = {
    cause: "server-host-firewall",
    confidence: "shown",
    explanation: "",
    proofs: [],
    remedies,
  } as const;
  const diagnosis = { findings: [finding], firstBreak: null, whyItWorked: null, proofs: [] };
  return inToolsWords(diagnosis, topology).findings[0]?.remedies[0]?.lines ?? [];
}

describe("a remedy on a machine whose rules a tool writes", () => {
  it("is in the tool's words alone where nobody else may change its rules", () => {
    expect(told(owned)).toEqual([
      "# in the syntax of firewalld, which lets nobody else change its rules:",
      "firewall-cmd --permanent --zone=public --add-port=50000-50100/tcp",
      "firewall-cmd --reload",
    ]);
  });

  it("has the tool's words behind its lines where those hold for a while", () => {
    expect(told(older)).toEqual([
      "iptables -I INPUT -p tcp --dport 50000:50100 -j ACCEPT",
      "# these last until firewalld rewrites its rules; in its own syntax, to keep them:",
      "firewall-cmd --permanent --zone=public --add-port=50000-50100/tcp",
      "firewall-cmd --reload",
    ]);
  });

  it("stays as it is elsewhere, and where it is no rule", () => {
    const lines = ["PassivePorts 50000 50100"];
    expect(told(owned, { lines })).toEqual(lines);
    const elsewhere = [
      "# in the server's configuration",
      ...lines,
      "# on router",
      "iptables -I INPUT -p tcp --dport 21 -j ACCEPT",
    ];
    expect(told(owned, { lines: elsewhere })).toEqual(elsewhere);
    const plain: UserRules = { format: "iptables", file: "host.v4", text: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n" };
    expect(told(plain)).toHaveLength(1);
  });
});
