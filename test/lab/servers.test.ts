import { softwares } from "../../harness/catalog/servers/registry";
import { choose, runCells } from "../support/lab-run";

// The images of other servers are built when they are not there yet.
jest.setTimeout(600_000);

const servers = ["proftpd-bookworm", "vsftpd", "pure-ftpd", "pyftpdlib"];

test("each server does behind the helper router what is expected of it, and its own log is heard", async () => {
  const report = await runCells(
    choose(
      servers.flatMap((id) =>
        ["ftp", "ftps", "ftps-ccc"].map((mode) => `server-nat-helper/${id}/basic-ftp/${mode}/*/list`),
      ),
    ),
  );
  expect(report.cells.filter(({ outcome }) => outcome !== "expected").map(({ id }) => id)).toEqual([]);
  const works = (server: string, mode: string): boolean =>
    report.cells.every((cell) => cell.server !== server || cell.mode !== mode || cell.result === "worked");
  expect(servers.filter((server) => works(server, "ftp"))).toEqual(servers);
  // CCC gives the helper the control connection back, where a server knows it.
  expect(servers.filter((server) => works(server, "ftps-ccc"))).toEqual(["proftpd-bookworm", "pure-ftpd"]);
  expect(Object.keys(report.run.versions)).toEqual(
    expect.arrayContaining(["proftpd (bookworm)", ...softwares.map(({ id }) => id).filter((id) => id !== "proftpd")]),
  );
});
