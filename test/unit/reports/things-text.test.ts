import { createColors } from "picocolors";
import { thingsJson, thingsText, type Thing } from "../../../reports/things-text";

const options = { colours: createColors(false), unicode: true, columns: 40 };
const things: readonly Thing[] = [
  { id: "curl", title: "curl of Debian 13", notes: ["+no-check +by-address"], facts: { options: ["no-check"] } },
  { id: "one-whose-id-takes-a-line-of-its-own", title: "It \u001b[31mshouts.", notes: [], facts: {} },
];

describe("thingsText", () => {
  it("puts ids on the left and what they are on the right, in lines that fit", () => {
    expect(thingsText(things.slice(0, 1), options)).toBe("curl  curl of Debian 13 (+no-check\n      +by-address)\n");
  });

  it("gives a long id a line of its own, and a terminal nothing to obey", () => {
    const lines = thingsText(things, options).split("\n");
    expect(lines).toContain("one-whose-id-takes-a-line-of-its-own");
    expect(lines.join("\n")).toContain("\\x1b[31m");
  });
});

it("thingsJson has the things under their kind's name, with their facts", () => {
  expect(JSON.parse(thingsJson("clients", things.slice(0, 1)))).toEqual({
    schemaVersion: "1.0",
    clients: [{ id: "curl", title: "curl of Debian 13", options: ["no-check"] }],
  });
});
