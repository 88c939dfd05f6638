/** A piece of evidence that a verdict rests on, in the words of whoever saw it. */
export type Proof = {
  /** `client`, `server`, or a router's id. */
  readonly witness: string;
  readonly text: string;
};
