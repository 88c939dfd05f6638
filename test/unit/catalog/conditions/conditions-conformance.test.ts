/** The same questions for every condition: whether a new one is complete. */
import { applyConditions, conditions } from "../../../../harness/catalog/conditions/registry";
import { isApplicable } from "../../../../harness/catalog/conditions/definition";
import { topologies } from "../../../support/inputs";
import { missingFiles, unnamed } from "../../../support/missing-files";

describe.each(conditions)("$id", ({ id, title, description, about, apply }) => {
  it("has all files that belong to a condition", () => {
    expect([
      ...missingFiles({ [`harness/catalog/conditions/${id}.ts`]: "a condition's id is its file's name" }),
      ...unnamed([id], "scenarios", `a scenario has to show what ${id} does`),
    ]).toEqual([]);
  });

  it("says in a line what it is, and in sentences what is so in such a network", () => {
    expect(title).toMatch(/^\S[^\n]*\S$/);
    expect(description).toMatch(/^[^\n]+\.$/);
    expect(about).toMatch(/^[^\n]*[^.\s]$/);
  });

  it("gives each network its id, or says why it has no meaning there", () => {
    const applied = topologies.map((topology) => ({ topology, changed: apply(topology) }));
    expect(applied.some(({ changed }) => isApplicable(changed))).toBe(true);
    for (const { topology, changed } of applied) {
      const named = applyConditions(topology, [id]);
      if (isApplicable(changed)) expect(named).toMatchObject({ id: `${topology.id}+${id}` });
      else expect(named).toEqual({ problem: `\`${id}\` has no meaning in ${topology.id}, which ${changed.problem}` });
    }
  });
});

it("has an id of its own", () => {
  expect(new Set(conditions.map(({ id }) => id)).size).toBe(conditions.length);
});
