/** `topologies/servers/<id>.yaml` → ServerProfile. */
import type { ServerProfile } from "../model/server-profile";
import { fileId } from "./file-id";
import { checkShape, ProblemList } from "./problems";
import { serverSchema } from "./server-schema";
import { readYaml, type SourceText } from "./yaml-document";

/** Reads a server profile; its file name gives the id. Throws a ScenarioError with every problem found. */
export function parseServerProfile(source: SourceText): ServerProfile {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  const id = fileId(source.file, problems);
  const { title, description, tls } = checkShape(serverSchema, document, problems);
  problems.throwIfAny();
  if (tls === "none") return { id, title, description, tls: null };
  const { protocol, options, required, certificate } = tls;
  const verifyClient = tls["verify-client"];
  return { id, title, description, tls: { protocol, options, verifyClient, required, certificate } };
}
