import { foreignContext } from "../../../harness/lab/foreign-image";

const textsOf = (reference: string, id: string) =>
  Object.fromEntries(
    foreignContext(reference, id, "ftp-nat-matrix/client:0123").map(({ path, content }) => [path, String(content)]),
  );

it("puts the lab's tools into a user's image, by themselves, and takes away how the image would start", () => {
  const { Dockerfile = "", image } = textsOf("my/client:1", "sha256:ab");
  expect(Dockerfile.match(/^FROM .*$/gm)).toEqual(["FROM ftp-nat-matrix/client:0123 AS agent", "FROM my/client:1"]);
  const own = Dockerfile.slice(Dockerfile.indexOf("FROM my/client:1"));
  expect(own).toContain("USER 0\nENTRYPOINT []\nHEALTHCHECK NONE\n");
  // Without a shell of the image's.
  expect(own.match(/^RUN .*$/gm)).toEqual([expect.stringMatching(/^RUN \["\/opt\/ftp-nat-matrix\/bin\/bash","-c",/)]);
  expect(image).toBe("sha256:ab\n");
});

it("is another one once the image was built again", () => {
  expect(textsOf("a", "sha256:1")).not.toEqual(textsOf("a", "sha256:2"));
});
