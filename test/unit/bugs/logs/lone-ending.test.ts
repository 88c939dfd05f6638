import { symptomIn } from "../../../support/read-symptom";

describe("an ending of which nothing around it is shown", () => {
  it("of PHP is that of the data connection, and its function tells the client", () => {
    const text =
      "1/1 ErrorException in Ftp.php line 7: ftp_rawlist(): php_connect_nonb() failed: Operation now in progress (115)";
    expect(symptomIn(text)).toMatchObject({ client: "php", mode: null, data: "pasv", stage: "data-connect" });
    expect(symptomIn("Warning: ftp_login(): Login incorrect. in /srv/a.php on line 3").stage).toBe("login");
  });

  it.each<[string, string, string | null]>([
    ["Error: Can't open data connection in passive mode: connect ETIMEDOUT 203.0.113.9:12102", "data-connect", null],
    ["`connect': [!] Operation timed out - connect(2) for 203.0.113.9:49246 (Errno::ETIMEDOUT)", "data-connect", null],
    ["Timeout detected. (data connection)\nCould not retrieve directory listing", "data-connect", null],
    [
      "mod_tls/2.7[7066]: Client did not reuse SSL session from control channel, rejecting data connection",
      "data-tls",
      "ftps",
    ],
    ["        * 522 SSL connection failed: session reuse required", "data-tls", "ftps"],
    ["Error: SSL/TLS required on the control channel", "login", null],
    ["Error: Hostname/IP doesn't match certificate's altnames: (data socket)", "data-tls", "ftps"],
    ["{ error: 'ls: Fatal error: SSL_connect: self signed certificate' }", "certificate", "ftps"],
    ["198.51.100.7:64707-[web] Rejected data connection to foreign address 10.0.0.5:64708.", "data-command", null],
  ])("is placed by the client's message: %s", (text, stage, mode) => {
    expect(symptomIn(text)).toMatchObject({ stage, mode });
  });

  it.each<[string, string, string | null, number]>([
    [
      "error reading directory: 425 Unable to build data connection: TLS session of data connection not resumed.",
      "data-tls",
      null,
      425,
    ],
    ["upload error=FTPException [code=425, message= Can't open data connection.]", "data-connect", null, 425],
    ["Net::FTPPermError: 501 Syntax error in 'PORT 10,0,0,5,226,4'", "data-command", "port", 501],
    ["501 Can't connect to a foreign address.", "data-command", "port", 501],
    ["Full error: FTPError: 530 Non-anonymous sessions must use encryption.", "login", null, 530],
    ["522 Bad network protocol.", "data-command", null, 522],
    ["425-Server requires protected data connection.\n425 Can't open data connection.", "protection", null, 425],
  ])("is placed by the reply in it: %s", (text, stage, data, replyCode) => {
    expect(symptomIn(text)).toMatchObject({ stage, data, replyCode });
  });
});
