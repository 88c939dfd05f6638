import type { Mode } from "../../../../harness/model/axes";
import type { ExpectedResult } from "../../../../harness/model/cell";
import { expectedFrom } from "../../../../harness/plan/expected";
import { withUserRules } from "../../../../harness/plan/user-rules";
import { makeCell, verdictOf } from "../../../support/cells";
import { profileNamed, topologyNamed } from "../../../support/inputs";
import { ownRuleSets, untoldRuleSets, type OwnRuleSet } from "../../../support/own-rule-sets";

function expectedOf({ topology: id, node, rules }: OwnRuleSet, mode: Mode): ExpectedResult {
  const topology = withUserRules(topologyNamed(id), [{ node, rules: { ...rules, file: "own.rules" } }]);
  if (typeof topology === "string") throw new Error(topology);
  return expectedFrom(makeCell({ topology: id, mode, data: "epsv" }), {
    topology,
    server: profileNamed("tls-optional"),
  });
}

describe("a user's own rules", () => {
  it.each(ownRuleSets.map((one) => [one.name, one] as const))("tell what becomes of a session: %s", (_, one) => {
    expect({ ftp: verdictOf(expectedOf(one, "ftp")), ftps: verdictOf(expectedOf(one, "ftps")) }).toEqual(one.expected);
  });

  it.each(untoldRuleSets.map((one) => [one.name, one] as const))(
    "leave it open, and the rule is quoted: %s",
    (_, one) => {
      const expected = expectedOf(one, "ftp");
      expect(expected).toMatchObject({ unpredicted: true, result: "not-run" });
      expect(expected.reason).toContain(one.quoted);
    },
  );
});
