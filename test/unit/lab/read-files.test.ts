import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeShell } from "../../../harness/lab/node-shell";
import { readFiles } from "../../../harness/lab/read-files";
import { openLocalShell } from "../../support/local-shell";

const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-read-files-"));
const shell = openLocalShell();
const most = 1024 * 1024;

afterAll(() => {
  shell.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("files come back byte for byte, in order, whatever a stranger has written into them", async () => {
  const contents = [
    "a log\n==== end of part ====\nwith a line that somebody else once took for its end\n==== end of part ====\n",
    "",
    "12\nno size, though it stands on a line of its own\n0\n",
    "no line feed at the end",
    "\n\n\n",
    Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)),
    "日本 🚫\r\n",
  ];
  const paths = contents.map((content, index) => fileOf(`file-${index}`, content));
  expect(await readFiles(shell, paths, most)).toEqual(contents.map((content) => Buffer.from(content)));
});

test("a file that is not there is empty, and so is a device without content", async () => {
  const there = fileOf("there", "content");
  const files = await readFiles(shell, [join(folder, "missing"), there, "/dev/null"], most);
  expect(files.map(String)).toEqual(["", "content", ""]);
});

test("of a file that is too long comes the beginning, and the next one whole", async () => {
  const paths = [fileOf("long", "0123456789"), fileOf("next", "next")];
  expect((await readFiles(shell, paths, 4)).map(String)).toEqual(["0123", "next"]);
});

test("what is written into a file meanwhile does not shift the others", async () => {
  const path = fileOf("growing", "begin ");
  // The first answers are read while lines still come.
  const writing = setInterval(() => {
    appendFileSync(path, "x".repeat(4096));
  }, 1);
  try {
    for (let round = 0; round < 20; round += 1) {
      const [growing, fixed] = await readFiles(shell, [path, fileOf("fixed", "fixed")], most);
      expect(growing?.toString()).toMatch(/^begin x*$/);
      expect(fixed?.toString()).toBe("fixed");
    }
  } finally {
    clearInterval(writing);
  }
});

test.each([
  ["a size that is none", "wc: is a directory\n", "/log could not be read back: wc: is a directory"],
  ["fewer bytes than announced", "10\nshort", "/log could not be read back: 10\nshort"],
  ["more bytes than announced", "1\nab", "/log could not be read back: b"],
  ["nothing at all", "", "/log could not be read back: "],
])("%s is an error, and never a file", async (_, answer, message) => {
  const broken: Pick<NodeShell, "runForBytes"> = { runForBytes: () => Promise.resolve(Buffer.from(answer)) };
  await expect(readFiles(broken, ["/log"], most)).rejects.toThrow(message);
});
