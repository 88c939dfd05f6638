import { Redactor } from "../../../../harness/bugs/bundle/redactor";

const redact = (text: string): string => new Redactor([text]).text(text);

describe("what is a reporter's own", () => {
  it.each([
    ["curl --user jsmith:hunter22 ftp://ftp.acme.com/", "curl --user user-1:secret-1 ftp://host-1.example/"],
    ["curl -u jsmith:hunter22 ftp://filer/", "curl -u user-1:secret-1 ftp://host-1.example/"],
    ["lftp -u jsmith,hunter22 ftp.acme.com", "lftp -u user-1,secret-1 host-1.example"],
    ["ftp://jsmith:hunter22@ftp.acme.com/x", "ftp://user-1:secret-1@host-1.example/x"],
    ["machine ftp.acme.com login jsmith password hunter22", "machine host-1.example login user-1 password secret-1"],
    ["> USER jsmith\n> PASS hunter22", "> USER user-1\n> PASS secret-1"],
    ["ftp.login('jsmith', 'hunter 22')", "ftp.login('user-1', 'secret-1')"],
    ["FTP_TLS('filer', 'jsmith', 'hunter22')", "FTP_TLS('host-1.example', 'user-1', 'secret-1')"],
    [
      '{ host: "filer", user: "jsmith", password: "hunter22" }',
      '{ host: "host-1.example", user: "user-1", password: "secret-1" }',
    ],
    ["user jsmith hunter22", "user user-1 secret-1"],
    ["/home/jsmith/x and C:\\Users\\jsmith\\y", "/home/user-1/x and C:\\Users\\user-1\\y"],
    ["ServerName filer\nMasqueradeAddress www.acme.de", "ServerName host-1.example\nMasqueradeAddress host-2.example"],
    ["331 Password required for jsmith", "331 Password required for user-1"],
  ])("is found in %j", (text, told) => {
    expect(redact(text)).toBe(told);
  });

  it.each([
    "curl --user {user}:{password} ftp://{host}:{port}/",
    "USER anonymous",
    "USER lab17",
    "ftp.example.com, https://github.com/proftpd/proftpd/issues/876",
    "net.ipv4.ip_forward = 1, ftp.retrlines(), tls.conf, br-02.yaml, ProFTPD 1.3.8c",
    "192.168.178.2 10.0.0.1 203.0.113.7 198.51.100.4 192.0.2.10 127.0.0.1 100.64.0.1 fe80::1 2001:db8::10 fd00::1",
    "12:34:56 and aa:bb:cc:dd:ee:ff",
  ])("is not seen in %j", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("is replaced in all texts alike, whatever its letters' case, and also where it is escaped", () => {
    const redactor = new Redactor(['password: "a\\"b c%d" ftp://ftp.acme.com/']);
    expect(redactor.text("FTP.ACME.COM and ftp.acme.com")).toBe("host-1.example and host-1.example");
    const other = new Redactor(["password='p\"w x'"]);
    expect([other.text(JSON.stringify('p"w x')), other.text("p%22w%20x")]).toEqual(['"secret-1"', "secret-1"]);
  });

  it("keeps addresses of one network together, in every notation", () => {
    const redactor = new Redactor([]);
    expect(redactor.text("93.184.216.34 93.184.216.35 8.8.8.8")).toBe("198.18.0.34 198.18.0.35 198.18.1.8");
    expect(redactor.text("227 Entering Passive Mode (93,184,216,34,195,80).")).toBe(
      "227 Entering Passive Mode (198,18,0,34,195,80).",
    );
    expect(redactor.text("2a00:1450:4001::1 2A00:1450:4001:0::1")).toBe("2001:db8:ffff::1 2001:db8:ffff::1");
  });

  it("is seen in packets, as text and as an address", () => {
    const redactor = new Redactor(["USER jsmith, PASS häslein7"]);
    redactor.text("93.184.216.34");
    expect(redactor.isIn(Buffer.from("....USER jsmith\r\n"))).toBe(true);
    expect(redactor.isIn(Buffer.from("PASS häslein7", "utf8"))).toBe(true);
    expect(redactor.isIn(Buffer.from([0, 0x45, 93, 184, 216, 34, 0]))).toBe(true);
    expect(redactor.isIn(Buffer.from("USER lab1\r\nPASS lab-password"))).toBe(false);
  });

  it("leaves a value's shape as it is", () => {
    const redactor = new Redactor(["USER jsmith"]);
    const value = { user: ["jsmith", 3, null, { jsmith: true }], of: new Map([["a", "jsmith"]]) };
    expect(redactor.value(value)).toEqual({
      user: ["user-1", 3, null, { jsmith: true }],
      of: new Map([["a", "user-1"]]),
    });
    expect([redactor.concerns(value), redactor.concerns({ user: "lab" })]).toEqual([true, false]);
  });
});
