import type { CauseId, Finding } from "../model/diagnosis";
import type { Explains } from "./explains";
import type { Observations } from "./observations";
import type { Remedy } from "./remedies/remedy";

/** What a cause says of a cell that shows it. */
export type Recognition = Pick<Finding, "confidence" | "explanation" | "proofs"> & {
  /** Its cure would cure the cell too, or it is only a part of what is wrong. It is reported after every other cause. */
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
  /** It lies with the server, the client or their user. If the captures show that every packet arrived, the explanation says so. */
  readonly outsideNetwork?: true;
  /** `null` if the evidence does not point to it. */
  readonly recognise: (observations: Observations) => Recognition | null;
  /** Remedies that may cure it; `inOrder` says which comes first, and each says what it would cure. */
  readonly remedies: readonly Remedy[];
};
