import { clients } from "../../harness/catalog/clients/registry";
import { clientReleaseChoices, serverReleaseChoices } from "../../harness/plan/release-choices";
import type { MatrixReport } from "../../harness/model/report";
import { catalog, choose, runCells } from "../support/lab-run";

// RELEASES=all builds every image of every release, which takes minutes and a mirror.
jest.setTimeout(3_600_000);

function unexpectedIn(report: MatrixReport): readonly string[] {
  return report.cells.filter(({ outcome }) => outcome !== "expected").map(({ id }) => id);
}

test("a release is another program in another image, whatever else is in the run", async () => {
  const report = await runCells(
    choose([
      ...["bookworm", "trixie"].map((release) => `direct/tls-optional/curl@${release}/ftps-ccc/epsv/list`),
      "direct/tls-optional@bookworm+session-reuse/basic-ftp/ftps/epsv/list",
    ]),
  );
  expect(unexpectedIn(report)).toEqual([]);
  const { versions } = report.run;
  expect(versions).toMatchObject({
    "curl@bookworm": expect.stringMatching(/^7\.88\./) as string,
    "curl@trixie": expect.stringMatching(/^8\.14\./) as string,
    "proftpd (bookworm)": expect.stringMatching(/^1\.3\.8/) as string,
  });
  expect(Object.fromEntries(report.cells.map(({ client, result }) => [client, result]))).toEqual({
    "curl@bookworm": "worked",
    "curl@trixie": "unsupported",
    "basic-ftp": "worked",
  });
});

test("cells of a version that cannot be had are skipped with the reason, and the others run", async () => {
  const report = await runCells(
    choose(["basic-ftp", "basic-ftp@5.99.0"].map((client) => `direct/tls-optional/${client}/ftp/epsv/list`)),
  );
  expect(report.cells.map(({ outcome, message }) => [outcome, message])).toEqual([
    ["expected", null],
    ["skipped", expect.stringMatching(/^needs: basic-ftp@5\.99\.0, which cannot be had here: npm did not get /)],
  ]);
});

const every = process.env["RELEASES"] === "all" ? test : test.skip;

every(
  "each release of each client and server can be had, has the version that is known, and does what is expected",
  async () => {
    const ofClients = clients.flatMap(clientReleaseChoices);
    const ofServers = ["tls-optional", "vsftpd", "pure-ftpd"].flatMap((id) =>
      serverReleaseChoices(catalog.profiles.get(id)!),
    );
    const notices: string[] = [];
    const report = await runCells(
      choose([
        ...ofClients.map(({ id }) => `direct/tls-optional/${id}/*/*/*`),
        ...["4.6.6", "5.0.5", "5.3.1"].map((version) => `direct/tls-optional/basic-ftp@${version}/*/*/*`),
        ...ofServers.map(({ id }) => `direct/${id}/basic-ftp/*/*/*`),
      ]),
      {
        onEvent: (event) => {
          if (event.kind === "notice") notices.push(event.text);
        },
      },
    );
    expect(unexpectedIn(report)).toEqual([]);
    expect(notices.filter((text) => / is .* here; what is expected /.test(text))).toEqual([]);
  },
);
