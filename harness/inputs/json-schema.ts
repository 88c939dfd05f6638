/** JSON Schemas of the input files, from the schemas that read them: editors show the descriptions as hover text. */
import { z } from "zod";
import { bugSchema } from "./bug-schema";
import { scenarioSchema } from "./scenario-schema";
import { serverSchema } from "./server-schema";
import { topologySchema } from "./topology-schema";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Path of each schema file from the project's folder, and its text. */
export function jsonSchemaFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: "topologies/topology.schema.json", text: textOf(jsonSchemaOf(topologySchema)) },
    { path: "topologies/servers/server.schema.json", text: textOf(jsonSchemaOf(serverSchema)) },
    { path: "scenarios/scenario.schema.json", text: textOf(jsonSchemaOf(scenarioSchema)) },
    { path: "scenarios/bugs/bug.schema.json", text: textOf(bugJsonSchema()) },
  ];
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Draft 7 is what YAML editors know best. `input`: what is written, not what it is read as. */
function jsonSchemaOf(schema: z.ZodType, change: (part: JsonSchema) => void = () => undefined): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema }) => {
      separateReference(jsonSchema);
      change(jsonSchema);
    },
  });
}

/**
 * Writes a reference alone as `$ref`, and one with a description of its own as `allOf`: draft 7 ignores what stands beside
 * `$ref`, and editors that complete a key do not show descriptions from inside `allOf`.
 */
function separateReference(part: JsonSchema): void {
  const { $ref, allOf, ...others } = part;
  const reference = $ref ?? allOf?.[0]?.$ref;
  if (reference === undefined) return;
  const isAlone = Object.keys(others).length === 0;
  delete part.$ref;
  delete part.allOf;
  Object.assign(part, isAlone ? { $ref: reference } : { allOf: [{ $ref: reference }] });
}

/** A report's network and server are what files have, or changes of them. */
function bugJsonSchema(): JsonSchema {
  const from = { type: "string", description: "Id of the file to change, with conditions or options." } as const;
  const config = {
    description:
      "The reporter's whole configuration: the text of one file, or a mapping of several by their paths, the main " +
      "one first. Files that ProFTPD's `Include` names are taken from there; a file that is not there is lost.",
    anyOf: [{ type: "string" }, { type: "object", additionalProperties: { type: "string" } }],
  } satisfies JsonSchema;
  const bug = jsonSchemaOf(bugSchema);
  return {
    ...bug,
    definitions: {
      ...(bug["definitions"] as object),
      ...patchDefinitions("network", topologySchema, { from }),
      ...patchDefinitions("server", serverSchema, { from, config }),
    },
  };
}

/** The changes that a mapping may make to a file: every key that the file may have and more, and none that it must. */
function patchDefinitions(id: string, schema: z.ZodType, more: Readonly<Record<string, JsonSchema>>): object {
  const { definitions, type, properties, additionalProperties } = jsonSchemaOf(schema, (part) => {
    delete part.required;
    // Without what they must have, several alternatives may fit.
    const { oneOf } = part;
    delete part.oneOf;
    if (oneOf !== undefined) part.anyOf = oneOf;
  });
  return { ...(definitions as object), [id]: { type, properties: { ...more, ...properties }, additionalProperties } };
}
