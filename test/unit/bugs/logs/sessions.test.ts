import { symptomIn } from "../../../support/read-symptom";

const login = "220 a\nUSER b\n331 c\nPASS d\n230 e";
const listing = "LIST\n150 g\n226 h\nQUIT\n221 i";
const named = "227 f (203,0,113,9,195,80).";

describe("several sessions in one log", () => {
  it("are told apart, and the one that failed is told", () => {
    const text = `${login}\nEPSV\n229 f (|||50123|)\nConnection timed out\n${login}\nPASV\n${named}\n${listing}`;
    expect(symptomIn(text)).toMatchObject({
      result: "failed",
      data: "epsv",
      stage: "data-connect",
      beside: [{ data: "pasv", mode: "ftp", result: "worked", line: 9 }],
    });
    expect(symptomIn(`${login}\nPASV\n${named}\n${listing}`).beside).toEqual([]);
  });

  it("are told by the one that came furthest, and by the first of those", () => {
    const refused = "220 a\nUSER b\n530 This server wants TLS";
    expect(symptomIn(`${refused}\n${login}\nPASV\n${named}\nLIST\n425 j`)).toMatchObject({
      stage: "data-connect",
      replyCode: 425,
    });
    expect(symptomIn(`${login}\nPASV\n${named}\nLIST\n425 j\n${login}`)).toMatchObject({
      stage: "data-connect",
      replyCode: 425,
    });
  });

  it("may be two attempts after one login", () => {
    const text = `${login}\nPASV\n${named}\nData Socket Error: Connection refused\nPORT 10,0,0,5,200,10\n200 k\nLIST\n425 j`;
    expect(symptomIn(text)).toMatchObject({ data: "pasv", mode: "ftp", beside: [{ data: "port", result: "failed" }] });
  });

  it("of FileZilla begin where it connects, since it shows no greeting", () => {
    const session = (end: string): string => `Status: Connecting to 203.0.113.9:21...\nStatus: Logged in\n${end}\n`;
    const failed = "Command: PASV\nResponse: 227 f (203,0,113,9,195,80)\nCommand: MLSD\nError: Connection timed out";
    expect(symptomIn(session(failed) + session("Command: PWD"))).toMatchObject({
      data: "pasv",
      operation: "list",
      stage: "data-connect",
      beside: [{ line: 7 }],
    });
  });

  it("are one where an extended command is refused and the older one works", () => {
    const text = `${login}\nEPSV\n500 no\nPASV\n${named}\n${listing}`;
    expect(symptomIn(text)).toMatchObject({ result: "worked", beside: [] });
  });
});

describe("where a session stopped", () => {
  it("is before the data connection where 150 only announces one that never comes", () => {
    const text = `${login}\nPASV\n${named}\nMLSD\n150 File status okay. About to open data connection.\n421 Passive data channel timed out.`;
    expect(symptomIn(text).stage).toBe("data-connect");
    expect(symptomIn(`${login}\nPASV\n${named}\nLIST\n421 Idle timeout`).stage).toBe("data-connect");
    const waited =
      "> EPRT |1|192.0.2.5|40000|\n< 200 a\n> LIST\n< 150 b\ncurl: (12) Accept timeout occurred while waiting server connect";
    expect(symptomIn(waited)).toMatchObject({ stage: "data-connect", data: "eprt" });
  });

  it("is where the server waited, and not the 421 with which it gave up", () => {
    expect(symptomIn(`${login}\nPASV\n${named}\n421 Connection timed out.`)).toMatchObject({
      stage: "data-connect",
      announced: { address: "203.0.113.9" },
    });
  });

  it("is the data connection's TLS, whatever is said after its refusal", () => {
    const text = `MLSD\n150 g\n425 Unable to build data connection: Operation not permitted\n550 MLSD: Operation not permitted`;
    expect(symptomIn(text)).toMatchObject({ mode: "ftps", stage: "data-tls", replyCode: 425 });
  });

  it("is a data command that was refused after a transfer that worked", () => {
    expect(symptomIn(`${login}\nPASV\n${named}\nLIST\n150 g\n226 h\nPASV\n450 no socket`)).toMatchObject({
      result: "failed",
      stage: "data-command",
    });
  });
});
