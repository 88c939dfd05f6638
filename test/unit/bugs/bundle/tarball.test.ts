import { gunzipSync, gzipSync } from "node:zlib";
import { pack, type Header as TarHeader } from "tar-stream";
import { archiveLimits, packFiles, unpackFiles } from "../../../../harness/bugs/bundle/tarball";

type Header = Partial<TarHeader> & { readonly name: string };

async function tarOf(entries: readonly (Header & { readonly text?: string })[]): Promise<Buffer> {
  const tar = pack();
  for (const { text = "", ...header } of entries) tar.entry(header, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.from(chunk as Uint8Array));
  return gzipSync(Buffer.concat(chunks));
}

describe("an archive", () => {
  const files = [
    { path: "b@lan+reject/c.txt", bytes: Buffer.from("two") },
    { path: "a.txt", bytes: Buffer.alloc(100_000, 7) },
  ];

  it("gives back what was put in", async () => {
    const unpacked = await unpackFiles(await packFiles(files));
    expect(
      unpacked.map(({ path, bytes }) => [
        path,
        bytes.equals(files.find((file) => file.path === path)?.bytes ?? Buffer.alloc(0)),
      ]),
    ).toEqual([
      ["a.txt", true],
      ["b@lan+reject/c.txt", true],
    ]);
  });

  it("has the same bytes for the same files, in whatever order, and no time in it", async () => {
    const [one, other] = [await packFiles(files), await packFiles(files.toReversed())];
    expect(one.equals(other)).toBe(true);
    expect(one.readUInt32LE(4)).toBe(0);
    expect(gunzipSync(one).subarray(136, 147).toString()).toMatch(/^0+$/);
  });

  it.each<[string, readonly (Header & { readonly text?: string })[]]>([
    ["a way out", [{ name: "../x", text: "y" }]],
    ["a way out in the middle", [{ name: "a/../../x", text: "y" }]],
    ["a path from the root", [{ name: "/etc/cron.d/x", text: "y" }]],
    ["another system's path", [{ name: "a\\..\\x", text: "y" }]],
    ["a symbolic link", [{ name: "a", type: "symlink", linkname: "/etc" }]],
    ["a hard link", [{ name: "a", type: "link", linkname: "/etc/passwd" }]],
    ["a device", [{ name: "a", type: "character-device" }]],
    ["a pipe", [{ name: "a", type: "fifo" }]],
    [
      "a name twice",
      [
        { name: "a", text: "1" },
        { name: "a", text: "2" },
      ],
    ],
    ["a line feed in a name", [{ name: "a\nb", text: "1" }]],
  ])("with %s is refused", async (_, entries) => {
    await expect(unpackFiles(await tarOf(entries))).rejects.toMatchObject({ code: "unsafe-bundle" });
  });

  it("that is a bomb is refused", async () => {
    const bomb = await tarOf([{ name: "a", text: "0".repeat(archiveLimits.fileBytes + 1) }]);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(unpackFiles(bomb)).rejects.toMatchObject({
      code: "unsafe-bundle",
      message: expect.stringMatching("large") as string,
    });
    const many = await tarOf(
      Array.from({ length: archiveLimits.files + 1 }, (_, index) => ({ name: String(index), text: "" })),
    );
    await expect(unpackFiles(many)).rejects.toMatchObject({ code: "unsafe-bundle" });
  });

  it.each([
    ["no gzip", Buffer.from("hello")],
    ["cut short", gzipSync(Buffer.alloc(5000, 1)).subarray(0, 20)],
    ["no tar", gzipSync(Buffer.alloc(2048, 1))],
  ])("that is none (%s) is refused", async (_, bytes) => {
    await expect(unpackFiles(bytes)).rejects.toMatchObject({ code: "unsafe-bundle" });
  });
});
