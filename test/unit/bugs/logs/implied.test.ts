import { symptomIn } from "../../../support/read-symptom";

describe("what a log leaves out", () => {
  const classic = "Connected to 203.0.113.9.\n220 (vsFTPd 3.0.5)\nName (203.0.113.9:me): me\n331 c\nPassword:\n230 e\n";

  it("are the commands of a classic client, which its replies imply", () => {
    expect(
      symptomIn(`${classic}ftp> ls\n227 f (172,17,0,2,195,80).\nftp: connect: No route to host\nftp>`),
    ).toMatchObject({
      mode: "ftp",
      data: "pasv",
      stage: "data-connect",
      dialled: "203.0.113.9",
      announced: { address: "172.17.0.2" },
    });
    const active = `${classic}ftp> put a\n200 PORT command successful.\n150 about to open\n425 Can't open data connection.\n`;
    expect(symptomIn(`${active}ftp> pwd\n257 "/" is current directory.`)).toMatchObject({
      mode: "ftp",
      data: "port",
      operation: "upload",
      stage: "data-connect",
      replyCode: 425,
    });
  });

  it("are the replies of a server that logs commands alone", () => {
    const line = (command: string): string => `pure-ftpd: (web@198.51.100.7) [DEBUG] Command ${command}`;
    const text = ["[auth] [TLS]", "[user] [web]", "[pass] [<*>]", "[pbsz] [0]", "[prot] [P]", "[pasv] []", "[mlsd] []"];
    expect(symptomIn(text.map(line).join("\n"))).toMatchObject({ mode: "ftps", data: "pasv", stage: "data-connect" });
  });

  it("is marked as what no line shows", () => {
    const lines = symptomIn(`${classic}ftp> ls\n227 f (172,17,0,2,195,80).\nftp: connect: No route to host`).lines;
    expect(lines.filter(({ implied }) => implied === true).map(({ text }) => text)).toEqual([
      "USER ###",
      "PASS ###",
      "PASV",
    ]);
    const wget = symptomIn("==> PASV ... couldn't connect to 127.0.0.1 port 21100: Connection refused");
    expect(wget).toMatchObject({ dataReply: null, dataDialled: { address: "127.0.0.1", port: 21100 } });
  });
});
