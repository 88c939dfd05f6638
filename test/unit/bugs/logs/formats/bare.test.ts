import { readLog } from "../../../../../harness/bugs/logs/read-log";
import { symptomIn } from "../../../../support/read-symptom";

const said = (text: string) => symptomIn(text).lines.map(({ direction, text: line }) => `${direction} ${line}`);

describe("a dialogue that some library or server logs", () => {
  it.each([
    ['"Sending: PASV"', '"Receiving: 227 ok (203,0,113,9,195,80)"'],
    ["put: PASV", "get: 227 ok (203,0,113,9,195,80)"],
    [
      "FTP Session 2 198.51.100.7 web [Command] PASV",
      "FTP Session 2 198.51.100.7 web [Response] 227 ok (203,0,113,9,195,80)",
    ],
    ["Received line | client=3 line=PASV", "Sending answer | client=3 line=227 ok (203,0,113,9,195,80)"],
    ["198.51.100.7:65087 <== PASV", "198.51.100.7:65087 ==> 227 ok (203,0,113,9,195,80)"],
    ["[DEBUG] log [2]:  - PASV", "[DEBUG] log [1]:  - 227 ok (203,0,113,9,195,80)"],
  ])("is found behind what stands before: %s", (command, reply) => {
    expect(said(`${command}\n${reply}`)).toEqual(["> PASV", "< 227 ok (203,0,113,9,195,80)"]);
  });

  it("is not seen in sentences", () => {
    expect(readLog("[BUG] - LIST command executed with a timeout.\nTitle: PASV mode fails in my network.")).toBeNull();
    expect(readLog("I get this error when I connect:\nBut when I try again it failed too.")).toBeNull();
    const { message } = symptomIn("My upload failed with an error:\n220 a\nUSER b\n331 c\nPASS d\n530 e");
    expect(message).toBeNull();
  });

  it("takes no command from the list of a reply", () => {
    expect(
      symptomIn("220 a\nUSER b\n331 c\nFEAT\n211-Features:\nEPSV\nCCC\nAUTH TLS\n211 End\nPASV\n501 no").mode,
    ).toBe("ftp");
  });

  it("may be a server's log of commands with their codes", () => {
    const line = (rest: string): string => `198.51.100.7 UNKNOWN - [03/Feb/2026:19:03:22 +0000] ${rest}`;
    const text = [line('"USER web" 331 -'), line('"FEAT" - -'), line('"TYPE I" 200 -'), line('"PASV" 530 -')].join(
      "\n",
    );
    expect(symptomIn(text)).toMatchObject({ stage: "login", replyCode: 530 });
  });
});
