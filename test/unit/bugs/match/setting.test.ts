import { settingOf, type Setting } from "../../../../harness/bugs/match/setting";
import { readCase } from "../../../../harness/cli/read-symptom";

function settingIn(...texts: readonly string[]): Setting {
  const read = readCase(texts.map((text, index) => ({ name: `${index}.log`, text })));
  if (read === null) throw new Error("nothing of FTP");
  return settingOf(read.symptom, texts);
}

const curl = (named: string): string => `* Connected to 203.0.113.5 (203.0.113.5) port 21 (#0)
< 220 ready
> USER a
< 230 b
> PASV
< 227 Entering Passive Mode (${named},200,10).
curl: (28) Connection timed out`;

const blocked = (links: string, from: string, to: string): string =>
  `[FWD-DROP] ${links} SRC=${from} DST=${to} LEN=60 PROTO=TCP SPT=41000 DPT=50000 SYN\n227 Entering Passive Mode (203,0,113,5,195,80)`;

describe("what pastes show of the way between the ends", () => {
  it.each<[string, string, Setting["between"], readonly string[]]>([
    ["a server whose own address is private", curl("192,168,1,5"), "router", ["server"]],
    ["nothing but public addresses", curl("203,0,113,5"), null, []],
    ["a loopback", "ftp> open 127.0.0.1\nConnected to 127.0.0.1.\n220 x\n530 Login incorrect.", "nothing", []],
    [
      "neighbours",
      "ftp> open 192.168.7.2\nConnected to 192.168.7.2 (192.168.7.2).\n220 x\n500 Illegal PORT 192.168.7.9",
      "nothing",
      [],
    ],
    [
      "a client whose own address the server does not see",
      "PORT 192,168,1,19,251,92\n500 I won't open a connection to 192.168.1.19 (only to 203.0.113.12)",
      "router",
      ["client"],
    ],
    ["packets that leave", blocked("IN=lan OUT=wan", "192.168.1.9", "203.0.113.5"), "router", ["client"]],
    ["packets that come in", blocked("IN=wan OUT=lan", "198.51.100.9", "192.168.1.5"), "router", ["server"]],
    ["a person's word", `${curl("203,0,113,5")}\nit is behind a router`, "router", ["client", "server"]],
  ])("%s", (_, text, between, at) => {
    const setting = settingIn(text);
    expect(setting.between).toBe(between);
    expect(
      Object.entries(setting.routerAt)
        .flatMap(([side, is]) => (is ? [side] : []))
        .toSorted(),
    ).toEqual(at);
  });
});

describe("what pastes show of the server", () => {
  it("is its system, by its greeting", () => {
    expect(settingIn("220 Microsoft FTP Service\nUSER a\n530 no").serverSystem).toBe("windows");
    expect(settingIn("220 (vsFTPd 3.0.5)\nUSER a\n530 no")).toMatchObject({
      serverSystem: "linux",
      software: "vsftpd",
    });
    expect(settingIn("220 hello\nUSER a\n530 no")).toMatchObject({ serverSystem: null, software: null });
  });

  it("is whether its log is there", () => {
    expect(settingIn("220 hello\nUSER a\n530 no").hasServerLog).toBe(false);
    const log = 'Thu Apr 10 09:12:02 2025 [pid 33] [karin] FAIL LOGIN: Client "198.51.100.5"';
    expect(settingIn("220 hello\nUSER a\n530 no", log).hasServerLog).toBe(true);
    expect(settingIn("220 hello\nUSER a\n530 no\nAnd the server log:\nno such user").hasServerLog).toBe(true);
  });

  it("is the passive range that it has, and the port that was dialled", () => {
    expect(settingIn(`${curl("203,0,113,5")}\nPassivePorts 40000 40100`).range).toEqual([40000, 40100]);
    expect(settingIn(curl("203,0,113,5").replace("port 21", "port 2122")).controlPort).toBe(2122);
  });
});
