import { Ajv2020 } from "ajv/dist/2020";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { advise } from "../../../harness/diagnose/advise/advise";
import { adviceSchema, adviceSchemaText, adviceVersion } from "../../../reports/advice-schema";
import { needs, question } from "../../support/ask-advice";
import { topologyNamed } from "../../support/inputs";

const file = readFileSync(join(__dirname, "../../../reports/advice.schema.json"), "utf8");

describe("advice.schema.json", () => {
  it("is what the schema in the code makes of it (npm run generate)", () => {
    expect(file).toBe(adviceSchemaText());
  });

  it.each([
    ["server-nat", ["router"]],
    ["server-nat-helper", ["server"]],
  ] as const)("knows every field of an advice for %s", (network, may) => {
    const { advice, proposals } = advise(question(topologyNamed(network), needs(["ftp", "ftps"]), may));
    expect(advice.impossible === null).toBe(proposals.length > 0);
    const told: unknown = JSON.parse(JSON.stringify({ schemaVersion: adviceVersion, ...advice }));
    const accepts = new Ajv2020().compile(JSON.parse(file) as object);
    expect([accepts(told), accepts.errors]).toEqual([true, null]);
    // What the schema does not know is lost when it is parsed.
    expect(adviceSchema.parse(told)).toEqual(told);
    expect(accepts({ ...(told as object), sets: undefined })).toBe(false);
  });
});
