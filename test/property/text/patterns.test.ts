import fc from "fast-check";
import { editDistance } from "../../../harness/text/nearest";
import { cellGlobMatches, globMatches, matchPatterns } from "../../../harness/text/patterns";

const word = fc.string({ unit: fc.constantFrom(...Array.from("ab/-")), maxLength: 8 });
const glob = fc.string({ unit: fc.constantFrom(...Array.from("ab/-*")), maxLength: 8 });
const ids = fc.uniqueArray(fc.string({ unit: fc.constantFrom(...Array.from("ab-")), minLength: 1, maxLength: 4 }), {
  maxLength: 8,
});
const patterns = fc.array(
  fc.tuple(fc.constantFrom("", "!"), glob).map(([mark, text]) => mark + text),
  { maxLength: 4 },
);

describe("globs", () => {
  it("match what the regular expression of the same meaning matches", () => {
    fc.assert(
      fc.property(glob, word, (pattern, text) => {
        const anything = new RegExp(`^${pattern.replace(/\*+/g, ".*")}$`);
        expect(globMatches(pattern, text)).toBe(anything.test(text));
        const withinParts = pattern.replace(/\*+/g, (stars) => (stars.length > 1 ? ".*" : "[^/]*"));
        expect(cellGlobMatches(pattern, text)).toBe(new RegExp(`^${withinParts}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("patterns", () => {
  it("select some of the ids, in their order", () => {
    fc.assert(
      fc.property(patterns, ids, (given, all) => {
        const selected = new Set(matchPatterns(given, all).ids);
        expect(matchPatterns(given, all).ids).toEqual(all.filter((id) => selected.has(id)));
      }),
    );
  });

  it("select together what each selects, less what any excludes", () => {
    fc.assert(
      fc.property(patterns, ids, (given, all) => {
        const includes = given.filter((pattern) => !pattern.startsWith("!"));
        const excludes = given.filter((pattern) => pattern.startsWith("!"));
        const anyOf = (id: string, some: readonly string[]) =>
          some.some((pattern) => globMatches(pattern.replace(/^!/, ""), id));
        const expected = all.filter((id) => (includes.length === 0 || anyOf(id, includes)) && !anyOf(id, excludes));
        expect(matchPatterns(given, all).ids).toEqual(expected);
      }),
    );
  });
});

describe("the distance of two words", () => {
  it("is 0 only between equal words, the same both ways, and no more than the longer word's length", () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const distance = editDistance(one, other);
        expect(distance === 0).toBe(one === other);
        expect(distance).toBe(editDistance(other, one));
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
      }),
    );
  });
});
