import type { Topology } from "../../model/topology";

/** What can be true of any network: `+id` after a topology's id. One file each in this folder. */
export type Condition = {
  readonly id: string;
  /** A line. */
  readonly title: string;
  /** What is so in such a network, and which real ones are. */
  readonly description: string;
  /** What it is about; two conditions about the same thing exclude each other. */
  readonly about: string;
  /**
   * The network in which it is true, with the same id, or why it has no meaning there. Rules, wires, addresses and prediction see
   * nothing but the changed network, and so does what the kernel needs for it (`plan/needs.ts`).
   */
  readonly apply: (topology: Topology) => Topology | Inapplicable;
};

/** `problem`: a clause that goes on after the topology's id, as in "has no router". */
export type Inapplicable = { readonly problem: string };

/** Whether a condition could be applied. */
export function isApplicable(applied: Topology | Inapplicable): applied is Topology {
  return !("problem" in applied);
}
