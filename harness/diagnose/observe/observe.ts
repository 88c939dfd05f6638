import { controlPortOf, hidesCommands, isPassive, traitsOf } from "../../model/axes";
import { isMissing } from "../../model/gaps";
import { isPrivateIPv4 } from "../../net/blocks";
import type { CellEvidence, ServerExchange } from "../../model/evidence";
import type { Observations, RouterView, Stop } from "../observations";
import type { Dialogue, DialogueExchange } from "../../ftp/dialogue";
import type { Endpoint } from "../../ftp/endpoint";
import { dataVerbs, isNegative, lastExchange, readDialogue, transferVerbs } from "../../ftp/dialogue";
import { dialledIn, endpointOf, validAddress } from "../../ftp/endpoint";
import { failedSessionOf } from "../../ftp/stage";
import { viewPackets } from "./packets";
import { firstBreakOf } from "../locate/locate";
import { travelOf } from "../locate/travel";
import { viewWire } from "./wire";
import { exchangesOf, refusalOf, withLoggedCodes } from "./logged-codes";
import { isSyn } from "../../evidence/timeline/segment";
import { controlPortAt, hasHelper, viewRouter } from "./router";
import { serverNameIn, softwareCalled } from "../../catalog/servers/greetings";
import { siteName } from "../../model/ftp-site";
import { softwareNamed } from "../../catalog/servers/registry";
import { unknownSettings } from "../../catalog/servers/unknown";
import { dialledControlPort } from "../../evidence/timeline/connections";
import { staticActivePath, leadsTo, staticPassivePath } from "./static-path";

