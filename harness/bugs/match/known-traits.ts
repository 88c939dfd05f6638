import { resolveClient } from "../../catalog/clients/registry";
import type { ForeignAddressPolicy } from "../../model/agent-protocol";
import { stages, type DataCommand, type Mode, type Operation, type Result, type Stage } from "../../model/axes";
import type { Symptom } from "../../model/symptom";
import { notUnderstood } from "../logs/unreadable";
import { kindOf, type AddressKind, type KnownCell } from "./table";

/** Another session of the same user in the same place, and whether it worked. */
export type OtherSession = {
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  /** Whether it was tried beside the server, with no router in between. */
  readonly inside: boolean;
  readonly worked: boolean;
  /** Where the log has it; left out where somebody said so. */
  readonly line?: number;
};

/** The network in which nothing stands between client and server. */
export const insideTopology = "direct";

/** Other sessions in the log, if they worked. A failed one may have failed for another reason. */
export function sessionsBeside({ mode, data, beside }: Symptom): readonly OtherSession[] {
  return beside
    .filter((session) => session.result === "worked" && session.data !== null)
    .filter((session) => session.mode !== mode || session.data !== data)
    .map((session) => ({ mode: session.mode, data: session.data, inside: false, worked: true, line: session.line }));
}

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
  /** Behaviour that no network and no server of the catalog has: a line is taken out, PASV is refused, granted TLS ends. */
  readonly isForeign: boolean;
  readonly others: readonly OtherSession[];
};

/** What a symptom says that cells can be compared by. */
export function cluesOf(symptom: Symptom, others: readonly OtherSession[] = []): Clues {
  const { mode, data, operation, result, stage, announced, dialled } = symptom;
  // A data connection that was made was not made to a wrong address.
  const mayMatter = stage === null || stages.indexOf(stage) <= stages.indexOf("data-connect");
  const address = data === "pasv" && mayMatter ? (announced?.address ?? null) : null;
  const kind = address === null ? null : kindOf(address, dialled);
  return {
    mode,
    data,
    operation,
    result: result === "worked" ? "worked" : "failed",
    stage,
    announced: symptom.hidesPrivateAddress ? "private" : kind,
    policy: policyOf(symptom, kind),
    isForeign: isForeign(symptom),
    others,
  };
}

function isForeign({ stage, replyCode, data, lines, message }: Symptom): boolean {
  // Every client of the lab can read the replies of its servers.
  if (stage === "data-command" && notUnderstood.test(message ?? "")) return true;
  if (stage === "auth-tls") return lines.some(({ direction, text }) => direction === "<" && text.startsWith("234"));
  if (stage !== "data-command") return false;
  const last = lines.findLast(({ direction }) => direction !== "*");
  return replyCode === null ? last?.direction === ">" : data === "pasv";
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
    !clues.isForeign &&
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
  return ({ cell }, { mode, data, inside }) => {
    const parts = [
      inside ? insideTopology : cell.topology,
      cell.server,
      cell.client,
      mode ?? cell.mode,
      data ?? cell.data,
      cell.operation,
    ];
    return byId(cells).get(parts.join("/")) ?? null;
  };
}

const byIds = new WeakMap<readonly KnownCell[], ReadonlyMap<string, KnownCell>>();

/** Made when the first sibling is asked for, and once for each list of cells. */
function byId(cells: readonly KnownCell[]): ReadonlyMap<string, KnownCell> {
  const found = byIds.get(cells) ?? new Map(cells.map((known) => [known.cell.id, known]));
  byIds.set(cells, found);
  return found;
}

/** Whether a cell's siblings ended as the user's other sessions did. */
export function agrees(cell: KnownCell, others: readonly OtherSession[], siblings: Siblings): boolean {
  return others.every((other) => {
    const sibling = siblings(cell, other);
    return sibling === null ? other.inside || !other.worked : (sibling.expected.result === "worked") === other.worked;
  });
}
