import { clientImageOf, resolveClient } from "../../../../harness/catalog/clients/registry";
import { isOwnScript, ownScriptId, packagesIn } from "../../../../harness/catalog/clients/own-script";
import { imageRepository } from "../../../../harness/lab/image-definitions";
import type { OutputLine } from "../../../../harness/model/program";
import { programSession } from "../../../support/program-output";

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

it("tells its own error: the line that Node prints above the stack, or else what it said last", () => {
  const read = resolveClient(ownScriptId({}, null))?.definition.program?.read;
  const told = (...texts: readonly string[]) => {
    const output = texts.map((text): OutputLine => ({ atMs: 0, stream: "stderr", text }));
    const outcome = { startedAt: 0, durationMs: 1, exitCode: 1, timedOut: false, output, files: [] };
    return read?.(outcome, programSession()).message;
  };
  expect(
    told("/tmp/session.cjs:1", 'throw new TypeError("no plan")', "TypeError: no plan", "    at x", "Node.js v22.22.3"),
  ).toBe("TypeError: no plan");
  expect(told("Error [ERR_TLS]: no", "    at y")).toBe("Error [ERR_TLS]: no");
  expect(told("it did not work", "")).toBe("it did not work");
  expect(told()).toBeNull();
});

it("shows its dialogue as basic-ftp, curl or node-ftp show theirs", () => {
  const read = resolveClient(ownScriptId({}, null))?.definition.program?.read;
  const shownOf = (...texts: readonly string[]) => {
    const output = texts.map((text): OutputLine => ({ atMs: 0, stream: "stdout", text }));
    const outcome = { startedAt: 0, durationMs: 1, exitCode: 0, timedOut: false, output, files: [] };
    return read?.(outcome, programSession()).transcript.map(({ direction, text }) => `${direction} ${text}`);
  };
  expect(shownOf("> PASS secret", "< 230 Welcome", "done")).toEqual(["> PASS ###", "< 230 Welcome", "* done"]);
  expect(
    shownOf(
      String.raw`[connection] > 'FEAT'`,
      String.raw`[connection] < '211-Features:\r\n EPSV\r\n'`,
      String.raw`[parser] < '211-Features:\r\n EPSV\r\n'`,
    ),
  ).toEqual(["> FEAT", "< 211-Features:", "<  EPSV"]);
});
