import { causes } from "../../diagnose/causes/registry";
import { isPassive } from "../../model/axes";
import { cellId } from "../../model/cells";
import type { Cell } from "../../model/cell";
import type { CauseId } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import type { MatchedCause } from "../../model/match";
import type { Symptom } from "../../model/symptom";
import { clues } from "../clues/all";
import type { Reading, Weight } from "../clues/clue";
import { firewallClues } from "../clues/firewalls";
import { workedBefore } from "../clues/earlier";
import { endingLines } from "../clues/endings";
import { isTransferRefused, nothingAround, sceneOf, type Scene, type Surroundings } from "../clues/scene";
import { kinOf, onePerTopology, type KnownKin } from "./kin";
import { agrees, cluesOf, shows, type OtherSession, type Siblings } from "./known-traits";
import type { KnownCell } from "./table";

/** A cause that would explain a symptom. */
export type Candidate = Omit<MatchedCause, "cells" | "cures"> & {
  /** Known cells that show the same and fail from it, one for each topology. */
  readonly cells: readonly KnownCell[];
};

const weights: Readonly<Record<Weight, number>> = { names: 100, hints: 60, speaks: 30, allows: 10, denies: -120 };

/** What the likeliest of the causes counts that known cells show; more where they were also compared by what else works. */
const cellsWeight = 15;
const comparedWeight = 60;

/** What a cause loses if networks for it are known, and none of them agrees with the other sessions. */
const contradicted = -40;

/** Causes that would explain a symptom, the likeliest first: causes that lines name, causes that lines speak for, causes that known networks show. */
export function candidatesOf(
  symptom: Symptom,
  cells: readonly KnownCell[],
  siblings: Siblings,
  told: readonly OtherSession[] = [],
  around: Surroundings = nothingAround,
): readonly Candidate[] {
  const others = [...told, ...around.said];
  if (symptom.result === "worked") return [];
  const scene = sceneOf(symptom, around, others);
  const read = clues.map((clue) => ({ clue, found: clue(scene) }));
  const readings = read.flatMap(({ found }) => found);
  // Where the dialogue is cut off, a kernel or a firewall may tell what failed, or words around it.
  const isTold =
    symptom.result === "failed" ||
    read.some(({ clue, found }) => found.length > 0 && firewallClues.includes(clue)) ||
    readings.some(({ votes }) => Object.values(votes).includes("hints"));
  // Where a log does not tell where it stopped, every cell shows the same.
  const isPasted = [symptom.lines, symptom.facts ?? [], around.unread].some((part) => part.length > 0);
  const fitting =
    isPasted && (symptom.stage === null || isTransferRefused(scene))
      ? new Map<string, readonly KnownCell[]>()
      : fittingCells(symptom, cells, siblings, others);
  const showsTls =
    !isPasted ||
    (symptom.mode !== null && symptom.mode !== "ftp") ||
    (symptom.mode === null && [...scene.lines, ...scene.unread].some(({ text }) => tls.test(text)));
  // In a known cell every transfer fails. A session in which some transfers worked differs from it.
  const isFirst = workedBefore(scene).length === 0;
  const inNetworks = kinOf(cells).causes;
  const most = Math.max(...[...fitting.values()].map(weightOf), 1);
  const isHinted = (id: CauseId): boolean =>
    readings.some(({ votes }) => votes[id] === "names" || votes[id] === "hints");
  return (
    causes
      .filter(({ id }) => showsTls || !ofTls.includes(id) || isHinted(id))
      .map(({ id, title }) => {
        const own = readings.filter(({ votes }) => votes[id] !== undefined);
        const fits = fitting.get(id) ?? [];
        const said = own.reduce((sum, { votes }) => sum + weights[votes[id] ?? "allows"], 0);
        const share = weightOf(fits) / most;
        const isContradicted = others.length > 0 && fits.length === 0 && fitting.size > 0 && inNetworks.has(id);
        const weight =
          said +
          (isFirst ? 1 : 0) * share * (others.length > 0 ? comparedWeight : cellsWeight) +
          (isContradicted ? contradicted : 0);
        const speaking = own.filter(({ votes }) => votes[id] !== "denies");
        const candidate: Candidate = {
          cause: id,
          title,
          // If one line names a cause and another rules it out, the cause is not shown.
          confidence:
            own.some(({ votes }) => votes[id] === "names") && speaking.length === own.length
              ? "shown"
              : isFirst && fits.length > 0
                ? "fits"
                : "possible",
          ground:
            speaking.some(({ votes }) => votes[id] !== "allows") ||
            (fits.length > 0 && (speaking.length > 0 || !isPasted))
              ? "speaks"
              : "allows",
          because: reasonsFor(id, speaking, scene),
          cells: fits,
        };
        return { candidate, weight };
      })
      .filter(({ candidate, weight }) => weight > 0 && (isTold || candidate.confidence === "shown"))
      // What lines name comes before what they make likely.
      .toSorted(
        (one, other) =>
          Number(other.candidate.confidence === "shown") - Number(one.candidate.confidence === "shown") ||
          other.weight - one.weight,
      )
      .map(({ candidate, weight }, _index, [likeliest]) =>
        weight * 2 > (likeliest?.weight ?? 0) ? candidate : { ...candidate, ground: "allows" },
      )
  );
}

