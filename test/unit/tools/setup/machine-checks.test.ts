import { checkNode } from "../../../../harness/tools/setup/machine-checks";

describe("the checks of this machine", () => {
  it("want Node 20.19 or later", () => {
    expect(checkNode("20.18.3").status).toBe("failed");
    expect(checkNode("18.20.0").status).toBe("failed");
    expect(checkNode("20.19.0").status).toBe("ok");
    expect(checkNode("22.0.0").status).toBe("ok");
  });
});
