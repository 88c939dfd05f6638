/** Keys of the labels on everything that this tool makes on an engine. */
export const labelKeys = {
  owner: "org.ftp-nat-matrix.owner",
  run: "org.ftp-nat-matrix.run",
  topology: "org.ftp-nat-matrix.topology",
  node: "org.ftp-nat-matrix.node",
  role: "org.ftp-nat-matrix.role",
  kept: "org.ftp-nat-matrix.kept",
} as const;

/** Value of the owner label, and the name under which our images are tagged. */
export const ownerName = "ftp-nat-matrix";

/** Filter of the engine's list calls that finds what this tool made. */
export const ownerFilter = `${labelKeys.owner}=${ownerName}`;

/** What a container of the lab is there for. */
export type NodeRole = "client" | "router" | "server" | "translator" | "panel";

/** What a made thing belongs to; all of it is optional, the owner is always written. */
export type Ownership = {
  readonly run?: string | undefined;
  readonly topology?: string | undefined;
  readonly node?: string | undefined;
  readonly role?: NodeRole | undefined;
  /** True for labs that `--keep-lab` leaves behind on purpose; otherwise the label is left out. */
  readonly kept?: boolean | undefined;
};

/** Labels for one container or image. */
export function makeLabels(ownership: Ownership = {}): Record<string, string> {
  const labels: Record<string, string> = { [labelKeys.owner]: ownerName };
  for (const key of ["run", "topology", "node", "role"] as const) {
    const value = ownership[key];
    if (value !== undefined) labels[labelKeys[key]] = value;
  }
  if (ownership.kept === true) labels[labelKeys.kept] = "true";
  return labels;
}
