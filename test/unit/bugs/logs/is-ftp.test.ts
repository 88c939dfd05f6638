import { readLog } from "../../../../harness/bugs/logs/read-log";

describe("a text without FTP", () => {
  it.each([
    "220 mail.example.com ESMTP Postfix\nEHLO client\n250-mail.example.com\n250 STARTTLS\nMAIL FROM:<a@example.com>\n421 4.7.0 too many",
    "+OK POP3 ready\nUSER bob\n+OK\nPASS x\n-ERR login failed",
    "*   Trying 203.0.113.9:443...\n* Connected to example.com (203.0.113.9) port 443 (#0)\n> GET / HTTP/1.1\n< HTTP/1.1 500 Internal Server Error\ncurl: (22) The requested URL returned error: 500",
    "curl: (7) Failed to connect to example.com port 443: Connection refused",
    "The remote server returned an error: (404) Not Found.",
    "debug1: connect to address 203.0.113.9 port 22: Connection refused\nssh: connect to host a port 22: Connection refused",
    "sftp> ls\nConnection closed\nCouldn't read packet: Connection reset by peer",
    "220 12345\n331 55\n150 99\n3.14159 2.71828",
    "150 people came, and 220 of them\nwent home.",
    "\u0000\u0001\u0002 \u00ff\u00fe\n\u0003\u0004",
    "Status: active\n21/tcp ALLOW Anywhere",
    "I use FTP, and the connection failed when I tried.",
  ])("is refused: %j", (text) => {
    expect(readLog(text)).toBeNull();
  });
});
