import { resolveClient } from "../clients/registry";
import type { ForeignAddressPolicy } from "../model/agent-protocol";
import type { DataCommand, Mode, Operation, Result, Stage } from "../model/axes";
import type { Symptom } from "../model/symptom";
import { kindOf, type AddressKind, type KnownCell } from "./table";

/** Another session of the same user in the same place, and whether it worked. */
export type OtherSession = {
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  /** Whether it was tried beside the server, with no router in between. */
  readonly inside: boolean;
  readonly worked: boolean;
};

/** The network in which nothing stands between client and server. */
export const insideTopology = "direct";

/** What is known of a session that fails; `null` where it is not known. */
export type Clues = {
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  readonly operation: Operation | null;
  readonly result: Extract<Result, "worked" | "failed">;
  readonly stage: Stage | null;
  readonly announced: AddressKind | null;
  /** What the client does with the address in 227. */
  readonly policy: ForeignAddressPolicy | null;
  readonly others: readonly OtherSession[];
};

/** What a symptom says that cells can be compared by. */
export function cluesOf(symptom: Symptom, others: readonly OtherSession[] = []): Clues {
  const { mode, data, operation, result, stage, announced, dialled } = symptom;
  const address = data === "pasv" ? (announced?.address ?? null) : null;
  const kind = address === null ? null : kindOf(address, dialled);
  return {
    mode,
    data,
    operation,
    result,
    stage,
    announced: symptom.hidesPrivateAddress ? "private" : kind,
    policy: policyOf(symptom, kind),
    others,
  };
}

/** What the client was seen to do with the address in 227, else what its kind does by default. */
function policyOf(
  { announced, client, hidesPrivateAddress, lines }: Symptom,
  kind: AddressKind | null,
): ForeignAddressPolicy | null {
  if (hidesPrivateAddress) return "replace-private";
  const address = announced?.address ?? null;
  if (kind === null || kind === "dialled" || address === null) return null;
  const since = lines.findLastIndex(({ direction, text }) => direction === "<" && text.startsWith("227"));
  const dials = lines.slice(since + 1).some(({ direction, text }) => direction === "*" && text.includes(address));
  if (dials) return "trust";
  return client === null ? null : (resolveClient(client)?.options.foreignAddress ?? null);
}

/** Whether a cell shows what the clues say of the session itself. */
export function shows({ cell, expected, announced }: KnownCell, clues: Clues): boolean {
  const policy = clues.policy === null ? null : resolveClient(cell.client)?.options.foreignAddress;
  return (
    policy === clues.policy &&
    (clues.mode === null || cell.mode === clues.mode) &&
    (clues.data === null || cell.data === clues.data) &&
    expected.result === clues.result &&
    (clues.stage === null || expected.stage === clues.stage) &&
    (clues.announced === null || announced === null || announced === clues.announced)
  );
}

/** Finds a cell's siblings: the same client and server, otherwise protected or arranged, or beside the server. */
export type Siblings = (cell: KnownCell, other: Pick<OtherSession, "mode" | "data" | "inside">) => KnownCell | null;

/** Siblings by topology, server and client. */
export function siblingsIn(cells: readonly KnownCell[], insideTopology: string): Siblings {
  const byId = new Map(cells.map((known) => [known.cell.id, known]));
  return ({ cell }, { mode, data, inside }) => {
    const parts = [
      inside ? insideTopology : cell.topology,
      cell.server,
      cell.client,
      mode ?? cell.mode,
      data ?? cell.data,
      cell.operation,
    ];
    return byId.get(parts.join("/")) ?? null;
  };
}

/** Whether a cell's siblings did what the user's other sessions did; one that the network has no place for says nothing. */
export function agrees(cell: KnownCell, others: readonly OtherSession[], siblings: Siblings): boolean {
  return others.every((other) => {
    const sibling = siblings(cell, other);
    return sibling === null || (sibling.expected.result === "worked") === other.worked;
  });
}
