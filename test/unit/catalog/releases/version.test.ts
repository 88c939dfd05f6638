import { isOlder } from "../../../../harness/catalog/releases/version";

const ascending = ["1.3.7a", "1.3.8", "1.3.8c", "1.3.9d", "1.3.9e", "7.88.1", "8.0.0", "8.1.0", "8.14.1", "8.17.0"];

it("puts versions in the order in which they were made", () => {
  for (const [index, version] of ascending.entries()) {
    expect(ascending.filter((other) => isOlder(other, version))).toEqual(ascending.slice(0, index));
  }
});

it("takes a part that is missing for the first", () => {
  expect(isOlder("1.21", "1.21.3")).toBe(true);
  expect(isOlder("8.0", "8.0.0")).toBe(false);
});
