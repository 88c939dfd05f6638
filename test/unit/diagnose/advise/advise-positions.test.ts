import { readFileSync } from "node:fs";
import { join } from "node:path";
import { advise } from "../../../../harness/diagnose/advise/advise";
import { parseViews } from "../../../../harness/inputs/topology-file";
import { adviceText } from "../../../../harness/cli/advice-text";
import type { AdvisedParty, Need } from "../../../../harness/model/advice";
import { idsIn } from "../../../support/ask-advice";
import { everyNetwork } from "../../../support/every-advice";
import { profileNamed } from "../../../support/inputs";

const office = everyNetwork().get("office") ?? [];
const text = readFileSync(join(__dirname, "../../../../topologies/office.yaml"), "utf8");

function need(position: string, change: Partial<Need> = {}): Need {
  return { client: "basic-ftp", mode: "ftps", data: "epsv", operation: "list", position, ...change };
}

function ask(views: typeof office, needs: readonly Need[], may: readonly AdvisedParty[]): ReturnType<typeof advise> {
  return advise({ views, server: profileNamed("tls-optional"), needs, may });
}

describe("advice for several positions", () => {
  it("is one set of changes for all of them, made in the network of each", () => {
    const { advice, proposals } = ask(office, [need("internet"), need("lan")], ["router"]);
    expect(advice.topology).toBe("office");
    expect(idsIn(advice)).toEqual([
      ["open-port-21@router", "open-range-50000-50999@router", "answer-for-server@router"],
    ]);
    const pasted = proposals[0]?.after.views.map(({ nodes }) =>
      nodes.flatMap((node) => (node.kind === "router" ? (node.userRules?.pasted ?? []) : [])),
    );
    expect(pasted).toEqual([advice.sets[0]?.lines[0]?.lines, advice.sets[0]?.lines[0]?.lines]);
  });

  it("leaves those alone who get in already", () => {
    const [set] = ask(office, [need("internet"), need("lan")], ["router"]).advice.sets;
    // Active mode from outside names the client's address, which the server has to see.
    expect(set?.breaks).toEqual([]);
    expect(set?.opens.map(({ from }) => from)).toEqual(["192.168.10.0/24"]);
    expect(set?.lines[0]?.lines.at(-1)).toBe(
      "iptables -t nat -I POSTROUTING -o lan -s 192.168.10.0/24 -d 192.168.10.10 -p tcp -j MASQUERADE",
    );
  });

  it("changes nothing for a position at which nobody has a need", () => {
    expect(ask(office, [need("internet")], ["router"]).advice).toMatchObject({ sets: [], impossible: null });
  });

  describe("where those inside dial the server itself, and the server names one address for all", () => {
    const views = parseViews({
      file: "office.yaml",
      text: text
        .replace("position: lan,", "position: lan, dial: 192.168.10.10,")
        // Nobody on the Internet has a way to a private address.
        .replace("position: internet, gateway: 203.0.113.1", "position: internet"),
    });
    const blind = { client: "curl+use-pasv-ip", data: "pasv" } as const;
    const needs = [need("internet", blind), need("lan", blind), need("lan", { mode: "ftp" })];

    it("says which sessions can be served alone, and not together", () => {
      const { advice } = ask(views, needs, ["server"]);
      expect(advice.sets).toEqual([]);
      expect(advice.impossible).toMatchObject({ onlyTogether: true });
      expect(advice.impossible?.needs.map(({ need: one }) => one)).toEqual(needs.slice(0, 2));
      expect(idsIn(ask(views, needs.slice(1), ["server"]).advice)).toEqual([["name-192.168.10.10"]]);
      expect(adviceText(advice).join(" ").replace(/\s+/g, " ")).toContain(
        "Each session alone can be made to work, but what lets one in keeps another out: ftps with curl+use-pasv-ip at internet",
      );
    });

    it("changes the client at one position alone, and says where it stands", () => {
      const { sets } = ask(views, needs, ["client"]).advice;
      expect(sets[0]?.uses.map(({ data, position }) => [position, data])).toEqual([
        ["internet", "pasv"],
        ["lan", "epsv"],
        ["lan", "epsv"],
      ]);
      expect(sets[0]?.lines.map(({ name }) => name)).toEqual(["curl+use-pasv-ip (lan)"]);
    });
  });
});
