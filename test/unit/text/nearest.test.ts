import { didYouMean, editDistance, harmless, nearest, oneOf, quote } from "../../../harness/text/nearest";

describe("the nearest name", () => {
  const names = ["server-nat", "server-nat-helper", "client-nat", "direct"];

  it.each([
    ["server-nta", "server-nat"],
    ["Direct", "direct"],
    ["drect", "direct"],
    ["server-nat-hleper", "server-nat-helper"],
  ])("to %s is %s", (word, name) => {
    expect(nearest(word, names)).toBe(name);
  });

  it("is the nearer of two, wherever it stands", () => {
    expect(nearest("ftps-ccb", ["ftps-abb", "ftps-ccc", "ftps-aab"])).toBe("ftps-ccc");
  });

  it("is none when the word is nothing like any", () => {
    expect(nearest("proxy", names)).toBeNull();
    expect(didYouMean("proxy", names)).toBe("");
  });

  it("is none for a word longer than any name, without measuring it", () => {
    expect(nearest("d".repeat(1_000_000), names)).toBeNull();
  });
});

describe("the distance of two words", () => {
  it.each([
    ["helper", "helper", 0],
    ["helpr", "helper", 1],
    ["hepler", "helper", 1],
    ["ftp", "", 3],
    ["pasv", "epsv", 2],
  ])("%s to %s is %i", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });
});

describe("a word in a message", () => {
  it("cannot move the cursor, colour the terminal or turn the text around", () => {
    expect(quote("a\u001b[31mb\r\u202ec")).toBe("`a\\u001b[31mb\\u000d\\u202ec`");
  });

  it("is shortened when it is long", () => {
    expect(harmless("x".repeat(100), 10)).toBe(`${"x".repeat(10)}…`);
  });
});

it("a choice is written with commas and a final or", () => {
  expect([oneOf([]), oneOf(["a"]), oneOf(["a", "b"]), oneOf(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a or b",
    "a, b or c",
  ]);
});
