/** What the server's log says, beside the client's dialogue and what passed the server's own interface. */
import { isSyn, isSynAck } from "../../evidence/timeline/segment";
import { lineContradictions } from "./lines";
import { interfaces, isLogWhole, viewAt, wholeHost, type Testimony } from "./reliable-witnesses";
import { transferVerbs } from "../../ftp/dialogue";

export function serverContradictions(testimony: Testimony, transfers: boolean): readonly string[] {
  const { evidence } = testimony;
  if (evidence.server === null || !isLogWhole(evidence)) return [];
  return [...withPackets(testimony), ...(transfers ? withClient(testimony) : [])];
}

function withPackets(testimony: Testimony): readonly string[] {
  const points = wholeHost(testimony, "server");
  const { evidence, connections } = testimony;
  const exchanges = evidence.server?.exchanges ?? [];
  if (points === null || exchanges.length === 0) return [];
  const isOpen = connections.some((connection) => {
    const packets = connection.kind === "control" ? (viewAt(connection, points)?.packets ?? []) : [];
    return packets.some(isSyn) && packets.some(isSynAck);
  });
  if (!isOpen) {
    return [`The server's log tells of a session, and no handshake of one passed its interface ${interfaces(points)}.`];
  }
  const told = exchanges.flatMap(({ command, replyCode, reply }) => [
    command,
    ...(replyCode === null ? [] : [reply.startsWith(String(replyCode)) ? reply : `${replyCode} ${reply}`]),
  ]);
  return lineContradictions(testimony, { name: "server's log", points, told });
}

/** A transfer that worked has its confirmation in the log (226, RFC 959 section 5.4; 250 of STOU and APPE in other servers). */
function withClient({ evidence }: Testimony): readonly string[] {
  const exchanges = evidence.server?.exchanges ?? [];
  if (evidence.attempt.result !== "worked" || exchanges.length === 0) return [];
  const confirmed = exchanges.some(
    ({ command, replyCode }) =>
      transferVerbs.includes((command.split(" ", 1)[0] ?? "").toUpperCase()) &&
      (replyCode === 226 || replyCode === 250),
  );
  return confirmed ? [] : ["The client says that everything worked, and the server's log confirms no transfer."];
}
