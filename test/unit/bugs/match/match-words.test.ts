import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { caseIn } from "../../../support/read-case";

/** What programs say when a session fails, from their own sources and manuals, and what an expert could tell from that alone. */
type Words = {
  readonly text: string;
  /** Best first; empty where the words fit many causes, and may name none. */
  readonly causes: readonly string[];
  /** The program, then where in its source or manual. */
  readonly source: string;
  /** The reader does not know these words yet: it may say anything but a false name. */
  readonly open?: true;
};

const folder = "test/fixtures/words";

describe.each(readdirSync(folder))("%s", (name) => {
  const words = parse(readFileSync(`${folder}/${name}`, "utf8")) as readonly Words[];

  test.each(words)("$source: $text", ({ text, causes, open }) => {
    const candidates = caseIn([text])?.candidates ?? [];
    const named = candidates.filter(({ confidence }) => confidence === "shown").map(({ cause }) => cause);
    expect(named.filter((cause) => !causes.includes(cause))).toEqual([]);
    if (causes.length > 0 && open !== true) expect(causes).toContain(candidates[0]?.cause);
  });
});