/** Derives from a cell's evidence the facts that causes ask for, each once. */
export function observe(evidence: CellEvidence): Observations {
  const { cell, attempt, server } = evidence;
  const traits = traitsOf(cell.mode);
  const passive = isPassive(cell.data);
  const message = attempt.message ?? "";
  const told = attempt.result === "failed" ? failedSessionOf(attempt.transcript, cell) : attempt.transcript;
  const dialogue = withLoggedCodes(readDialogue(told, traits), server?.exchanges ?? []);
  const dataExchange = dataExchangeOf(dialogue, attempt.replyCode);
  const dataIndex = dataExchange === null ? -1 : dialogue.exchanges.indexOf(dataExchange);
  const dataCode = dataExchange?.code ?? null;
  const refusedCode = attempt.stage === "data-connect" && isNegative(dataCode) ? dataCode : null;
  const encrypted = dataExchange?.encrypted ?? hidesCommands(traits);
  const logged = loggedEndpoint(dialogue, dataExchange, server?.exchanges ?? [], passive);
  const named = dataExchange === null ? null : endpointOf(passive ? dataExchange.reply : dataExchange.command);
  // Some clients hide the reply: take it from the server's log. That is safe inside TLS, where no router can rewrite it.
  const advertised = named ?? (encrypted ? logged : null);
  const opened = passive ? dialledIn(message, dialogue.remarks) : null;
  const dataPorts = new Set([advertised, logged, opened].flatMap((end) => (end === null ? [] : [end.port])));

  const { port, portSeen } = controlPortSeen(evidence, dataPorts);
  const { missing } = evidence;
  const isRouterMissing = isMissing(missing, "router");
  const portAt = controlPortAt(evidence.routers, port);
  const routers = evidence.routers.map((router) => {
    const isCut =
      isMissing(missing, "router-trace", router.router) || isMissing(missing, "router-events", router.router);
    // A rule that stands before the trace ends packets that only the captures show.
    const isCaptured = evidence.captures.some(
      ({ node, packets }) =>
        node === router.router && packets.some((packet) => isSyn(packet) && dataPorts.has(packet.flow.destinationPort)),
    );
    return viewRouter(router, { controlPort: portAt(router), dataPorts, isCut, isCaptured });
  });
  const software = server?.software ?? softwareCalled(serverNameIn(dialogue.greeting));
  const settings =
    software === null || server === null
      ? unknownSettings
      : softwareNamed(software).readSettings(server.configuration, traitsOf(evidence.cell.mode).tls === "implicit");
  // Without a router in the way, the server is where the client dialled.
  const isDirect = routers.length === 0 && !isRouterMissing;
  const said = peerSaid(message, dialogue, cell.data === "epsv" ? opened : null);
  const seen = routers[0]?.control?.original.destination ?? null;
  // The first router that was heard may stand behind one that was not, which changes the address.
  const peer =
    (isRouterMissing ? (said ?? seen) : (seen ?? said ?? tracedPeer(evidence, port))) ??
    (isDirect ? settings.address : null);
  const dialled = passive ? (opened ?? dialledByRule(routers, advertised, peer)) : null;
  const target = passive ? (peer ?? dialled?.address ?? null) : null;
  const dataPort = dialled?.port ?? advertised?.port ?? null;
  const staticStop: Stop =
    isRouterMissing || dataPort === null
      ? { kind: "unknown" }
      : passive
        ? staticPassivePath(routers, { destination: target, port: dataPort })
        : staticActivePath(routers, dataPort);
  const firstClear = dataExchange?.firstClear ?? traits.ccc === "unprimed";
  const routersMissing = isRouterMissing || routers.some(({ rules }) => rules === null);
  const rewritten = advertised !== null && logged !== null ? !sameEndpoint(advertised, logged) : null;
  const read = rewritten === true || routers.some(({ expectations }) => expectations.length > 0);
  const attached = routers.map((router) => router.attached);
  const stage = stageOf(evidence, refusedCode);
  const replyCode =
    attempt.replyCode ?? refusedCode ?? refusalOf(attempt, dialogue) ?? refusalInstead(attempt, dialogue);
  // Only failures are asked what was lost.
  const travel = attempt.result === "failed" ? travelOf(evidence) : null;

  const serverAddress =
    routers.at(-1)?.control?.reply.source ?? settings.address ?? (routers.length === 0 ? peer : null);
  return {
    cell,
    failed: attempt.result === "failed",
    stage,
    message,
    replyCode,
    data: cell.data,
    passive,
    family: peer?.includes(":") === true || advertised?.address?.includes(":") === true ? "ipv6" : "ipv4",
    traits,
    dialogue,
    dataExchange,
    transferExchange: dataIndex < 0 ? null : lastExchange(dialogue.exchanges, transferVerbs, dataIndex),
    control: {
      port,
      portSeen,
      name: nameOf(evidence),
      peer,
      client: routers[0]?.control?.original.source ?? (passive ? null : (advertised?.address ?? null)),
      encrypted,
      firstClear,
    },
    advertised,
    logged,
    rewritten,
    packets: travel === null ? null : viewPackets(travel),
    firstBreak:
      attempt.result === "failed"
        ? firstBreakOf(evidence, travel, {
            stage,
            replyCode,
            message,
            dialogue,
            data: cell.data,
            passive,
            dataExchange,
            protectsData: traits.protection === "P",
            meetsHelper: routers.some(hasHelper),
          })
        : null,
    wire: travel === null ? null : viewWire(evidence, travel),
    sentNothing:
      evidence.captures.length > 0 &&
      evidence.captures.every(({ packets, cut }) => packets.length === 0 && cut === null) &&
      !isMissing(missing, "packets"),
    dialled,
    routers,
    routersMissing,
    helper: {
      onPath: routers.some(hasHelper) ? true : routersMissing ? null : false,
      attached: attached.includes(true) ? true : attached.includes(null) || routersMissing ? null : false,
      read,
    },
    readable: !encrypted && !firstClear,
    // A connection that a helper expected passes, whatever the static rules say.
    stop: (isRouterMissing ? null : stopOf(routers, passive)) ?? (read ? { kind: "unknown" } : staticStop),
    namedIsOpen: passive ? namedIsOpen(routers, advertised, { peer, server: serverAddress }) : null,
    staticallyOpen: staticStop.kind === "unknown" ? null : staticStop.kind === "passed",
    server: {
      seen: server !== null,
      peer: validAddress(server?.peer ?? null),
      address: serverAddress,
      software,
      configuration: server?.configuration ?? "",
      settings,
      exchanges: server?.exchanges ?? [],
      tlsLog: server?.tlsLog ?? [],
      systemLog: server?.systemLog ?? [],
    },
    missing,
  };
}

/** The data command that the session failed with: not one that the client sent after a refusal, before it gave up. */
function dataExchangeOf({ exchanges }: Dialogue, replyCode: number | null): DialogueExchange | null {
  const last = lastExchange(exchanges, dataVerbs);
  if (last === null || !isNegative(replyCode)) return last;
  const isRefused = ({ verb, code }: DialogueExchange): boolean =>
    code === replyCode && (transferVerbs.includes(verb) || dataVerbs.includes(verb));
  const refused = exchanges.findLastIndex(isRefused);
  return refused < 0 ? last : (lastExchange(exchanges.slice(0, refused + 1), dataVerbs) ?? last);
}

/**
 * * A client that shows no replies reports a refused data command as a connection that did not come. A server that connects when it gets
 * PORT or EPRT (pyftpdlib) refuses the command if the connection does not come.
 */
function stageOf({ cell, attempt }: CellEvidence, refusedCode: number | null): Observations["stage"] {
  if (refusedCode !== null) return "data-command";
  const couldNotConnect = attempt.stage === "data-command" && !isPassive(cell.data) && attempt.replyCode === 425;
  return couldNotConnect ? "data-connect" : attempt.stage;
}

/** The server refused what was to be transferred, and so no data connection was opened. */
function refusalInstead({ stage }: CellEvidence["attempt"], { exchanges }: Dialogue): number | null {
  const last = exchanges.findLast(({ verb }) => verb !== "QUIT");
  const isData = last === undefined || dataVerbs.includes(last.verb);
  if (stage !== "data-connect" || isData || !isNegative(last.code)) return null;
  return last.code === 425 || last.code === 426 || last.code === 421 ? null : last.code;
}

