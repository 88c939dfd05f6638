import { caseIn } from "../../../../support/read-case";

const frames = (...names: readonly string[]): string =>
  names.map((name, index) => `\tfrom /usr/lib/ruby/2.0.0/net/ftp.rb:${300 - index}:in \`${name}'`).join("\n");

/** A backtrace as Ruby writes it: the most recent call first. */
const trace = (error: string, ...names: readonly string[]): string =>
  `/usr/lib/ruby/2.0.0/net/protocol.rb:158:in \`rbuf_fill': ${error}\n${frames(...names)}\n\tfrom a.rb:8:in \`<main>'`;

describe("a backtrace of Ruby's Net::FTP", () => {
  it.each([
    [
      "greeting",
      trace("Net::ReadTimeout (Net::ReadTimeout)", "getline", "getresp", "voidresp", "block in connect", "connect"),
    ],
    ["control-connect", trace("Connection refused - connect(2) (Errno::ECONNREFUSED)", "open_socket", "connect")],
    ["login", trace("530 Login incorrect. (Net::FTPPermError)", "getresp", "sendcmd", "block in login", "login")],
    ["data-command", trace("Net::ReadTimeout (Net::ReadTimeout)", "getline", "getresp", "makepasv", "transfercmd")],
    [
      "data-connect",
      trace("Operation timed out - connect(2) (Errno::ETIMEDOUT)", "open_socket", "transfercmd", "retrlines"),
    ],
    [
      "data-tls",
      trace("SSL_connect returned=1 (OpenSSL::SSL::SSLError)", "start_tls_session", "transfercmd", "retrlines"),
    ],
    [
      "completion",
      trace(
        "Net::ReadTimeout (Net::ReadTimeout)",
        "getline",
        "getresp",
        "voidresp",
        "block in storbinary",
        "storbinary",
      ),
    ],
  ])("stops at %s", (stage, text) => {
    expect(caseIn([text])?.symptom).toMatchObject({ format: "net-ftp", stage, result: "failed" });
  });

  it("in the words of Ruby 3.4", () => {
    const text =
      "/usr/lib/ruby/3.4.0/net/protocol.rb:229:in 'Net::BufferedIO#rbuf_fill': Net::ReadTimeout (Net::ReadTimeout)\n" +
      "\tfrom /usr/lib/ruby/gems/3.4.0/gems/net-ftp-0.3.8/lib/net/ftp.rb:1290:in 'Net::FTP#getline'\n" +
      "\tfrom /usr/lib/ruby/gems/3.4.0/gems/net-ftp-0.3.8/lib/net/ftp.rb:390:in 'block in Net::FTP#connect'";
    expect(caseIn([text])?.symptom.stage).toBe("greeting");
  });

  it("that waits in explicit mode on port 990 is of two kinds of TLS", () => {
    const text = `explicit, 'ftp.example.com', '990'\n${trace("Net::ReadTimeout (Net::ReadTimeout)", "getresp", "voidresp", "connect")}`;
    expect(caseIn([text])?.candidates[0]?.cause).toBe("implicit-explicit-mismatch");
  });
});
