/** Sessions of real labs that server or client ended by their own decision, as `--evidence on` recorded them. */
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { CellEvidence } from "../../harness/model/evidence";

export const decisionRecordings = [
  "227-over-two-lines",
  "229-to-pasv",
  "426-then-again",
  "data-reset",
  "killed-in-handshake",
  "late-226",
  "limit-all-list",
  "limit-write",
  "longest-file",
  "login-denied",
  "max-clients",
  "max-instances",
  "no-client-hello",
  "no-close-notify",
  "no-folder",
  "oops-inside-tls",
  "session-killed",
  "killed-during-feat",
  "killed-inside-tls",
  "slow-pasv",
  "stopped-before-tls",
  "tcp-wrappers",
  "too-many-users",
] as const;
export type DecisionRecording = (typeof decisionRecordings)[number];

export function decisionRecording(name: DecisionRecording): CellEvidence {
  const { evidence, problems } = readRecording(`test/fixtures/recordings/decisions/${name}`);
  if (evidence === null || problems.length > 0) throw new Error(`${name}: ${problems.join(", ")}`);
  return evidence;
}
