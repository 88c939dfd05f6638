/** A piece of evidence for a verdict, in the words of the witness. */
export type Proof = {
  /** `client`, `server`, or a router's id. */
  readonly witness: string;
  readonly text: string;
};
