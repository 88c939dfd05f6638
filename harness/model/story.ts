/** A cell told for people: what a report shows of it where its recording is not at hand. */
import type { StageSpan } from "./cell";
import type { Finding, PrintedRemedy, Proof } from "./diagnosis";
import type { Lane } from "./timeline";

/** One step of a sequence diagram. Texts may be foreign and are cut, not escaped. */
export type StoryStep = {
  /** Ms since the session's start. */
  readonly atMs: number;
  readonly kind: "stage" | "line" | "packet" | "rule" | "expectation" | "remark";
  /** The node that it starts at. */
  readonly from: string;
  /** The node that it came to; the same where it stays. */
  readonly to: string;
  readonly text: string;
  /** A packet of a data connection. */
  readonly isData?: true | undefined;
  /** A line that TLS hid from the routers. */
  readonly hidden?: true | undefined;
  /** It ended at `to`, short of where it should have gone; of a stage, that it failed. */
  readonly failed?: true | undefined;
  /** What a router made of it on the way, in the order of the way. */
  readonly changes?: readonly { readonly node: string; readonly text: string }[] | undefined;
};

/** What was seen of one cell, and why it is so: it stands for all cells that came to the same in the same way. */
export type Example = {
  /** The cell's id. */
  readonly cell: string;
  /** 1-based. */
  readonly repeat: number;
  /** Root first; empty if it worked. */
  readonly findings: readonly (Pick<Finding, "confidence" | "explanation"> & {
    readonly cause: string;
    readonly remedies: readonly Omit<PrintedRemedy, "id">[];
  })[];
  /** Where it broke first, in a sentence; `null` if unknown, left out in reports of schema 1.2. */
  readonly broke?: string | null | undefined;
  readonly whyItWorked: string | null;
  /** The decisive lines, each with its witness. */
  readonly seen: readonly Proof[];
  readonly stages: readonly StageSpan[];
  /** From client to server. */
  readonly lanes: readonly Lane[];
  readonly steps: readonly StoryStep[];
  /** Collectors that failed and what the steps cannot show. */
  readonly notes: readonly string[];
};
