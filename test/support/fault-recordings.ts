/** Sessions of real labs in which one thing was broken, as `--evidence on` recorded them. */
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { CellEvidence } from "../../harness/model/evidence";

export const faultRecordings = [
  "227-eaten",
  "227-in-parts",
  "answers-past-router",
  "auth-reset",
  "mtu-hole",
  "no-route-back",
] as const;
export type FaultRecording = (typeof faultRecordings)[number];

export function faultRecording(name: FaultRecording): CellEvidence {
  const { evidence, problems } = readRecording(`test/fixtures/recordings/faults/${name}`);
  if (evidence === null || problems.length > 0) throw new Error(`${name}: ${problems.join(", ")}`);
  return evidence;
}
