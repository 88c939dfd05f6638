import { clientImageOf, resolveClient } from "../../../../harness/catalog/clients/registry";
import { isOwnScript, ownScriptId, packagesIn } from "../../../../harness/catalog/clients/user-script";
import { cellSchema } from "../../../../harness/evidence/recording/recording-schema";
import { imageRepository } from "../../../../harness/lab/image-definitions";

const packages = { "basic-ftp": "3.8.7", "@icetee/ftp": "0.3.15" };

it("has an id that a cell and a file may have, and that tells its packages", () => {
  const id = ownScriptId(packages, "22.22.3");
  expect(id).toBe("npm@basic-ftp=3.8.7,^icetee~ftp=0.3.15+node@22.22.3");
  expect(packagesIn(id)).toEqual(packages);
  expect(packagesIn(ownScriptId({}, null))).toEqual({});
  expect([isOwnScript(id), isOwnScript("basic-ftp@3.8.7")]).toEqual([true, false]);
});

it("is a client in an image of its own", () => {
  const id = ownScriptId(packages, null);
  expect(resolveClient(id)?.definition.title).toBe("A script with basic-ftp 3.8.7, @icetee/ftp 0.3.15 (npm)");
  expect(resolveClient(id)?.definition).toBe(resolveClient(id)?.definition);
  const images = [id, ownScriptId(packages, "22.22.3"), ownScriptId({}, null)].map(clientImageOf);
  expect(images[1]).toBe(`${id}+node@22.22.3`);
  const repositories = images.map(imageRepository);
  expect(new Set(repositories).size).toBe(3);
  for (const name of repositories) expect(name).toMatch(/^ftp-nat-matrix\/[a-z0-9]+(?:[.-][a-z0-9]+)*$/);
  expect(resolveClient(ownScriptId({}, "14.21.3"))).toBeNull();
});

it("has an id that a recording may name", () => {
  const id = ownScriptId(packages, "22.22.3");
  expect(cellSchema.shape.client.safeParse(id).success).toBe(true);
  expect(cellSchema.shape.client.safeParse(`../${id}`).success).toBe(false);
});
