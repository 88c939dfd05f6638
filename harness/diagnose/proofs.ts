import type { Proof } from "../model/diagnosis";
import type { Gap, TracedPacket, TraceEnd } from "../model/evidence";
import { isMissing } from "../model/gaps";
import { refusesPort, rejectsAddress } from "./predicates";
import type { Observations, RouterView } from "./observations";
import type { DialogueExchange } from "../ftp/dialogue";
import type { LostSegment } from "./observe/packets";
import { hasHelper } from "./observe/router";
import { decider, flow, place, ports } from "./words";

/** A command and its reply, as the client has them. */
export function dialogueProof(exchange: DialogueExchange | null): Proof[] {
  if (exchange === null) return [];
  const cover = exchange.encrypted ? " (inside TLS)" : exchange.firstClear ? " (first clear line after CCC)" : "";
  const reply = exchange.reply === "" ? "no reply" : exchange.reply;
  return [{ witness: "client", text: `> ${exchange.command}${cover} < ${reply}` }];
}

/** The client's error. */
export function messageProof({ message }: Observations): Proof[] {
  return message === "" ? [] : [{ witness: "client", text: message }];
}

/** A segment that did not arrive. */
export function lossProof({ text, length, from, sent, stayed, lastNode }: LostSegment): Proof[] {
  const what = text === null ? "a segment" : `"${text}"`;
  const fate = stayed ? "came in and never left" : "left, and was not seen again";
  return [{ witness: lastNode, text: `${what} of the ${from}, ${length} bytes, sent ${times(sent)}: ${fate}` }];
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** A line of the server's logs. */
export function logProof(line: string | null): Proof[] {
  return line === null ? [] : [{ witness: "server", text: line }];
}

/** What the server said, where a router has changed it on the way. */
export function serverEndProof({ logged, rewritten, passive, data }: Observations): Proof[] {
  if (logged === null || rewritten === null) return [];
  const what = passive ? `sent ${data === "pasv" ? "227" : "229"} with` : `received ${data.toUpperCase()} with`;
  const fate = rewritten ? "rewritten on the way" : "not rewritten on the way";
  return [{ witness: "server", text: `${what} ${place(logged.address, logged.port)}, ${fate}` }];
}

/** A packet of a connection that was open, or seemed so, and the rule or policy that ended it. */
export function droppedProof(router: string, { arrived, flags, steps, end }: TracedPacket): Proof {
  const last = steps.at(-1);
  const isDropped = last?.verdict === "DROP" || last?.verdict === "REJECT";
  if (end !== undefined && !isDropped) {
    const isOwn = steps.some(({ chain }) => chain === "OUTPUT");
    const ended =
      end === "routing"
        ? `it passed ${isOwn ? "OUTPUT" : "PREROUTING"} and ended at the routing decision`
        : endWords[end];
    return { witness: router, text: `${flags} ${flow(arrived)}: ${ended}` };
  }
  const verb = /-j REJECT\b|\breject\b/.test(last?.rule ?? "") ? "REJECT" : (last?.verdict ?? "");
  return {
    witness: router,
    text: `${flags} ${flow(arrived)}: ${last === undefined ? "dropped" : `${verb} by ${decider(last)}`}`,
  };
}

/** Where a packet's way ended that no rule ended. */
const endWords: Readonly<Record<Exclude<TraceEnd, "routing">, string>> = {
  prerouting: "it ended in PREROUTING, and no traced rule ended it",
  input: "it ended in INPUT, and no traced rule ended it",
  forward: "it ended in FORWARD, and no traced rule ended it",
  output: "it ended in OUTPUT, and no traced rule ended it",
  postrouting: "it passed all rules but never left by a link",
  delivered: "the host's own TCP received it",
  left: "it left by a link",
};

/** Helper attachments and expectations, router by router. */
export function helperProofs({ routers, missing }: Observations): Proof[] {
  return routers.flatMap((router) => [...attachmentProof(router), ...expectationProofs(router, missing)]);
}

function attachmentProof(router: RouterView): Proof[] {
  if (router.attached === null && router.rules === null) return [];
  const where = router.helperPorts.map(ports).join(", ");
  const rule = where === "" ? "no rule attaches the FTP helper" : `CT --helper ftp is attached to port ${where}`;
  const here = router.attached === true ? "attached" : "not attached";
  return [{ witness: router.id, text: `${rule}; ${here} to this session (port ${router.controlPort})` }];
}

function expectationProofs(router: RouterView, missing: readonly Gap[]): Proof[] {
  if (router.expectations.length === 0) {
    const isKnown = hasHelper(router) && !isMissing(missing, "router-events", router.id);
    return isKnown ? [{ witness: router.id, text: "no expectation for this connection" }] : [];
  }
  return router.expectations.map(({ source, destination, port }) => ({
    witness: router.id,
    text: `expectation: ${source} to ${place(destination, port)}`,
  }));
}

/** What each router did with the data connection's SYN; nothing where nobody dialled. */
export function synProofs(seen: Observations): Proof[] {
  if (rejectsAddress(seen) || refusesPort(seen)) return [];
  return seen.routers.flatMap(({ id, syn }) => {
    switch (syn.kind) {
      case "unrecorded":
        return [];
      case "unseen":
        return [{ witness: id, text: "no SYN of the data connection was seen" }];
      case "lost":
        return [
          {
            witness: id,
            text: `SYN ${flow(syn.packet.arrived)}: it came in and did not leave, and no filter ` + `rule decided`,
          },
        ];
      case "passed":
      case "blocked":
      case "own":
        return [{ witness: id, text: `SYN ${flow(syn.packet.arrived)}: ${syn.step.verdict} by ${decider(syn.step)}` }];
    }
  });
}

/** Everything about the data connection: the dialogue, both ends, helpers, SYNs. */
export function dataProofs(seen: Observations): Proof[] {
  return [
    ...dialogueProof(seen.dataExchange),
    ...serverEndProof(seen),
    ...helperProofs(seen),
    ...synProofs(seen),
    ...messageProof(seen),
  ];
}
