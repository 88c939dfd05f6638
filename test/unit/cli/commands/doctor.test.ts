import { formatChecks } from "../../../../harness/cli/commands/doctor";
import { failed, fine, skipped } from "../../../../harness/tools/setup/check";

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
});
