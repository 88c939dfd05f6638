import { formatChecks } from "../../../../harness/cli/doctor";
import { failed, fine, skipped } from "../../../../harness/tools/setup/check";
import { checkNode } from "../../../../harness/tools/setup/machine-checks";

describe("doctor", () => {
  it("prints a line for each check, and exactly one more for each failure", () => {
    const text = formatChecks(
      [
        { id: "a", title: "Node", ...fine("20.19.0") },
        { id: "b", title: "Engine", ...failed("it says\n  no\nand no again", "Run `npm run setup`.") },
        { id: "c", title: "Disk", ...skipped("no engine") },
      ],
      false,
    );
    expect(text).toBe(
      "✓ Node: 20.19.0\n✗ Engine: it says; no; and no again\n  → Run `npm run setup`.\n- Disk: not checked: no engine\n",
    );
  });

  it("wants Node 20.19 or later", () => {
    expect(checkNode("20.18.3").status).toBe("failed");
    expect(checkNode("18.20.0").status).toBe("failed");
    expect(checkNode("20.19.0").status).toBe("ok");
    expect(checkNode("22.0.0").status).toBe("ok");
  });
});
