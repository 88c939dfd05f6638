import { symptomIn } from "../../../support/read-symptom";

const login = "220 a\nUSER b\n331 c\nPASS d\n230 e\n";

describe("how a session ended", () => {
  it.each<[string, string | null]>([
    ["220 a\nFEAT\n211-Features:\n EPSV\n211 End", "login"],
    [`${login}PASV\n227 f (203,0,113,9,195,80)`, "data-connect"],
    [`${login}PASV\n227 f (203,0,113,9,195,80)\nLIST\n150 g`, "transfer"],
    [`${login}PWD\n257 "/"\nQUIT\n221 h`, "data-command"],
  ])("is not in a log that ends before anything failed: %j", (text, stage) => {
    expect(symptomIn(text)).toMatchObject({ result: "cut-off", stage, replyCode: null, message: null });
  });

  it("is in one that ends with a command that nobody answers, or where a person says that it hangs", () => {
    const text = `${login}PASV\n227 f (203,0,113,9,195,80)\nLIST`;
    expect(symptomIn(text)).toMatchObject({ result: "failed", stage: "data-connect" });
    const told = symptomIn(`${login}PASV\n227 f (203,0,113,9,195,80)\n\nThere it hangs.`);
    expect(told).toMatchObject({
      result: "failed",
      stage: "data-connect",
      grounds: { result: [{ line: 7 }, { line: 9 }] },
    });
  });

  it("is good where a transfer was confirmed and nothing complains", () => {
    const done = "PASV\n227 f (203,0,113,9,195,80)\nLIST\n150 g\n226 h\n";
    expect(symptomIn(`${login}${done}QUIT\n221 i`)).toMatchObject({ result: "worked", mode: "ftp" });
    expect(symptomIn(done)).toMatchObject({ result: "worked", mode: null });
    expect(
      symptomIn(
        `> CWD a\n< 250 b\n> EPSV\n< 229 f (|||50123|)\n> LIST\n< 150 g\nDownloading from 203.0.113.9:50123 (No encryption)\n< 226 h\nError: This library only supports MLSD. Your server uses another format.`,
      ),
    ).toMatchObject({ client: "basic-ftp", result: "failed", stage: null });
  });

  it("is in the transfer where the client complains before it is confirmed", () => {
    const lost =
      "Command: MLSD\nResponse: 150 a\nError: The TLS connection was non-properly terminated.\nResponse: 226 b";
    expect(symptomIn(lost)).toMatchObject({ result: "failed", stage: "transfer", replyCode: null });
  });

  it("is the server's word, where a classic client says in one like it that the connection is gone", () => {
    const text = "Connected to files.\n500 OOPS: priv_sock_get_cmd\nConnection closed by remote host.";
    expect(symptomIn(text)).toMatchObject({ stage: "greeting", replyCode: 500 });
  });

  it("is within TLS where the client gave up behind 234, and of a certificate only if one is mentioned", () => {
    expect(symptomIn("220 a\nAUTH TLS\n234 b\nUnable to connect\nDisconnected")).toMatchObject({
      mode: "ftps",
      stage: "auth-tls",
    });
    const open = "Command: AUTH TLS\nResponse: 234 b\n";
    expect(symptomIn(`${open}Error: The version does not match`).stage).toBe("auth-tls");
    expect(symptomIn(`${open}Error: The certificate's name does not match`).stage).toBe("certificate");
  });

  it("is before the login only where the login is shown", () => {
    expect(symptomIn("CWD a\n550 no such directory")).toMatchObject({
      mode: null,
      stage: "data-command",
      replyCode: 550,
    });
    expect(symptomIn("PASV\n227 f (203,0,113,9,195,80)\nSTOR a\n534 Policy requires SSL.").stage).toBe("protection");
  });
});

describe("protection", () => {
  it("is known where the log shows it, and not of an excerpt", () => {
    const data = "> PASV\n< 227 f (203,0,113,9,195,80)\ncurl: (28) Connection timed out";
    expect(symptomIn(data).mode).toBeNull();
    expect(symptomIn(`> USER a\n< 331 b\n${data}`).mode).toBe("ftp");
    expect(symptomIn(`> AUTH TLS\n< 502 no\n> USER a\n< 331 b\n${data}`).mode).toBe("ftp");
    expect(symptomIn("> AUTH TLS\n< 502 no\ncurl: (64) Requested SSL level failed").mode).toBe("ftps");
    expect(
      symptomIn(
        "* Connected to a (203.0.113.9) port 21\n* SSLv3, TLS handshake, Client hello (1):\ncurl: (35) error:140770FC:SSL routines:SSL23_GET_SERVER_HELLO:unknown protocol\nftps://a:21/",
      ),
    ).toMatchObject({ mode: "ftps-implicit", stage: "auth-tls" });
  });
});
