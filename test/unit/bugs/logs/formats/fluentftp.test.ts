import { symptomIn } from "../../../../support/read-symptom";

const login = `Status:   Connecting to IP #1= ***:21
Status:   Waiting for a response
Response: 220 (vsFTPd 3.0.5)
Command:  AUTH TLS
Status:   Waiting for response to: AUTH TLS
Response: 234 Proceed with negotiation. [84ms]
Status:   FTPS authentication successful, lib = .NET SslStream [44ms]
Command:  USER ***
Response: 331 Please specify the password.
Command:  PASS ***
Response: 230 Login successful.
Command:  PBSZ 0
Response: 200 PBSZ set to 0.
Command:  PROT P
Response: 200 PROT now Private.
Command:  PASV
Response: 227 Entering Passive Mode (203,0,113,9,195,80).
Command:  STOR a.csv
Response: 150 Ok to send data. [74ms]`;

describe("a log of FluentFTP", () => {
  it("is not taken for FileZilla's", () => {
    expect(symptomIn(login)).toMatchObject({ format: "fluentftp", client: null, mode: "ftps", data: "pasv" });
    expect(symptomIn(login.replace(/^Status: .*\n/gm, "")).format).toBe("filezilla");
  });

  it("has the reply that was left unread", () => {
    const text = `${login}\n# OpenAppend("a.csv", Binary)\nStatus:   The stale data was:\nStale:    522 SSL connection failed; session reuse required`;
    expect(symptomIn(text)).toMatchObject({ operation: "upload", replyCode: 522 });
  });

  it("is read as other loggers wrap it", () => {
    const wrapped = login.replace(/^/gm, "2026-02-03 00:00:41.692 +05:30 [INF] ").replace(/\] Status: +/g, "] ");
    expect(symptomIn(wrapped)).toMatchObject({ format: "fluentftp", data: "pasv", operation: "upload" });
    expect(symptomIn(login.replace(/^(.*)$/gm, 'Info: "$1"'))).toMatchObject({ format: "fluentftp", data: "pasv" });
  });
});
