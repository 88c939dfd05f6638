import fc from "fast-check";
import { cellKey, firstState, hashOf, stateOf, views } from "../../../../reports/page/state";

describe("the page's address", () => {
  it("says nothing of what is as at first, and is readable", () => {
    expect(hashOf(firstState)).toBe("#");
    expect(hashOf({ ...firstState, query: "t:client-nat m:ftps*", cell: "a/b+c/d", swapped: true })).toBe(
      "#q=t:client-nat%20m:ftps*&swap=1&cell=a/b%2Bc/d",
    );
  });

  it("gives every state back", () => {
    const text = fc.string({ unit: "binary" }).filter((value) => !/\p{Cs}/u.test(value));
    const state = fc.record({
      view: fc.constantFrom(...views),
      query: text,
      swapped: fc.boolean(),
      cell: fc.option(text),
      item: fc.option(text),
    });
    fc.assert(
      fc.property(state, (value) => {
        expect(stateOf(hashOf(value))).toEqual(value);
      }),
    );
  });

  it("takes whatever it does not understand for the first state", () => {
    expect(stateOf("#view=nowhere&swap=2")).toEqual(firstState);
    expect(stateOf("#%")).toEqual(firstState);
    fc.assert(fc.property(fc.string(), (hash) => views.includes(stateOf(hash).view)));
  });

  it("takes a plus in an address for a plus, since ids have some", () => {
    expect(stateOf("#cell=direct/tls-required+expired/x").cell).toBe("direct/tls-required+expired/x");
  });

  it("survives half a surrogate pair", () => {
    expect(stateOf(hashOf({ ...firstState, query: "\ud800" })).query).toBe("\ufffd");
  });
});

describe("cellKey", () => {
  it("tells the runs of a repeated cell apart", () => {
    expect([1, 2].map((repeat) => cellKey({ id: "a/b", repeat }))).toEqual(["a/b", "a/b~2"]);
  });
});
