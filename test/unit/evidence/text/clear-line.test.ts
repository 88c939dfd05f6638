import { clearLineOf } from "../../../../harness/evidence/text/clear-line";

const line = (text: string) => clearLineOf(Buffer.from(text));

test("the first line is told, without its end", () => {
  expect(line("227 Entering Passive Mode (203,0,113,1,197,24).\r\n")).toBe(
    "227 Entering Passive Mode (203,0,113,1,197,24).",
  );
  expect(line("211-Features:\r\n PASV\r\n211 End\r\n")).toBe("211-Features:");
  expect(line("NOOP")).toBe("NOOP");
});

test.each(["PASS lab-password\r\n", "PASS  two words\r\n", "PASS \r\n", `PASS ${"x".repeat(300)}`])(
  "a password is masked: %j",
  (text) => {
    expect(line(text)).toBe("PASS ***");
  },
);

test("a password is masked in whatever case the command comes, and nothing else is", () => {
  expect(line("pass secret\r\n")).toBe("pass ***");
  expect(line("PASV\r\n")).toBe("PASV");
  expect(line("PASSIVE mode\r\n")).toBe("PASSIVE mode");
});

test("a long line is cut to 200 characters, not within one", () => {
  expect(line("a".repeat(300))).toBe("a".repeat(200));
  expect(line(`a${"😀".repeat(300)}`)).toBe(`a${"😀".repeat(199)}`);
});

test("a character that the capture cut is left out", () => {
  expect(clearLineOf(Buffer.from("RETR ü").subarray(0, 6))).toBe("RETR ");
});

test.each([0x14, 0x15, 0x16, 0x17, 0x18])("a TLS record of type %i is not text", (type) => {
  expect(clearLineOf(Buffer.from([type, 3, 3, 0, 0x41]))).toBeNull();
});

test.each([
  ["an empty payload", ""],
  ["a space", " PASV\r\n"],
  ["an escape sequence", "220 \x1b[31mred\r\n"],
  ["a control of the second set", "220 \u0085\r\n"],
  ["a line separator", "220 \u2028x\r\n"],
  ["a NUL", "220 \0\r\n"],
])("%s makes no line", (_, text) => {
  expect(line(text)).toBeNull();
});

test("bytes that are not UTF-8 make no line", () => {
  expect(clearLineOf(Buffer.from("RETR \xfc.txt\r\n", "latin1"))).toBeNull();
});
