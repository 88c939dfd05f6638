import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import type { Proof } from "../../model/diagnosis";
import { transferVerbs } from "../../ftp/dialogue";
import type { Observations } from "../observations";
import type { WireView } from "../observe/wire";
import { dialogueProof, messageProof } from "../proofs";
import { loggedReply } from "../refusals";
import { answerSooner, logMore } from "../remedies/server";
import { patience } from "../remedies/user";

/** Below that a client has not waited, but given up over something else; in seconds. */
const shortestWait = 1;

export const serverSlow: CauseDefinition = {
  id: "server-slow",
  title: "The server answers later than the client waits.",
  looksLike: "A time-out at the greeting or after a command; with a longer time-out the same session works.",
  why:
    "Servers look up names and idents before they greet, delay logins on purpose, or are busy. Each client has its " +
    "own time-out, so an answer can be late for one client and in time for another. Evidence is a late answer on " +
    "record, or a server that had received the command and was silent.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const { wire } = seen;
    if (!wire?.control || seen.replyCode !== null) return null;
    const wait = waitOn(seen, wire) ?? waitForEnd(seen, wire);
    if (wait === null) return null;
    const { awaited, seconds, lateBy } = wait;
    const waited =
      awaited !== null ? `The reply to ${awaited.verb}` : wait.isHandshake ? "The server's TLS hello" : "The greeting";
    const arrived =
      awaited !== null
        ? wait.isEnd
          ? "the data connection had ended"
          : "the command had arrived"
        : wait.isHandshake
          ? "the client's had arrived"
          : "the connection was open";
    const told =
      lateBy === null
        ? `${waited} did not leave the server within the ${seconds.toFixed(1)} s that the client waited, though ${arrived}.`
        : `${waited} left the server ${lateBy.toFixed(1)} s after the client had given up, which had waited ${seconds.toFixed(1)} s.`;
    return {
      confidence: lateBy === null ? "likely" : "shown",
      explanation: told,
      proofs: [...dialogueProof(awaited), ...messageProof(seen), ...lateProof(lateBy)],
    };
  },
  remedies: [patience, answerSooner, logMore],
};

type Wait = {
  /** The command; `null`: the greeting, or what comes before it. */
  readonly awaited: Observations["dialogue"]["exchanges"][number] | null;
  /** With implicit TLS: the server's part of the handshake. */
  readonly isHandshake: boolean;
  /** The last reply to a transfer whose data connection had ended. */
  readonly isEnd?: true;
  readonly seconds: number;
  /** Seconds from the client's end to the answer; `null` if none was seen. */
  readonly lateBy: number | null;
};

/** What the client waited for when it gave up, while it was the server's turn. */
function waitOn(seen: Observations, wire: WireView): Wait | null {
  const { control } = wire;
  if (typeof control?.openedAt !== "number") return null;
  // If the server ended the connection, or a reset came, this is not the cause.
  if (control.end !== null && control.end.by !== "client") return null;
  const gaveUpAt = Math.min(control.end?.at ?? Infinity, wire.attemptEndAt);
  const quitless = control.segments.filter(({ from, at }) => from === "server" || at < gaveUpAt - 0.05);
  const before = quitless.filter(({ at }) => at <= gaveUpAt);
  const last = before.at(-1) ?? null;
  const isServersTurn =
    last === null ? seen.traits.tls !== "implicit" : last.from === "client" && last.arrivedAt !== null;
  const seconds = gaveUpAt - (last?.at ?? control.openedAt);
  if (!isServersTurn || seconds < shortestWait) return null;
  const awaited = last === null ? null : (seen.dialogue.exchanges.findLast(({ verb }) => verb !== "QUIT") ?? null);
  // A transfer's reply waits for its data.
  const isHandshake = seen.traits.tls === "implicit" && before.every(({ from }) => from === "client");
  if (last !== null && !isHandshake && (awaited?.code !== null || transferVerbs.includes(awaited.verb))) return null;
  const onWire = control.segments.find(({ from, at }) => from === "server" && at > gaveUpAt)?.at;
  const inLog = awaited === null ? undefined : loggedReply(seen, awaited);
  const answeredAt = onWire ?? (typeof inLog?.replyCode !== "number" || inLog.at <= gaveUpAt ? null : inLog.at);
  if (answeredAt === null && !wire.everythingArrived) return null;
  return { awaited, isHandshake, seconds, lateBy: answeredAt === null ? null : answeredAt - gaveUpAt };
}

/** As above, for the last reply to a transfer: the data connection had ended, and the server's word for that was still to come. */
function waitForEnd(seen: Observations, { control, data, everythingArrived, attemptEndAt }: WireView): Wait | null {
  const awaited = seen.transferExchange;
  if (seen.stage !== "completion" || control === null || awaited === null || !everythingArrived) return null;
  if (data?.end?.how !== "FIN" || (control.end !== null && control.end.by !== "client")) return null;
  const gaveUpAt = Math.min(control.end?.at ?? Infinity, attemptEndAt);
  const endedAt = data.end.at;
  const seconds = gaveUpAt - endedAt;
  const isTold = control.segments.some(({ from, at }) => from === "server" && at > endedAt && at <= gaveUpAt);
  if (isTold || seconds < shortestWait) return null;
  const inLog = loggedReply(seen, awaited);
  const onWire = control.segments.find(({ from, at }) => from === "server" && at > gaveUpAt)?.at;
  const answeredAt = onWire ?? (typeof inLog?.replyCode === "number" && inLog.at > gaveUpAt ? inLog.at : null);
  return {
    awaited,
    isHandshake: false,
    isEnd: true,
    seconds,
    lateBy: answeredAt === null ? null : answeredAt - gaveUpAt,
  };
}

function lateProof(lateBy: number | null): Proof[] {
  return lateBy === null
    ? []
    : [{ witness: "server", text: `its answer left ${lateBy.toFixed(1)} s after the client's end` }];
}
