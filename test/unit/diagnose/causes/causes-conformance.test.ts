/** The same questions for every cause: whether a new one is complete. */
import { causes } from "../../../../harness/diagnose/causes/registry";
import { causeIds } from "../../../../harness/model/ids";
import { missingFiles, unnamed } from "../../../support/missing-files";

describe.each(causes)("$id", ({ id, title, looksLike, why }) => {
  it("has all files that belong to a cause", () => {
    expect([
      ...missingFiles({ [`harness/diagnose/causes/${id}.ts`]: "a cause's id is its file's name" }),
      ...unnamed([`"${id}"`], "test/unit", `a test has to show evidence that is recognised as ${id}`),
    ]).toEqual([]);
  });

  it("says in sentences what it is, how it shows and why it is so", () => {
    for (const text of [title, looksLike, why]) expect(text).toMatch(/^\S[^\n]*\.$/);
  });
});

it("are recognised in the order of their ids, each once", () => {
  expect([...causes.map(({ id }) => id), "unknown"]).toEqual(causeIds);
});
