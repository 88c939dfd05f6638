import { gzipSync } from "node:zlib";
import { decodedText } from "../../../harness/text/decode";

const rules = "*filter\r\n:INPUT DROP [0:0]\r\nCOMMIT\r\n";
const read = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";

describe("decodedText", () => {
  it.each([
    ["UTF-8", Buffer.from(rules)],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${rules}`)],
    ["UTF-16LE with a mark", Buffer.from(`\uFEFF${rules}`, "utf16le")],
    ["UTF-16LE without one", Buffer.from(rules, "utf16le")],
    ["UTF-16BE with a mark", Buffer.from(`\uFEFF${rules}`, "utf16le").swap16()],
    ["UTF-16BE without one", Buffer.from(rules, "utf16le").swap16()],
  ])("reads %s, with any line ends", (_, bytes) => {
    expect(decodedText(bytes)).toBe(read);
  });

  it("takes for Windows-1252 what is no UTF-8", () => {
    expect(decodedText(Buffer.from("# für den FTP-Server\n", "latin1"))).toBe("# für den FTP-Server\n");
    expect(decodedText(Buffer.from("# für den FTP-Server\n"))).toBe("# für den FTP-Server\n");
  });

  it("leaves a terminal's own characters", () => {
    expect(decodedText(Buffer.from("\x1b[31m220 ready\x1b[0m\x07\n"))).toBe("\x1b[31m220 ready\x1b[0m\x07\n");
  });

  it.each([
    ["what gzip packed", gzipSync(rules)],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1")],
    ["zeros", Buffer.alloc(100)],
  ])("finds no text in %s", (_, bytes) => {
    expect(decodedText(bytes)).toBeNull();
  });
});
