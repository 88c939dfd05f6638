/** JSON Schemas of the input files, from the schemas that read them: editors show the descriptions as hover text. */
import { z } from "zod";
import { bugSchema } from "./bug-schema";
import { isMapping } from "./merge-patch";
import { scenarioSchema } from "./scenario-schema";
import { serverSchema } from "./server-schema";
import { topologySchema } from "./topology-schema";

/** Path of each schema file from the project's folder, and its text. */
export function jsonSchemaFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: "topologies/topology.schema.json", text: schemaText(topologySchema) },
    { path: "topologies/servers/server.schema.json", text: schemaText(serverSchema) },
    { path: "scenarios/scenario.schema.json", text: schemaText(scenarioSchema) },
    { path: "scenarios/bugs/bug.schema.json", text: `${printJson(bugJsonSchema(), "")}\n` },
  ];
}

function schemaText(schema: z.ZodType): string {
  return `${printJson(jsonSchemaOf(schema), "")}\n`;
}

/** Draft 7 is what YAML editors know best. `input`: what is written, not what it is read as. */
function jsonSchemaOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: "draft-7", io: "input" });
}

/** A report's network and server are what files have, or changes of them: every key that a file may have, and none that it must. */
function bugJsonSchema(): object {
  const from = { type: "string", description: "Id of the file that is changed, with conditions or options." };
  const config = { type: "string", description: "A whole configuration file of the reporter's own." };
  const patches = {
    network: patchOf(topologySchema, { from }),
    server: patchOf(serverSchema, { from, config }),
  };
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const isPart = (key === "network" || key === "server") && isMapping(inner) && "anyOf" in inner;
        return [key, isPart ? { ...inner, anyOf: [{ type: "string" }, patches[key]] } : fill(inner)];
      }),
    );
  };
  return fill(jsonSchemaOf(bugSchema)) as object;
}

function patchOf(schema: z.ZodType, more: Readonly<Record<string, object>>): object {
  const optional = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(optional);
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) =>
        (key === "required" && Array.isArray(inner)) ||
        key === "$schema" ||
        (key === "title" && typeof inner === "string")
          ? []
          : [[key, optional(inner)]],
      ),
    );
  };
  const patch = optional(jsonSchemaOf(schema)) as { readonly properties: object };
  return { ...patch, properties: { ...more, ...patch.properties } };
}

const mostColumns = 120;

/**
 * JSON as Prettier lays it out, so that a generated file passes the format check: plain lists stay on one line where they fit.
 * @param taken columns of the line that are taken already, or will be: indent, key, a comma
 */
function printJson(value: unknown, indent: string, taken = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const line = `[${items.map((item) => JSON.stringify(item)).join(", ")}]`;
    const plain = items.every((item) => typeof item !== "object" || JSON.stringify(item) === "{}");
    if (plain && taken + line.length <= mostColumns) return line;
    return `[\n${items.map((item) => inner + printJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item], index, all) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + printJson(item, inner, start.length + (index < all.length - 1 ? 1 : 0));
  });
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}
