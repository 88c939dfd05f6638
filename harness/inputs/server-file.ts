/** `topologies/servers/<id>.yaml` → ServerProfile. */
import type { SoftwareId } from "../model/ids";
import type { ServerProfile, ServerTls, UserConfiguration } from "../model/server-profile";
import { lackOf, softwareNamed } from "../catalog/servers/registry";
import { quote } from "../text/nearest";
import { joinConfiguration, readConfiguration } from "./configuration-files";
import { fileId } from "./file-id";
import { besideOf, noFilesBeside, wrongWithPath, type FileContext, type FilesBeside } from "./files-beside";
import { checkShape, ProblemList } from "./problems";
import { serverSchema, type TlsText } from "./server-schema";
import { readYaml, type SourceText, type YamlDocument } from "./yaml-document";

/** Reads a server profile. Throws a ScenarioError with every problem found. */
export function parseServerProfile(source: SourceText, { beside, id }: FileContext = {}): ServerProfile {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  return profileIn(document, { id: id ?? fileId(source.file, problems), file: source.file, beside }, problems);
}

/** A profile's id, its file, and the files that it names. */
type Origin = { readonly id: string; readonly file: string; readonly beside?: FilesBeside | undefined };

/** Reads the profile that a document is. Throws a ScenarioError with every problem found. */
export function profileIn(
  document: YamlDocument,
  { id, file, beside = noFilesBeside }: Origin,
  problems: ProblemList,
): ServerProfile {
  const { value } = document;
  if (value["tls"] === undefined && value["config-files"] === undefined) {
    problems.addAtKey([], "missing key `tls`: expected the word none, or a mapping");
  }
  const {
    title,
    description,
    software,
    release,
    tls: written,
    directives,
    script,
    "config-files": paths,
    "allow-foreign-address": foreignAddress,
  } = checkShape(serverSchema, document, problems);
  const tls = written ?? (paths === undefined ? null : openTls);
  problems.throwIfAny();
  const userConfig = paths === undefined ? null : ownConfiguration(software, paths, { file, beside }, problems);
  const profile = {
    id,
    title,
    description,
    software,
    release,
    tls: tls === "none" || tls === null ? null : tlsOf(tls),
    ...(foreignAddress === undefined ? {} : { foreignAddress }),
    ...(script === undefined ? {} : { script }),
    ...(directives === undefined ? {} : { directives: directives.trimEnd().split("\n") }),
    ...(userConfig === null ? {} : { userConfig }),
  };
  const lack = lackOf(profile);
  if (lack !== null) problems.add([lack.key], lack.what);
  if (directives !== undefined && softwareNamed(software).takesDirectives === false) {
    problems.addAtKey(["directives"], `${softwareNamed(software).name} takes no configuration lines in the lab`);
  }
  if (script !== undefined && software !== "scripted") {
    problems.addAtKey(["script"], `${softwareNamed(software).name} takes no script: say \`software: scripted\``);
  }
  problems.throwIfAny();
  return profile;
}

/** TLS for every client that asks, and the certificate that it needs: of TLS, a whole configuration says all there is to say. */
const openTls: TlsText = {
  protocol: "TLSv1.2 TLSv1.3",
  options: [],
  "verify-client": "off",
  required: "off",
  certificate: "trusted",
};

/** The configuration that the named files are; `null`, with problems, where they are none. */
function ownConfiguration(
  software: SoftwareId,
  paths: readonly string[],
  { file, beside }: { readonly file: string; readonly beside: FilesBeside },
  problems: ProblemList,
): UserConfiguration | null {
  const read = paths.flatMap((path, index) => {
    const one = readBeside(path, file, beside);
    if (!("problem" in one)) return [one];
    problems.add(["config-files", index], `${quote(path)} ${one.problem}`);
    return [];
  });
  const [first, ...others] = read;
  if (first === undefined || read.length < paths.length) return null;
  const { name, userConfig } = softwareNamed(software);
  const joined = joinConfiguration(software, [first, ...others]);
  const wrong = userConfig === null ? `the lab takes no configuration of ${name}` : wrongIn(joined, userConfig.lacks);
  if (wrong !== null) problems.addAtKey(["config-files"], wrong);
  return wrong !== null || "problem" in joined ? null : { ...joined, isOfNetwork: true };
}

function wrongIn(joined: ReturnType<typeof joinConfiguration>, lacks: (text: string) => string | null): string | null {
  if ("problem" in joined) return joined.problem;
  const lack = lacks(joined.text);
  return lack === null ? null : `the lab cannot run it: ${lack}`;
}

function readBeside(path: string, file: string, beside: FilesBeside): ReturnType<typeof readConfiguration> {
  const wrong = wrongWithPath(path);
  if (wrong !== null) return { problem: wrong };
  const bytes = beside(path);
  return "problem" in bytes ? bytes : readConfiguration(bytes, besideOf(file, path));
}

function tlsOf({ protocol, options, required, certificate, "verify-client": verifyClient }: TlsText): ServerTls {
  return { protocol, options, verifyClient, required, certificate };
}
