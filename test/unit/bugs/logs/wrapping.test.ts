import { symptomIn } from "../../../support/read-symptom";

const dialogue = [
  "220 a",
  "USER b",
  "331 c",
  "PASS d",
  "230 e",
  "PASV",
  "227 f (203,0,113,9,195,80).",
  "LIST",
  "425 g",
];
const withArrows = dialogue.map((line) => `${/^\d/.test(line) ? "<" : ">"} ${line}`);
const expected = { mode: "ftp", data: "pasv", operation: "list", stage: "data-connect", replyCode: 425 };

describe("what stands around a log", () => {
  it.each([
    "2026-02-03 10:00:00.123 +05:30 [INF] ",
    "2026/02/03 10:00:00 files: 2026/02/03 11:00:00 DEBUG : ",
    "2026-02-03 10:00:00,123 [Thread-9] INFO  net.client.transcript - ",
    "I/client ( 7546): [03.02.2026 13:02:47.283] ",
    "helpers.js [sm]:97 ",
    "<2/3/2026 2:41:31 PM> ",
    "Tue Feb  3 15:24:16 2026 ",
    "<7>DEBUG : ",
  ])("is taken off before each line: %s", (prefix) => {
    expect(symptomIn(dialogue.map((line) => prefix + line).join("\n"))).toMatchObject(expected);
    expect(symptomIn(withArrows.map((line) => prefix + line).join("\n"))).toMatchObject(expected);
  });

  it("is known as quoting though there is prose that is not quoted", () => {
    const quoted = withArrows.map((line) => `> ${line}`);
    expect(symptomIn(`It fails so:\n\n${quoted.join("\n")}\n\nAny idea?`)).toMatchObject(expected);
  });

  it("may be ticks around each line, or a fence in the line where the log begins", () => {
    expect(symptomIn(withArrows.map((line) => `\`${line}\``).join("\n"))).toMatchObject(expected);
    expect(symptomIn(`\`\`\`${dialogue.join("\n")}\n\`\`\``)).toMatchObject(expected);
  });

  it("is no command where only the mark is that of one", () => {
    const refused = "198.51.100.7:64707-[web] Rejected data connection to foreign address 10.0.0.5:64708.";
    expect(symptomIn(`> python3 manage.py serve\n${refused}`)).toMatchObject({ format: "transcript", data: "port" });
  });

  it.each([
    ["a title (OSC, ended by BEL)", "\u001b]0;files\u0007"],
    ["a link (OSC, ended by ST)", "\u001b]8;;http://files.example\u001b\\"],
    ["a character set", "\u001b(B"],
    ["CSI in eight bits", "\u009b1m"],
    ["CSI in seven bits", "\u001b[1;31m"],
    ["a device control string", "\u001bPq\u001b\\"],
  ])("may be a terminal's control sequences: %s", (_, sequence) => {
    const text = withArrows
      .map((line) => `${sequence}${line.slice(0, 4)}${sequence}${line.slice(4)}${sequence}`)
      .join("\n");
    expect(symptomIn(text)).toMatchObject(expected);
  });

  it("may be italics, CI services' marks, or the sides of an exchange", () => {
    expect(symptomIn("> _Status: Connecting to 203.0.113.9:21...\n> Error: Connection timed out_")).toMatchObject({
      client: "filezilla",
      dialled: "203.0.113.9",
      stage: "control-connect",
    });
    expect(symptomIn(dialogue.map((line) => `##[debug]${line}`).join("\n"))).toMatchObject(expected);
    expect(symptomIn(dialogue.map((line) => `[R] ${line}`).join("\n"))).toMatchObject(expected);
  });

  it("is no complaint where a person's own heading stands before the dialogue", () => {
    expect(symptomIn(`Unable to list my files\n${dialogue.slice(0, 5).join("\n")}`)).toMatchObject({
      result: "cut-off",
    });
  });
});