/** Where the server says that the same command or reply pointed; commands of one name are matched by their number. */
function loggedEndpoint(
  { exchanges }: Dialogue,
  wanted: DialogueExchange | null,
  seen: readonly ServerExchange[],
  passive: boolean,
): Endpoint | null {
  if (wanted === null) return null;
  const number = exchanges.filter(({ verb }) => verb === wanted.verb).length;
  const same = exchangesOf(seen, wanted.verb)[number - 1];
  if (same === undefined) return null;
  if (!passive) return endpointOf(same.command);
  // The code may stand in the text or beside it.
  return endpointOf(/^\d{3}[ -]/.test(same.reply) ? same.reply : `${String(same.replyCode ?? "")} ${same.reply}`);
}

/** 229 carries no address, and only its port can be rewritten. */
function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && (one.address === null || other.address === null || one.address === other.address);
}

/** A session's first connection is its control connection; usually it goes where the mode dials. */
function controlPortSeen(
  evidence: CellEvidence,
  dataPorts: ReadonlySet<number>,
): { readonly port: number; readonly portSeen: boolean } {
  const { cell, routers } = evidence;
  const planned = controlPortOf(cell.mode);
  const ports = routers.flatMap(({ connections, packets }) => [
    ...connections.map(({ original }) => original.destinationPort),
    ...packets.map(({ arrived }) => arrived.destinationPort),
  ]);
  if (ports.includes(planned)) return { port: planned, portSeen: true };
  const other = ports.find((port) => !dataPorts.has(port));
  // If no router shows it, the client's own packets do.
  const dialled = other ?? dialledControlPort(evidence);
  return { port: dialled ?? planned, portSeen: dialled !== null };
}

/** The address that the client dialled for the control connection, in its own words. */
function peerSaid(message: string, { remarks }: Dialogue, epsv: Endpoint | null): string | null {
  const said =
    /connected to \(([0-9a-fA-F:.]+)\)/.exec(message) ??
    remarks.map((text) => /the control connection's peer (\S+)$/.exec(text)).find(Boolean);
  // EPSV always means the control connection's peer (RFC 2428 section 3).
  return validAddress(said?.[1] ?? null) ?? epsv?.address ?? null;
}

/** Where the first SYN of the control connection was to go, which a router may have dropped. */
function tracedPeer({ routers: [first] }: CellEvidence, port: number): string | null {
  const syn = first?.packets.find(({ arrived }) => arrived.destinationPort === port);
  return validAddress(syn?.arrived.destination ?? null);
}

/** Whatever was recorded beside the client was recorded in a lab, whose site has one name. */
function nameOf({ server, routers, captures }: CellEvidence): string | null {
  return server !== null || routers.length > 0 || captures.length > 0 ? siteName : null;
}

/** The address that a client dialled without naming it: the one that the router saw, else the one in the reply. */
function dialledByRule(
  routers: readonly RouterView[],
  advertised: Endpoint | null,
  peer: string | null,
): Endpoint | null {
  const syn = routers[0]?.syn;
  if (syn !== undefined && "packet" in syn) {
    const { destination, destinationPort } = syn.packet.arrived;
    return { address: validAddress(destination), port: destinationPort };
  }
  return advertised === null ? null : { ...advertised, address: advertised.address ?? peer };
}

/**
 * * Whether static rules would let the client reach the server at the address that 227 names. The evidence has no routes: only a client
 * with a private address may have one to a private address (RFC 1918).
 */
function namedIsOpen(
  routers: readonly RouterView[],
  named: Endpoint | null,
  { peer, server }: { readonly peer: string | null; readonly server: string | null },
): boolean | null {
  const client = routers[0]?.control?.original.source ?? null;
  const address = named?.address ?? null;
  if (named === null || address === null || client === null || address === peer) return null;
  // A way that leads over a public address is none to a private one.
  const ends = [client, ...(peer === null ? [] : [peer])];
  if (ends.some((end) => isPrivateIPv4(end) !== isPrivateIPv4(address))) return null;
  return leadsTo(routers, { destination: address, port: named.port }, server);
}

/** The router that stopped the SYN, as traced; `null` if no trace shows it. */
function stopOf(routers: readonly RouterView[], passive: boolean): Stop | null {
  const inOrder = passive ? routers : routers.toReversed();
  if (inOrder.length === 0) return null;
  for (const router of inOrder) {
    const { syn } = router;
    switch (syn.kind) {
      case "unrecorded":
        return null;
      case "unseen":
      case "lost":
        return { kind: syn.kind, router };
      case "blocked":
        return { kind: "blocked", router, chain: syn.step.chain, silent: syn.silent };
      case "own":
        return { kind: "own", router, chain: syn.step.chain, silent: false };
      case "passed":
        break;
    }
  }
  return { kind: "passed" };
}
