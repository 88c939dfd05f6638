import { parseRecording } from "../../../../harness/evidence/recording/parse-recording";
import { softwareIds } from "../../../../harness/model/ids";
import { ftpPasv } from "../../../fixtures/recordings/cells";

/** What is read of a recording whose server has this software; `undefined` leaves it out. */
function readWith(software: unknown) {
  return parseRecording(JSON.stringify({ ...ftpPasv, server: { ...ftpPasv.server, software } }));
}

describe("a recording's server software", () => {
  it("is what stands in it", () => {
    expect(readWith("vsftpd").evidence?.server?.software).toBe("vsftpd");
  });

  it("is ProFTPD where it does not say, as before there were several", () => {
    expect(readWith(undefined)).toMatchObject({ problems: [], evidence: { server: { software: "proftpd" } } });
  });

  it.each(["bftpd", "", 7, null])("is never taken for another one: %j", (software) => {
    const { evidence, problems } = readWith(software);
    expect(evidence?.server).toBeNull();
    expect(problems.join()).toContain(
      `server: it cannot be used: software: expected ${softwareIds.join(" or ")}, found `,
    );
  });
});
