import { matrix } from "../../../support/command";

test("match without a log asks for one, and ranks nothing", async () => {
  const { exitCode, stdout, stderr } = await matrix(["match"]).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("There is nothing to match");
  expect(stderr).toContain("match session.log");
});
