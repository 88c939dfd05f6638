import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseServerProfile } from "../../../harness/inputs/server-file";
import { emptyScript } from "../../../harness/model/server-script";

const head = "title: a\ndescription: b\nsoftware: scripted\ntls: none\n";
const parse = (text: string) => parseServerProfile({ file: "x.yaml", text });
const scriptOf = (lines: string) => parse(`${head}script:\n${lines}\n`).script;

describe("a server's script", () => {
  it("leaves everything alone where it says nothing", () => {
    expect(parse(head).script).toBeUndefined();
    expect(scriptOf("  {}")).toEqual(emptyScript);
  });

  it("has words, replies of several lines, pieces and pauses as steps", () => {
    const lines = "  commands:\n    pasv: |\n      227-a\n      227 (1)\n    CCC: silence\n";
    expect(scriptOf(`${lines}    LIST: [150 a, transfer, { wait: 500 ms }, { send: "22" }, close]`)?.commands).toEqual([
      { verb: "PASV", argument: null, always: [{ kind: "reply", text: "227-a\n227 (1)" }] },
      { verb: "CCC", argument: null, always: [] },
      {
        verb: "LIST",
        argument: null,
        always: [
          { kind: "reply", text: "150 a" },
          { kind: "transfer" },
          { kind: "wait", ms: 500 },
          { kind: "send", text: "22" },
          { kind: "close" },
        ],
      },
    ]);
  });

  it("puts what has a pattern first, and answers by default where no turn is named", () => {
    expect(scriptOf("  commands:\n    RETR: reset\n    RETR *.bin: { second: 550 No. }")?.commands).toEqual([
      { verb: "RETR", argument: "*.bin", second: [{ kind: "reply", text: "550 No." }], always: [{ kind: "default" }] },
      { verb: "RETR", argument: null, always: [{ kind: "reset" }] },
    ]);
  });

  it.each([
    ["  commands: { EPSV: slience }", "6:21: unknown word; did you mean `silence`?"],
    ["  commands: { EPSV: nonsense }", "6:21: expected a reply such as 200 Done."],
    ['  commands: { PASV: "227 ({adress})" }', "6:21: expected {address}, {comma-address}"],
    ['  commands: { PASV: [{ send: "{x}" }] }', "found {x}"],
    ["  commands: { LIST: [transfer, { wait: 10 min }] }", "expected at most 120 s"],
    ["  commands: { LIST: [{ wait: 1 s, send: a }] }", "expected one of send and wait"],
    ["  commands: { LIST: { third: silence } }", "unknown key `third`"],
    ["  commands: { 227: silence }", "6:15: expected a command such as PASV"],
    ["  data: { listen: false }", "6:11: unknown key `listen`; did you mean `listens`?"],
    ["  data: { breaks: { after: 1 kB, by: fin } }", "6:38"],
    ["  data: { address: nowhere }", "6:20: expected an address"],
    ["  tls: { ccc: last }", "6:15"],
  ])("tells what is wrong with %s", (lines, message) => {
    expect(() => scriptOf(lines)).toThrow(message);
  });

  it("is for the software scripted alone", () => {
    const text = head.replace("scripted", "vsftpd");
    expect(() => parse(`${text}script: { greeting: close }\n`)).toThrow("vsftpd takes no script");
  });

  it("is read as the page shows it", () => {
    const page = readFileSync(join(__dirname, "../../../topologies/README.md"), "utf8");
    const [, example = ""] = /```yaml\n# topologies\/servers\/late-and-odd\.yaml\n(.*?)```/s.exec(page) ?? [];
    const { script } = parse(example);
    expect(script?.commands.map(({ verb }) => verb)).toEqual(["STOR", "PASV", "EPSV", "CCC", "RETR", "SYST", "QUIT"]);
    expect(script?.data).toMatchObject({ ports: { first: 40_000, last: 40_010 }, closeNotify: false });
  });
});