const ranks: readonly Weight[] = ["names", "hints", "speaks", "allows"];

/** The lines that speak for a cause, the strongest first; where only known cells do, those at which the session stopped. */
function reasonsFor(cause: CauseId, readings: readonly Reading[], scene: Scene): Candidate["because"] {
  const strongest = readings.toSorted(
    (one, other) => ranks.indexOf(one.votes[cause] ?? "allows") - ranks.indexOf(other.votes[cause] ?? "allows"),
  );
  if (strongest.length > 0) return eachLineOnce(strongest);
  const lines = endingLines(scene);
  return lines.length === 0 ? [] : [{ meaning: "sessions that fail from this cause end so in known networks", lines }];
}

/** A weaker reading of a quoted line is no further reason. */
function eachLineOnce(readings: readonly Reading[]): Candidate["because"] {
  const quoted = new Set<string>();
  const said = new Set<string>();
  return readings.flatMap(({ meaning, lines }) => {
    const places = lines.map(({ line, paste = 0 }) => `${paste}/${line}`);
    if (said.has(meaning) || places.every((place) => quoted.has(place))) return [];
    said.add(meaning);
    for (const place of places) quoted.add(place);
    return [{ meaning, lines }];
  });
}

/** Cells that show the same, one for each topology, by the cause that they fail from. */
function fittingCells(
  symptom: Symptom,
  cells: readonly KnownCell[],
  siblings: Siblings,
  others: readonly OtherSession[],
): ReadonlyMap<string, readonly KnownCell[]> {
  if (symptom.result !== "failed") return new Map();
  const traits = cluesOf(symptom, others);
  // Where a paste shows no TLS, what TLS hides is no explanation of it.
  const isClear =
    symptom.mode === null && symptom.lines.length > 0 && !symptom.lines.some(({ text }) => tls.test(text));
  // The refused command is no data command.
  if (symptom.stage === "data-command" && symptom.lines.length > 0 && symptom.data === null) return new Map();
  const fitting = new Map<CauseId, KnownKin[]>();
  for (const kin of kinOf(cells).failing) {
    const { cell } = kin.likeness;
    if (isClear && cell.mode !== "ftp") continue;
    if (symptom.data === null && symptom.dataDialled !== null && !isPassive(cell.data)) continue;
    if (!shows(kin.likeness, traits)) continue;
    const same = fitting.get(kin.cause);
    if (same === undefined) fitting.set(kin.cause, [kin]);
    else same.push(kin);
  }
  const agreeing = [...fitting].map(([cause, kins]) => {
    const known =
      others.length === 0 ? kins.flatMap(({ speakers }) => speakers) : kins.flatMap(({ members }) => members);
    return [cause, onePerTopology(known.filter((one) => agrees(one.known, others, siblings)))] as const;
  });
  return new Map(
    agreeing.filter(([, fits]) => fits.length > 0).map(([cause, fits]) => [cause, fits.map(({ known }) => known)]),
  );
}

/** What happens under TLS alone. */
const ofTls: readonly CauseId[] = [
  ...(["helper-blind-to-tls", "helper-missed-first-line-after-ccc", "tls-session-not-reused"] as const),
  ...(["data-tls-broken-off", "data-tls-too-early", "client-does-not-begin-data-tls"] as const),
];
const tls = /TLS|SSL|\bAUTH\b|\bPROT\b|certificat|handshake/i;

/** Rare set-ups count for less: the catalog may have more of them than the world. */
function weightOf(cells: readonly KnownCell[]): number {
  return cells.reduce((sum, { isUsual }) => sum + (isUsual ? 1 : 0.2), 0);
}

/** What the agent's own clients remark, in their words: where they are connected to, and where they dialled. */
function remarksOf(symptom: Symptom): readonly string[] {
  const { dialled, announced } = symptom;
  const named = announced?.address ?? null;
  return [
    ...(dialled === null ? [] : [`the control connection's peer ${dialled}`]),
    ...(named !== null && cluesOf(symptom).policy === "trust"
      ? [`data connection to ${named} port ${announced?.port ?? 0}`]
      : []),
  ];
}

/** A symptom as the evidence of a session that nobody but its client saw. */
export function evidenceOf(symptom: Symptom): CellEvidence {
  const axes: Omit<Cell, "id"> = {
    topology: "unknown",
    server: "unknown",
    client: symptom.client ?? "unknown",
    mode: symptom.mode ?? "ftp",
    data: symptom.data ?? "pasv",
    operation: symptom.operation ?? "list",
  };
  return {
    schemaVersion: "1.3",
    cell: { id: cellId(axes), ...axes },
    attempt: {
      result: symptom.result === "worked" ? "worked" : "failed",
      stage: symptom.stage,
      message: symptom.message,
      replyCode: symptom.replyCode,
      startedAt: 0,
      durationMs: 0,
      stages: [],
      transcript: [
        ...symptom.lines.map(({ direction, text }) => ({ atMs: 0, direction, text })),
        ...remarksOf(symptom).map((text) => ({ atMs: 0, direction: "*" as const, text })),
      ],
      transfers: [],
      output: [],
      redraws: 0,
    },
    server: null,
    routers: [],
    captures: [],
    missing: (["router", "server-log", "packets"] as const).map((collector) => ({
      collector,
      node: null,
      reason: "nobody but the client is heard",
    })),
  };
}
