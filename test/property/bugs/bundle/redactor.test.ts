import fc from "fast-check";
import { parse, stringify } from "yaml";
import { isOfTheLab } from "../../../../harness/bugs/bundle/lab-words";
import { Redactor } from "../../../../harness/bugs/bundle/redactor";
import { redactedScenario, textsIn } from "../../../../harness/bugs/bundle/scenario-text";

const word = (letters: string, least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: least, maxLength: most });
const small = "abcdefghijklmnopqrstuvwxyz";
const isOwn = (text: string): boolean => !isOfTheLab(text) && !/^(user|host|secret|removed|example)/.test(text);

/** Names and secrets that a reporter may have, none of them a word of the lab's or a part of a stand-in. */
const persons = fc.record({
  host: fc
    .tuple(word(small, 4, 12), fc.constantFrom("com", "de", "lan"))
    .filter(([name]) => isOwn(name))
    .map((parts) => parts.join(".")),
  user: word(`${small}0123456789`, 6, 12).filter((text) => isOwn(text) && !/^\d+$/.test(text)),
  secret: word(`${small}ABCXYZ0189!$+=~_\\äß`, 8, 20).filter(
    (text) => /[A-Z!$+~_]/.test(text) && !/^[$%#*]/.test(text) && !/[!]$/.test(text),
  ),
  address: fc
    .tuple(fc.integer({ min: 20, max: 90 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((parts) => parts.join(".")),
});
type Person = typeof persons extends fc.Arbitrary<infer T> ? T : never;

const scenarioOf = ({ host, user, secret, address }: Person): string =>
  `# ask ${user} at ${host}\n${stringify({
    title: `${host} hangs for ${user}`,
    reported: {
      text: `Connected to ${host} (${address})\n227 Entering Passive Mode (${address.replaceAll(".", ",")},195,80)\nlogin was ${user}`,
    },
    client: {
      id: "curl",
      command: ["curl", "--user", `${user}:${secret}`, `ftp://${host}/`],
      files: { ".netrc": `machine ${host} login ${user} password ${secret}\n` },
    },
  })}`;

describe("whatever a reporter's names and secrets are", () => {
  it("nothing of them is left in the scenario, in a text or in a value, in any case or escape", () => {
    fc.assert(
      fc.property(persons, (person) => {
        const source = scenarioOf(person);
        const redactor = new Redactor(textsIn(source));
        const lines = [
          `331 Password required for ${person.user}`,
          `PASS ${person.secret}`,
          `dialled ${person.address}`,
        ];
        const texts = [
          redactedScenario(source, redactor),
          redactor.text(JSON.stringify(lines)),
          JSON.stringify(redactor.value({ lines, host: person.host.toUpperCase() })),
        ];
        for (const text of texts) {
          for (const own of [person.host, person.user, person.secret, person.address]) {
            const forms = [own, JSON.stringify(own).slice(1, -1), encodeURIComponent(own), own.replaceAll(".", ",")];
            for (const form of forms) expect(text.toLowerCase()).not.toContain(form.toLowerCase());
          }
          expect(redactor.isIn(Buffer.from(text))).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("the scenario stays YAML of the same shape, and is the same each time", () => {
    fc.assert(
      fc.property(persons, (person) => {
        const source = scenarioOf(person);
        const once = redactedScenario(source, new Redactor(textsIn(source)));
        expect(redactedScenario(source, new Redactor(textsIn(source)))).toBe(once);
        const shape = (value: unknown): unknown =>
          typeof value === "object" && value !== null ? Object.values(value).map(shape) : typeof value;
        expect(shape(parse(once))).toEqual(shape(parse(source)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("any text", () => {
  it("can be asked for what is personal, and redacted again without a change", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 80 }), (one, other) => {
        const redactor = new Redactor([one, `password: ${other}`]);
        const told = redactor.text(`${one} ${other}`);
        expect(redactor.text(told)).toBe(told);
      }),
      { numRuns: 300 },
    );
  });
});
