import type { CauseId, Finding } from "../model/diagnosis";
import type { Explains } from "./explains";
import type { Observations } from "./observations";
import type { Remedy } from "./remedies/remedy";

/** What a cause says of a cell that shows it. */
export type Recognition = Pick<Finding, "confidence" | "explanation" | "proofs"> & {
  /** It would cure the cell too, or is only a part of what is wrong: it is told after every cause that is not so. */
  readonly also?: boolean;
};

/** A reason why FTP fails: how it shows, why it is so, how it is known and what each party can do. */
export type CauseDefinition = {
  readonly id: Exclude<CauseId, "unknown">;
  /** One sentence. */
  readonly title: string;
  /** The symptom, as a user sees it. */
  readonly looksLike: string;
  /** The fact of an RFC, the kernel or a server that it follows from, in plain words. */
  readonly why: string;
  /** Whether it can be the reason of a break; it is not asked about sessions that broke otherwise. */
  readonly explains: Explains;
  /** It lies with the server, the client or their user: where the captures show that every packet arrived, that is told. */
  readonly outsideNetwork?: true;
  /** `null` where the evidence does not point to it. */
  readonly recognise: (observations: Observations) => Recognition | null;
  /** Those that may cure it; `inOrder` says which is told first, and each what it would cure. */
  readonly remedies: readonly Remedy[];
};
