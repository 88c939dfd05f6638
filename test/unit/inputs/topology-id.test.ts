import { resolvePatterns } from "../../../harness/inputs/scenario-file";
import { known as world } from "../../support/known-names";

const resolve = (...patterns: readonly string[]) => resolvePatterns("topology", patterns, world);

describe("a topology pattern with conditions", () => {
  it("stands for each matching topology in which they have a meaning", () => {
    expect(resolve("firewall*+reject").ids).toEqual(["firewall+reject", "firewall-helper+reject"]);
    expect(resolve("*+reject").ids).not.toContain("direct+reject");
  });

  it("gives one id, whatever the order in which they are written", () => {
    expect(resolve("firewall+reject+narrow", "firewall+narrow+reject").ids).toEqual(["firewall+narrow+reject"]);
  });

  it("is not meant by a pattern without them, and can be excluded", () => {
    expect(resolve("firewall*").ids).toEqual(["firewall", "firewall-helper"]);
    expect(resolve("firewall*+reject", "!firewall+reject").ids).toEqual(["firewall-helper+reject"]);
  });

  it.each([
    ["firewal+reject", "unknown topology `firewal`; did you mean `firewall`?"],
    ["firewall+rejct", "unknown condition `rejct`; did you mean `reject`?"],
    ["firewall+reject+reject", "`firewall+reject+reject` names a condition twice"],
    ["direct+reject", "`reject` has no meaning in direct, which has no router"],
    ["firewall+", "unknown condition ``; expected narrow or reject"],
  ])("is refused with the name that was meant or the reason: %s", (pattern, message) => {
    expect(resolve(pattern)).toEqual({ ids: [], problems: [{ index: 0, message }] });
  });
});

describe("a topology pattern where networks have positions", () => {
  const ids = ["direct", "office@internet", "office@lan", "offices"];
  const known = {
    ...world,
    topologies: {
      ...world.topologies,
      ids,
      compose: (id: string, conditions: readonly string[]) => ({ id: [id, ...conditions].join("+") }),
    },
  };
  const selected = (...patterns: readonly string[]) => resolvePatterns("topology", patterns, known);

  it.each([
    [["office"], ["office@internet", "office@lan"]],
    [["office@lan"], ["office@lan"]],
    [["office@*"], ["office@internet", "office@lan"]],
    [["*@lan"], ["office@lan"]],
    [["off*"], ["office@internet", "office@lan", "offices"]],
    [
      ["*", "!office"],
      ["direct", "offices"],
    ],
    [["office", "!office@internet"], ["office@lan"]],
    [["office+reject"], ["office@internet+reject", "office@lan+reject"]],
    [["office@lan+reject"], ["office@lan+reject"]],
  ])("means all of them unless it names one: %j", (patterns, expected) => {
    expect(selected(...patterns)).toEqual({ ids: expected, problems: [] });
  });

  it.each([
    ["office@home", "`office` has no position `home`; expected internet or lan"],
    ["direct@lan", "`direct` has one client and no positions: leave `@lan` away"],
    ["ofice", "unknown topology `ofice`; did you mean `office`?"],
    ["nowhere@lan", "unknown topology `nowhere`; expected direct, office or offices"],
  ])("is refused with the positions that there are: %s", (pattern, message) => {
    expect(selected(pattern)).toEqual({ ids: [], problems: [{ index: 0, message }] });
  });
});
