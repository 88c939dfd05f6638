import { Ajv, type ValidateFunction } from "ajv";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { jsonSchemaFiles } from "../../../harness/inputs/json-schema";
import { mergePatch } from "../../../harness/inputs/merge-patch";

type Schema = Readonly<Record<string, unknown>>;

const root = join(__dirname, "../../..");
const schemas = jsonSchemaFiles().map(({ path, text }) => ({
  folder: path.slice(0, path.lastIndexOf("/")),
  schema: JSON.parse(text) as Schema,
}));
const validators = new Map<string, ValidateFunction>(
  schemas.map(({ folder, schema }) => [folder, new Ajv({ allErrors: true }).compile(schema)]),
);

/** What an editor would underline, each as the place and the complaint. */
function complaints(folder: string, value: unknown): readonly string[] {
  const validate = validators.get(folder)!;
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

function shipped(folder: string, id: string): unknown {
  return parse(readFileSync(join(root, folder, `${id}.yaml`), "utf8"));
}

const files = schemas.flatMap(({ folder }) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => [folder, name.slice(0, -".yaml".length)] as const),
);

const bugs = "scenarios/bugs";
const bug = { title: "t", reported: { text: "t" }, variants: { reported: { shows: { result: "failed" } } } };

describe("the JSON Schemas of input files", () => {
  it.each(files)("accept %s/%s.yaml", (folder, id) => {
    expect(complaints(folder, shipped(folder, id))).toEqual([]);
  });

  it.each([
    ["an unknown key", "topologies", "server-nat", { nodes: { router: { portforwards: [] } } }, "/nodes/router"],
    ["an unknown role", "topologies", "server-nat", { nodes: { router: { role: "bridge" } } }, "/nodes/router"],
    ["a key that is missing", "topologies", "server-nat", { dial: null }, " must have required property 'dial'"],
    ["a port that is none", "topologies", "server-nat-helper", { nodes: { router: { helper: [70000] } } }, "/helper/0"],
    ["an id that is none", "topologies", "server-nat", { nodes: { Router: { role: "router" } } }, "/nodes"],
    ["unknown software", "topologies/servers", "tls-optional", { software: "wu-ftpd" }, "/software"],
    ["an unknown word", "topologies/servers", "tls-optional", { tls: { options: ["NoSuchOption"] } }, "/tls/options/0"],
    ["an unknown axis", "scenarios", "smoke", { include: [{ network: "direct" }] }, "/include/0"],
    ["an unknown stage", "scenarios", "smoke", { expect: [{ stage: "logon" }] }, "/expect/0/stage"],
    ["a glob that takes too long", "scenarios", "smoke", { include: [{ mode: "*".repeat(13) }] }, "/include/0/mode"],
    ["an unknown remedy", bugs, "br-01-ccc", { variants: { fixed: { remedy: "pray" } } }, "/variants/fixed/remedy"],
    ["a result that is none", bugs, "br-01-ccc", { variants: { fixed: { shows: { result: "ok" } } } }, "/shows/result"],
  ])("refuse %s (%s/%s.yaml)", (_, folder, id, change, complaint) => {
    expect(complaints(folder, mergePatch(shipped(folder, id), change)).join("\n")).toContain(complaint);
  });

  it.each([
    [{ network: { from: "server-nat", nodes: { router: { gateway: "192.0.2.1" } } } }],
    [{ network: { from: "server-nat", links: { lan: { "delay-ms": 100 } } } }],
    [{ server: { from: "tls-optional", tls: { required: "on" } } }],
    [{ session: ["list", { download: ["1 MiB", 3] }, { pause: "2 s" }], client: { id: "curl", command: ["curl"] } }],
  ])("accept a report that changes no more than %j", (setup) => {
    expect(complaints(bugs, { ...bug, ...setup })).toEqual([]);
  });

  it.each([
    [{ network: { nodes: { router: { gateway: 1 } } } }, "/network/nodes/router/gateway"],
    [{ network: { links: { lan: { delay: 100 } } } }, "/network/links/lan"],
    [{ server: { tls: { need: "on" } } }, "/server/tls"],
    [{ session: { fetch: 3 } }, "/session"],
    [{ client: { programme: "curl" } }, "/client"],
  ])("refuse a report that changes %j", (setup, place) => {
    expect(complaints(bugs, { ...bug, ...setup }).join("\n")).toContain(place);
  });
});

describe.each(schemas)("the JSON Schema of $folder", ({ schema }) => {
  it("explains every key, in words that editors show", () => {
    const keys = offeredKeys(schema);
    expect(keys.length).toBeGreaterThan(5);
    for (const [key, offered] of keys) {
      // Completion reads what stands here; hovering reads what stands deepest.
      expect([key, descriptionsOf(schema, offered)]).toEqual([key, [expect.any(String)]]);
    }
  });
});

/** Every key that a schema offers, with its own schema, however deep. */
function offeredKeys(value: unknown): readonly (readonly [string, Schema])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const own = name === "properties" ? Object.entries(part as Readonly<Record<string, Schema>>) : [];
    return [...own, ...offeredKeys(part)];
  });
}

/** What a key's schema, and the definitions that it is made of, say of it. */
function descriptionsOf(schema: Schema, part: Schema): readonly unknown[] {
  const definitions = schema["definitions"] as Readonly<Record<string, Schema>>;
  const parts = part["$ref"] === undefined ? ((part["allOf"] ?? []) as readonly Schema[]) : [part];
  const referred = parts.map(({ $ref }) => definitions[String($ref).replace("#/definitions/", "")]!);
  return [part, ...referred].flatMap(({ description }) => description ?? []);
}
