import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { widenRange } from "../remedies/server";
import { activeInstead } from "../remedies/data-commands";
import { dataPathFailed, dialledElsewhere } from "../predicates";
import type { Observations } from "../observations";
import { serverSaying } from "../refusals";
import { isNegative } from "../../ftp/dialogue";
import { staticPassivePath } from "../observe/static-path";
import { dataProofs, dialogueProof, logProof } from "../proofs";
import { endingSentence, ports } from "../words";

export const passiveRangeExhausted: CauseDefinition = {
  id: "passive-range-exhausted",
  title: "All ports of the server's passive range are in use, and it took one outside of it.",
  looksLike: "Passive mode works until many transfers run at the same time; then some of them hang.",
  why:
    "Each passive connection takes a port of its own. If the whole range (PassivePorts) is in use, ProFTPD does not " +
    "refuse. It listens on any free port and says so only in its log, and the routers, which forward and allow " +
    "only the range, stop the client.",
  explains: (found) => unexpectedData(found) || found.hand.kind === "server",
  recognise: (seen) => {
    if (isRefusedForIt(seen)) {
      const saying = serverSaying(seen, "range");
      return {
        confidence: "shown",
        explanation: `The server found no free port for ${seen.data.toUpperCase()} and answered ${String(seen.replyCode)}: "${saying?.text ?? ""}".`,
        proofs: [
          ...dialogueProof(seen.dataExchange),
          ...logProof(saying?.by === "reply" ? null : (saying?.text ?? null)),
        ],
      };
    }
    if (!seen.passive || seen.stage !== "data-connect" || !dataPathFailed(seen) || dialledElsewhere(seen)) return null;
    const saying = serverSaying(seen, "range");
    const line = saying?.by === "log" ? saying.text : null;
    // A port that something on the way has put there is not the server's.
    if (line === null && !isServersPort(seen)) return null;
    const port = (seen.logged ?? seen.advertised)?.port ?? null;
    const range = seen.server.settings.passivePorts;
    const outside = port !== null && range !== null && (port < range.first || port > range.last);
    if (!outside) return null;
    return {
      // Routers that were not heard may stop the range as well.
      confidence: line === null || seen.routersMissing ? "likely" : "shown",
      explanation: `The server keeps passive connections within ${ports(range)}, found no free port there and took ${port}.${endingSentence(seen)}`,
      proofs: [...logProof(line), ...dataProofs(seen)],
      // Where no rule carries the range either, a port of it would have met the same end.
      also: !rangeIsOpen(seen, range.first),
    };
  },
  remedies: [activeInstead, widenRange],
};

/** vsftpd and Pure-FTPd refuse PASV and EPSV where no port is free. */
function isRefusedForIt(seen: Observations): boolean {
  return (
    seen.passive && isNegative(seen.replyCode) && seen.stage !== "transfer" && serverSaying(seen, "range") !== null
  );
}

/** The server's log has the port, or the client read it inside TLS. */
function isServersPort({ logged: own, advertised, dataExchange, routers }: Observations): boolean {
  if (own !== null) return advertised === null || own.port === advertised.port;
  return dataExchange?.encrypted === true || routers.length === 0;
}

/** Whether static rules carry a connection to the range; where the rules are not known, they may. */
function rangeIsOpen({ routers, routersMissing, control }: Observations, port: number): boolean {
  if (routersMissing) return true;
  const { kind } = staticPassivePath(routers, { destination: control.peer, port });
  return kind === "passed" || kind === "unknown";
}
