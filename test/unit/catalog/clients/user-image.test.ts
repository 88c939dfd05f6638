import { isOwnClient } from "../../../../harness/catalog/clients/user-program";
import { imageReference, ownImageId, ownImageIn } from "../../../../harness/catalog/clients/user-image";
import { clientImageOf, resolveClient } from "../../../../harness/catalog/clients/registry";
import { cellSchema } from "../../../../harness/evidence/recording/recording-schema";
import { imageRepository } from "../../../../harness/lab/image-definitions";
import { foreignTools } from "../../../../harness/model/ftp-site";

const digest = `my/client@sha256:${"0a".repeat(32)}`;
const references = ["my/client:1", "client", "registry.example:5000/a/b_c:1.2-x", digest];

it.each(references)("names the image %s in an id that a cell, a file and a recording may have", (reference) => {
  const id = ownImageId(reference);
  expect(imageReference.test(reference)).toBe(true);
  expect(ownImageIn(id)).toBe(reference);
  expect(cellSchema.shape.client.safeParse(id).success).toBe(true);
  expect(clientImageOf(id)).toBe(id);
  expect(imageRepository(id)).toMatch(/^ftp-nat-matrix\/image-[a-z0-9]+$/);
  expect(resolveClient(id)?.definition.title).toBe(`A program in the image ${reference}`);
});

it("is a client of its own, and no other id is one", () => {
  expect([ownImageId("client"), "curl", "npm@ftp=0.3.10", "image"].map(isOwnClient)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(ownImageIn("npm@ftp=0.3.10")).toBeNull();
  expect(resolveClient("image@")).toBeNull();
  expect(resolveClient("image@My")).toBeNull();
});

it("tells the id of the image that ran as its version", () => {
  const { version } = resolveClient(ownImageId("client"))?.definition.program ?? {};
  expect(version?.argv[0]).toBe(`${foreignTools}/cat`);
  expect(version?.pattern.exec("sha256:0123456789abcdef")?.[1]).toBe("sha256:0123456789ab");
});

it.each(["My/client", "a b", "-x", "a:b:c:d e", "a\nFROM b"])("does not take %j for an image", (reference) => {
  expect(imageReference.test(reference)).toBe(false);
});
