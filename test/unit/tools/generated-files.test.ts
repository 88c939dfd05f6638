import { join } from "node:path";
import { staleFiles } from "../../../harness/tools/generated-files";
import { jsonSchemaFiles } from "../../../harness/inputs/json-schema";

type Schema = Readonly<Record<string, unknown>>;

/** Every key that a schema offers, with its own schema, however deep. */
function offeredKeys(value: unknown): readonly (readonly [string, Schema])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const own = name === "properties" ? Object.entries(part as Readonly<Record<string, Schema>>) : [];
    return [...own, ...offeredKeys(part)];
  });
}

describe("generated files", () => {
  it("are what `npm run generate` writes", () => {
    expect(staleFiles(join(__dirname, "../../.."))).toEqual([]);
  });

  it.each(jsonSchemaFiles().map(({ path, text }) => [path, text]))("explain every key in %s", (_, text) => {
    const keys = offeredKeys(JSON.parse(text));
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter(([, schema]) => typeof schema["description"] !== "string").map(([key]) => key)).toEqual([]);
  });
});
