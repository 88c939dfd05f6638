import type { ReleaseId } from "../../model/ids";

/** A release of Debian, and the versions of the programs in it. One file each in this folder. */
export type DebianRelease = {
  /** Debian's name of the suite; an id names it behind `@`. */
  readonly id: ReleaseId;
  readonly title: string;
  /** The slim image of the release that its packages are installed upon. */
  readonly base: `debian:${string}-slim`;
  /** A suite beside the base's own, from which the packages are taken. */
  readonly suite?: string;
  /** Whether its versions change, so that a mirror's lists of it expire. */
  readonly isMoving?: true;
  /** Versions as their makers number them, by Debian's package; of a suite that moves, as they were when this was written. */
  readonly versions: Readonly<Record<string, string>>;
};
