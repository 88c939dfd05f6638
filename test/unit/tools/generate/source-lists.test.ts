import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourceLists } from "../../../../harness/tools/generate/source-lists";

const project = join(__dirname, "../../../..");
const folders = [
  ...["clients", "servers", "releases", "conditions"].map((name) => `harness/catalog/${name}`),
  "harness/diagnose/causes",
  "harness/lab/images",
  "harness/tools/faults/kinds",
  "reports/forms",
  "harness/tools/faults/kinds",
];
let root: string;

/** The text of a list as it should be. */
function listed(path: string): string {
  return sourceLists(root).find((file) => file.path === path)?.text ?? "";
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "source-lists-"));
  for (const folder of folders) cpSync(join(project, folder), join(root, folder), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("lists of what lies in folders", () => {
  it("are the project's own where nothing is new", () => {
    for (const { path, text } of sourceLists(root)) expect(text).toBe(readFileSync(join(project, path), "utf8"));
  });

  it("take in a new file at their end, and its id into the type", () => {
    write("harness/catalog/servers/bftpd.ts", "export const bftpd: ServerSoftware = {};\n");
    write("harness/catalog/servers/bftpd-log.ts", 'export const words: ServerSoftware["id"] = "bftpd";\n');
    expect(listed("harness/catalog/servers/all.ts")).toContain('import { bftpd } from "./bftpd";\n');
    expect(listed("harness/catalog/servers/all.ts")).toMatch(/= \[\s*proftpd,[^\]]*\bbftpd,?\s*\];/);
    expect(listed("harness/model/ids.ts")).toMatch(/softwareIds = \[\s*"proftpd",[^\]]*"bftpd",?\s*\] as const/);
  });

  it("keep the order that a person has given them, and leave out what is gone", () => {
    const path = "harness/catalog/servers/all.ts";
    write(path, "export const softwares: readonly ServerSoftware[] = [\n  pyftpdlib, // first\n  vsftpd,\n];\n");
    rmSync(join(root, "harness/catalog/servers/proftpd.ts"));
    expect(listed(path)).toMatch(
      /= \[\s*pyftpdlib,\s*vsftpd,(?![^\]]*\b(?:pyftpdlib|vsftpd|proftpd)\b)[^\]]*\bpureFtpd\b[^\]]*\];/,
    );
  });

  it("know images by their Dockerfiles", () => {
    mkdirSync(join(root, "harness/lab/images/server-bftpd"));
    expect(listed("harness/model/ids.ts")).not.toContain("server-bftpd");
    write("harness/lab/images/server-bftpd/Dockerfile", "FROM debian:trixie-slim\n");
    expect(listed("harness/model/ids.ts")).toContain('"server-bftpd"');
  });

  it("want a person to give a new cause its rank", () => {
    write("harness/diagnose/causes/bad-weather.ts", "export const badWeather: CauseDefinition = {};\n");
    expect(() => sourceLists(root)).toThrow(
      "harness/diagnose/causes/bad-weather.ts: badWeather needs its place in the order in harness/diagnose/causes/registry.ts.",
    );
    const registry = readFileSync(join(root, "harness/diagnose/causes/registry.ts"), "utf8");
    write(
      "harness/diagnose/causes/registry.ts",
      registry.replace("  portUnreachable,", "  badWeather,\n  portUnreachable,"),
    );
    expect(listed("harness/model/ids.ts")).toContain(
      '"client-program-failed",\n  "bad-weather",\n  "port-unreachable",',
    );
  });
});
