import { advise } from "../../../harness/diagnose/advise/advise";
import { adviceText } from "../../../harness/cli/advice-text";
import { needs, question } from "../../support/ask-advice";
import { topologyNamed } from "../../support/inputs";

describe("what advise prints", () => {
  it.each([
    ["server-nat", ["router"]],
    ["server-nat-helper", ["server"]],
    ["direct", ["server", "router"]],
  ] as const)("of %s, to be changed by %j, fits a terminal but for what is pasted", (network, may) => {
    const { advice } = advise(question(topologyNamed(network), needs(["ftp", "ftps"]), may));
    const lines = adviceText(advice).filter((line) => !line.startsWith("     "));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("says what is opened, to whom, and what to paste where", () => {
    const { advice } = advise(question(topologyNamed("server-nat"), needs(["ftps"]), ["router"]));
    const text = adviceText(advice).join("\n");
    expect(text).toContain("1  Forward the passive ports 50000-50999 on router. (router)");
    expect(text).toContain("opens    ports 50000-50999 of server (203.0.113.1)");
    expect(text).toContain("on router:\n     iptables -t nat -I PREROUTING");
  });
});
