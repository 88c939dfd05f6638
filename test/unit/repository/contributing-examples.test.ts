import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

jest.setTimeout(60_000);

const root = process.cwd();

/** The whole files that CONTRIBUTING shows, by path: blocks that name a file and begin with its imports. */
const examples = new Map(
  [...readFileSync("CONTRIBUTING.md", "utf8").matchAll(/```ts\n\/\/ (\S+\.ts)\n(import[\s\S]*?)```/g)].map(
    ([, path = "", code = ""]) => [join(root, path), code] as const,
  ),
);

/** What tsc says of the examples, as if they were in their places. */
function complaints(): readonly string[] {
  const unread: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), {}, unread);
  const options = { ...config?.options, noEmit: true, incremental: false };
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (file) => examples.has(file) || onDisk.fileExists(file);
  host.readFile = (file) => examples.get(file) ?? onDisk.readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const code = examples.get(file);
    return code === undefined ? onDisk.getSourceFile(file, version, ...rest) : ts.createSourceFile(file, code, version);
  };
  const program = ts.createProgram([...examples.keys()], options, host);
  return [...examples.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path.slice(root.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

/** An id that `npm run generate` would take up; the union of ids has a quoted one first. */
const newId = /^\S+: Type '"[\w-]+"' is not assignable to type '?(?:"|\w+Image\b)/;

it("shows whole files that compile where they belong, but for ids that are generated", () => {
  expect(examples.size).toBeGreaterThan(6);
  expect(complaints().filter((text) => !newId.test(text))).toEqual([]);
});
