import type { Party, PrintedRemedy } from "../../model/diagnosis";
import type { Setup } from "../../plan/setup";
import type { Observations } from "../observations";

/** What one party can do about a cause. The lab applies the same lines that people are told to paste. */
export type Remedy = {
  /** A contract: reports name remedies by it. */
  readonly id: string;
  readonly party: Party;
  /** It gives up encryption, of commands or of more, that the session has or should have. */
  readonly exposes?: true;
  /** One sentence. */
  readonly what: (seen: Observations) => string;
  /**
   * To be pasted: lines of shell, of the server's configuration, of the client's use. A line `# on NODE` or `# in ...` says where the next
   * ones belong, where that is not one place. Empty if the remedy would not cure what was seen: then it is not printed.
   */
  readonly lines: (seen: Observations) => readonly string[];
  /** The set-up with it; `null` if no topology, server profile or cell says what it changes. */
  readonly apply: (setup: Setup) => Setup | null;
};

/** Of remedies that the lab has no key for. */
export const notInLab = (): null => null;

/** First what the user at hand can do, then what others can, and last what gives up encryption. */
export function inOrder(remedies: readonly Remedy[]): readonly Remedy[] {
  const rank = ({ exposes, party }: Remedy): number => (exposes === true ? 2 : party === "user" ? 0 : 1);
  return remedies.toSorted((one, other) => rank(one) - rank(other));
}

/** A remedy, and what is printed of it. */
export type Offer = { readonly remedy: Remedy; readonly printed: PrintedRemedy };

/** Those that would cure what was seen, best first. */
export function offersFor(remedies: readonly Remedy[], seen: Observations): readonly Offer[] {
  const offers = inOrder(remedies).flatMap((remedy) => {
    const lines = remedy.lines(seen);
    const { id, party } = remedy;
    return lines.length === 0 ? [] : [{ remedy, printed: { id, party, what: remedy.what(seen), lines } }];
  });
  // A remedy that the client at hand cannot carry out comes after those that somebody can.
  const rank = ({ remedy, printed }: Offer): number => (remedy.exposes === true ? 2 : isRemark(printed) ? 1 : 0);
  return offers.toSorted((one, other) => rank(one) - rank(other));
}

/** Nothing of it can be pasted. */
function isRemark({ lines }: PrintedRemedy): boolean {
  return lines.every((line) => /^(?:\/\/|#)/.test(line));
}
