/** `topologies/servers/<id>.yaml` → ServerProfile. */
import type { ServerProfile, ServerTls } from "../model/server-profile";
import { lackOf, softwareNamed } from "../catalog/servers/registry";
import { fileId } from "./file-id";
import { checkShape, ProblemList } from "./problems";
import { serverSchema, type TlsText } from "./server-schema";
import { readYaml, type SourceText, type YamlDocument } from "./yaml-document";

/** Reads a server profile; its file name gives the id. Throws a ScenarioError with every problem found. */
export function parseServerProfile(source: SourceText): ServerProfile {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  return profileIn(document, fileId(source.file, problems), problems);
}

/** Reads the profile that a document is. Throws a ScenarioError with every problem found. */
export function profileIn(document: YamlDocument, id: string, problems: ProblemList): ServerProfile {
  const {
    title,
    description,
    software,
    release,
    tls,
    directives,
    script,
    "allow-foreign-address": foreignAddress,
  } = checkShape(serverSchema, document, problems);
  problems.throwIfAny();
  const profile = {
    id,
    title,
    description,
    software,
    release,
    tls: tls === "none" ? null : tlsOf(tls),
    ...(foreignAddress === undefined ? {} : { foreignAddress }),
    ...(script === undefined ? {} : { script }),
    ...(directives === undefined ? {} : { directives: directives.trimEnd().split("\n") }),
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

function tlsOf({ protocol, options, required, certificate, "verify-client": verifyClient }: TlsText): ServerTls {
  return { protocol, options, verifyClient, required, certificate };
}
