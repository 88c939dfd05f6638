import { symptomIn } from "../../../../support/read-symptom";
import { passiveForms } from "../../../../support/pasted-forms";

describe("a session that stops at its data connection", () => {
  it.each(Object.entries(passiveForms))("is read as %s writes it", (_, text) => {
    expect(symptomIn(text)).toMatchObject({
      result: "failed",
      data: "pasv",
      stage: "data-connect",
      announced: { address: "203.0.113.9", port: 50000 },
      dataReply: { form: "legal", code: 227 },
    });
  });

  it("is FileZilla's in every language of its own", () => {
    for (const name of ["FileZilla in Czech", "FileZilla in Japanese"]) {
      expect(symptomIn(passiveForms[name] ?? "")).toMatchObject({ client: "filezilla", dialled: "203.0.113.9" });
    }
    expect(symptomIn(passiveForms["FileZilla in Czech"] ?? "").mode).toBe("ftps");
    expect(symptomIn(passiveForms["FileZilla in Japanese"] ?? "").mode).toBe("ftp");
    expect(symptomIn(passiveForms["labels that nobody knows"] ?? "")).toMatchObject({ client: null, message: "Zzxx" });
  });
});

describe("a message alone", () => {
  it.each<[string, object]>([
    ["curl: (18) server did not report OK, got 426", { client: "curl", stage: "completion", replyCode: 426 }],
    ["curl: (67) Access denied: 530", { stage: "login", replyCode: 530 }],
    ["curl: (28) Failed to connect to ftp.example.com port 21: Connection timed out", { stage: "control-connect" }],
    [
      "Warning: ftp_nlist(): Unable to build data connection: Operation not permitted in /a.php on line 3",
      { client: "php", stage: "data-tls" },
    ],
    ["System.Net.WebException: The remote server returned an error: (530) Not logged in.", { replyCode: 530 }],
    [
      'File "/usr/lib/python3.11/ftplib.py", line 354, in ntransfercmd\nTimeoutError: [Errno 110] Connection timed out',
      { client: "ftplib", stage: "data-connect", mode: null },
    ],
    ["ftp> passive\nPassive mode on.\nftp> ls\nPassive mode refused.", { data: "pasv", stage: "data-command" }],
    ["ftp> put a\nftp: bind: Address already in use", { data: null, stage: "data-command" }],
    [
      "ftp> dir\n501 Server cannot accept argument.\nftp: bind :Unknown error number",
      { stage: "data-command", replyCode: 501 },
    ],
    ["ftp> get a\nftp: connect: Connection timed out", { data: null, stage: "data-connect", mode: null }],
    [
      "2026/02/03 10:01:01 ERROR : : error listing: dial tcp 203.0.113.9:50123: i/o timeout",
      { stage: "data-connect", dataDialled: { address: "203.0.113.9", port: 50123 } },
    ],
    ["update stor: read tcp 192.0.2.30:37706->203.0.113.77:21: i/o timeout", { stage: null, dataDialled: null }],
    [
      "java.net.SocketTimeoutException: connect timed out\n\tat org.apache.commons.net.ftp.FTPClient._openDataConnection_(FTPClient.java:920)",
      { stage: "data-connect" },
    ],
    ["FTPError: 550 /state.json: No such file or directory", { client: "basic-ftp", stage: null, replyCode: 550 }],
    ["425 LIST: Address family not supported by protocol", { stage: "data-connect", replyCode: 425 }],
    ["Uncaught Error: connect ECONNREFUSED 203.0.113.9:21", { stage: "control-connect", dataDialled: null }],
  ])("tells what it names, and no more: %s", (text, expected) => {
    expect(symptomIn(text)).toMatchObject({ result: "failed", announced: null, dialled: null, ...expected });
  });
});
