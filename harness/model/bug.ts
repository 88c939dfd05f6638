/** Typed form of `scenarios/bugs/<id>.yaml`: a user's report, and the set-ups that show it. */
import type { DataCommand, Mode, Result, Stage } from "./axes";
import type { CauseId } from "./diagnosis";
import type { SessionScript } from "./session-script";
import type { ServerProfile } from "./server-profile";
import type { Topology } from "./topology";

/** How sure the report is about its cause: its thread or a maintainer says so, it is likely, or it is inferred. */
export const confidences = ["established", "likely", "inferred"] as const;
export type Confidence = (typeof confidences)[number];

export type BugScenario = {
  /** File name without `.yaml`. */
  readonly id: string;
  readonly title: string;
  /** The public thread. */
  readonly link: string | null;
  readonly reported: { readonly text: string; readonly stage: Stage | null };
  readonly confidence: Confidence | null;
  /** Something that cannot be had here; what needs it is skipped. */
  readonly needs: string | null;
  /** In the order of the file; the first is `reported`. */
  readonly variants: readonly BugVariant[];
};

/** The set-up of the report, or one that differs from it by a few keys. */
export type BugVariant = {
  readonly id: string;
  /** What is changed, in one sentence; `null` for the reported set-up. */
  readonly change: string | null;
  readonly needs: string | null;
  /** Id of the lab's own remedy that is a part of it; `null` if none is. */
  readonly remedy: string | null;
  readonly setup: BugSetup;
  readonly shows: Shows;
};

export type BugSetup = {
  readonly topology: Topology;
  readonly server: ServerProfile;
  /** Id of a client, with its options. */
  readonly client: string;
  readonly mode: Mode;
  readonly data: DataCommand;
  readonly script: SessionScript;
  /** Sessions; more than one where chance decides. */
  readonly runs: number;
};

/** Inclusive; `null` is no bound. */
export type Bounds = { readonly least: number | null; readonly most: number | null };

/** What a variant must show; `null` if it does not matter. */
export type Shows = {
  readonly result: Result;
  readonly stage: Stage | null;
  readonly cause: CauseId | null;
  readonly reply: number | null;
  /** Texts that stand in what the client printed or said, letters' case and line breaks apart. */
  readonly says: readonly string[];
  /** What the server's disk has of the files that were sent: all of each, with the client's hash; less; no byte of any; no file. */
  readonly stored: "complete" | "partial" | "empty" | "nothing" | null;
  /** Seconds. */
  readonly lasts: Bounds | null;
  /** In how many percent of the runs the result is seen; where it is `null`, in all of them. */
  readonly rate: Bounds | null;
};
