import { clients } from "../../harness/clients/registry";
import { choose, runCells } from "../support/lab-run";

// The image of the programs is built when it is not there yet.
jest.setTimeout(600_000);

test("every packaged program does behind the helper router what is expected of it, and says so itself", async () => {
  const programs = clients.flatMap(({ id, program }) => (program === null ? [] : [id]));
  const cells = choose(
    programs.flatMap((id) => ["ftp", "ftps"].map((mode) => `server-nat-helper/tls-optional/${id}/${mode}/*/list`)),
  );
  const report = await runCells(cells);
  expect(report.cells.filter(({ outcome }) => outcome !== "expected").map(({ id }) => id)).toEqual([]);
  for (const id of programs) {
    const results = report.cells.filter(({ client }) => client === id).map(({ result }) => result);
    // Plain FTP passes the helper with every program, by one data command or another.
    expect({ id, worked: results.includes("worked") }).toEqual({ id, worked: true });
  }
  const failed = report.cells.filter(({ result }) => result === "failed");
  expect(failed.length).toBeGreaterThan(0);
  for (const { id, message } of failed)
    expect({ id, silent: message === null || message === "" }).toEqual({ id, silent: false });
});
