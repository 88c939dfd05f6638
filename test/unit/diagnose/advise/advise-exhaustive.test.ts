import { owns } from "../../../../harness/diagnose/advise/ways";
import { answerTo, everyNetwork, questionsFor } from "../../../support/every-advice";

/** `npm run advise:all -- --predict` asks about every network. Others ask about one and PASV, since every subset of the changes is predicted. */
const views = everyNetwork().get("server-nat-helper") ?? [];
const asked = questionsFor(views, "curl").filter(({ data }) => data === "pasv");

describe("advice and an exhaustive search", () => {
  const known = new Map<string, boolean>();

  it.each(asked.map((question) => [question.need, question.by, question] as const))(
    "agree for %s, changed by %s",
    (_need, _by, question) => {
      const { advice, against } = answerTo(question, known);
      expect(against).toEqual([]);
      // Nothing is forwarded to the router that forwards it.
      for (const { lines, name } of advice.sets.flatMap((set) => set.lines)) {
        const targets = lines.flatMap((line) => /--to-destination ([\d.]+)/.exec(line)?.[1] ?? []);
        expect(targets.filter((target) => views.some((view) => owns(view, name, target)))).toEqual([]);
      }
    },
  );
});
