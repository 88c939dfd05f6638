/** JSON Schemas of the input files, from the schemas that read them: editors show the descriptions as hover text. */
import { z } from "zod";
import { scenarioSchema } from "./scenario-schema";
import { serverSchema } from "./server-schema";
import { topologySchema } from "./topology-schema";

/** Path of each schema file from the project's folder, and its text. */
export function jsonSchemaFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: "topologies/topology.schema.json", text: schemaText(topologySchema) },
    { path: "topologies/servers/server.schema.json", text: schemaText(serverSchema) },
    { path: "scenarios/scenario.schema.json", text: schemaText(scenarioSchema) },
  ];
}

function schemaText(schema: z.ZodType): string {
  // Draft 7 is what YAML editors know best. `input`: what is written, not what it is read as.
  return `${printJson(z.toJSONSchema(schema, { target: "draft-7", io: "input" }), "")}\n`;
}

const mostColumns = 120;

/** JSON as Prettier lays it out, so that a generated file passes the format check: plain lists stay on one line. */
function printJson(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const line = `[${items.map((item) => JSON.stringify(item)).join(", ")}]`;
    // Room for the longest key that is used with a list.
    const plain = items.every((item) => typeof item !== "object" || JSON.stringify(item) === "{}");
    if (plain && indent.length + '"additionalProperties": '.length + line.length <= mostColumns) return line;
    return `[\n${items.map((item) => inner + printJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${printJson(item, inner)}`,
  );
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}
