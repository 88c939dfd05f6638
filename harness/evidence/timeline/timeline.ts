import type { CellEvidence } from "../../model/evidence";
import type { StageEntry, Timeline, TimelineEntry } from "../../model/timeline";
import { bounded } from "./most-telling";
import { connectionsOf } from "./connections";
import { dialogueEntries, remarkEntries } from "./dialogue-entries";
import { packetEntries, untoldAcknowledgements } from "./packet-entries";
import { routerEntries } from "./router-entries";
import { hasClock } from "./clock";
import { lanesOf } from "./vantage";
import { gapTexts } from "../gap-text";

/**
 * Puts what all vantage points saw on one clock. Entries of different collectors that are some ms apart have no order against
 * each other; at the same time, causes come before effects. At most 400 entries.
 */
export function timelineOf(evidence: CellEvidence): Timeline {
  const lanes = lanesOf(evidence);
  const connections = connectionsOf(evidence);
  const packets = packetEntries(evidence, connections);
  const routers = hasClock(evidence) ? evidence.routers.map((router) => routerEntries(evidence, router)) : [];
  const entries: readonly TimelineEntry[] = [
    ...stageEntries(evidence),
    ...dialogueEntries(evidence, packets),
    ...remarkEntries(evidence, lanes[0]?.node ?? "client"),
    ...packets,
    ...routers.flatMap((router) => router.entries),
  ];
  const bare = untoldAcknowledgements(connections);
  const own = entries.filter((entry) => isOwn(evidence, entry));
  const kept = bounded(own.toSorted((one, other) => one.atMs - other.atMs || rankOf(one) - rankOf(other)));
  return {
    lanes,
    startedAt: evidence.attempt.startedAt,
    entries: kept.entries,
    notes: [
      ...gapTexts(evidence.missing),
      ...evidence.captures.flatMap(({ node, link, cut }) =>
        cut === null ? [] : [`packets of ${node}:${link}: ${cut}`],
      ),
      ...(evidence.captures.length === 0 ? ["No packets were captured."] : []),
      ...(hasClock(evidence) ? [] : ["When the session began is not recorded, so only the client's times are known."]),
      ...routers.flatMap(({ notes }) => notes),
      ...(bare === 0 ? [] : [`Acknowledgements without data are not shown: ${bare}.`]),
      ...(own.length === entries.length
        ? []
        : [`Entries of sessions before this one are not shown: ${entries.length - own.length}.`]),
      ...(kept.left === 0 ? [] : [`Entries left out, since a timeline holds no more than 400: ${kept.left}.`]),
    ],
  };
}

/** The client's clock and the kernel's differ by less. */
const clockErrorMs = 50;

/** A cell that is tried again has packets of its first try; those of sessions given up by chance belong to it. */
function isOwn({ attempt: { redraws } }: CellEvidence, { atMs }: TimelineEntry): boolean {
  return redraws > 0 || atMs >= -clockErrorMs;
}

function stageEntries({ attempt }: CellEvidence): readonly StageEntry[] {
  const failed = attempt.stages.findLastIndex(({ stage }) => stage === attempt.stage);
  return attempt.stages.map(({ stage, startMs, endMs }, index) => ({
    kind: "stage",
    atMs: startMs,
    endMs,
    stage,
    failed: index === failed,
  }));
}

function rankOf(entry: TimelineEntry): number {
  switch (entry.kind) {
    case "stage":
      return 0;
    case "line":
      return entry.from === "client" ? 1 : 5;
    case "packet":
      return 2;
    case "decision":
      return 3;
    case "expectation":
      return 4;
    case "remark":
      return 6;
  }
}
