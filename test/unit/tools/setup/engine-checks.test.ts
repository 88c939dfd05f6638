import { buildNetworkFinding } from "../../../../harness/tools/setup/engine-checks";

test("a bridge that is gone is a failure with a remedy, and one that nobody could look for is not", () => {
  expect(buildNetworkFinding("docker0", 0)).toEqual({ status: "ok", detail: "docker0 is there" });
  expect(buildNetworkFinding("docker0", 1)).toMatchObject({
    status: "failed",
    detail: "docker0 is missing, so no image can be built",
    remedy: expect.stringContaining("restart docker") as string,
  });
  expect(buildNetworkFinding("docker0", null).status).toBe("skipped");
});
