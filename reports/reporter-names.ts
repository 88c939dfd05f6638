import { reportFormNames } from "../harness/model/ids";

/** Names that `--reporter` takes. */
export const reporterNames = ["terminal", "github", ...reportFormNames] as const;
export type ReporterName = (typeof reporterNames)[number];

/** What `--help` says of `--reporter`. */
export const reporterHelp = `${reporterNames
  .map((name) => (name === "github" ? "github (annotations and job summary)" : name))
  .join(", ")}; comma-separated (default: all; github only in GitHub Actions)`;
