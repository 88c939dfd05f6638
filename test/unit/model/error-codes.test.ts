import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodes } from "../../../harness/model/error-codes";

/** The sources without the table itself; that a thrown code stands in it is the compiler's to check. */
const sources = ["harness", "reports"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith("error-codes.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8")),
);

test.each(Object.entries(errorCodes))("the code `%s` is thrown somewhere, and has a sentence", (code, meaning) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(sources.some((text) => text.includes(`"${code}"`))).toBe(true);
  expect(meaning).toMatch(/^[A-Z`].*\.$/);
});
