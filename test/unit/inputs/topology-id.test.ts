import { resolvePatterns } from "../../../harness/inputs/scenario-file";
import { known } from "../../support/known-names";

const resolve = (...patterns: readonly string[]) => resolvePatterns("topology", patterns, known);

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
