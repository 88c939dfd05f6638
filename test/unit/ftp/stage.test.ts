import { endingOf } from "../../../harness/ftp/stage";
import { line } from "../../support/simulated-evidence";

describe("the stage at which a session ended", () => {
  const session = { mode: "ftps", data: "pasv" } as const;
  const opening = [
    ...[
      "< 220 ready",
      "> AUTH TLS",
      "< 234 go",
      "> USER a",
      "< 331 and",
      "> PASS b",
      "< 230 in",
      "> PBSZ 0",
      "< 200 so",
    ],
    ...["> PROT P", "< 200 so", "> PASV", "< 227 (127,0,0,1,4,5)", "> LIST", "< 150 here"],
  ];

  // With TLS 1.3 the server has sent everything before the client looks at its certificate.
  it.each(["< 226 done", "< 426 lost", ""])(
    "is data-tls where the client rejects the data connection's certificate: %s",
    (end) => {
      const lines = [...opening, ...(end === "" ? [] : [end])].map(line);
      const message = "ls: Fatal error: Certificate verification: Not trusted (self-signed)";
      expect(endingOf({ transcript: lines, message }, session).stage).toBe("data-tls");
    },
  );

  it("is integrity where the client says nothing of a certificate", () => {
    const lines = [...opening, "< 226 done"].map(line);
    expect(endingOf({ transcript: lines, message: "one.bin is not listed" }, session).stage).toBe("integrity");
  });

  it("is that of what was refused last, where the client went on without CCC", () => {
    const lines = [
      ...opening.slice(0, 11),
      ...["> CCC", "< 500 no", "> PWD", '< 257 "/"', "> CWD a", "< 550 none"],
    ].map(line);
    const message = "curl: (9) Server denied you to change to the given directory";
    expect(endingOf({ transcript: lines, message }, { ...session, mode: "ftps-ccc" })).toEqual({
      stage: "data-command",
      replyCode: 550,
    });
    const given = lines.slice(0, 13);
    expect(endingOf({ transcript: given, message: "no CCC" }, { ...session, mode: "ftps-ccc" })).toEqual({
      stage: "ccc",
      replyCode: 500,
    });
  });
});
