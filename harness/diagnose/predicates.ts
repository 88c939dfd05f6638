import { namesPort, portsNamedIn } from "../evidence/text/rule-ports";
import { coversPorts } from "../evidence/text/rules";
import type { PortRange } from "../model/topology";
import type { ServerExchange } from "../model/evidence";
import type { Observations, RouterView } from "./observations";
import type { DialogueExchange } from "../ftp/dialogue";
import type { Endpoint } from "../ftp/endpoint";
import { isNegative } from "../ftp/dialogue";
import { hasHelper } from "./observe/router";
import { refusesStranger } from "../catalog/servers/greetings";

/** The server's own words about a data connection from a stranger, in its logs or in a reply. */
export function foreignPeerLine({ server, dialogue, message }: Observations): string | null {
  const replies = [...server.exchanges, ...dialogue.exchanges].map(({ reply }) => reply);
  return [...server.systemLog, ...server.tlsLog, ...replies, message].find(refusesStranger) ?? null;
}

/**
 * The address from which a data connection reached the server that came to nothing there, where the control connection comes from
 * another one; else `null`. Pure-FTPd closes such a one without a word.
 */
export function strangersAddress({ stage, passive, stop, server, routers }: Observations): string | null {
  if (stage !== "data-connect" || !passive || stop.kind !== "passed" || server.peer === null) return null;
  const arrivals = routers.flatMap(({ syn }) => (syn.kind === "passed" ? [syn.step.packet] : []));
  const arrival = arrivals.find(({ destination }) => destination === server.address);
  return arrival !== undefined && arrival.source !== server.peer ? arrival.source : null;
}

/** Whether both addresses are known and not the same. */
export function differs(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

/** The client gave up over the address in 227, before it dialled anything. */
export function rejectsAddress(seen: Observations): boolean {
  const { stage, passive, dataExchange, advertised, control, message } = seen;
  if (stage !== "data-command" || !passive || dataExchange?.code !== 227 || seen.replyCode !== null) return false;
  if (/another host|other host|different (host|address)|foreign address/i.test(message)) return true;
  return differs(advertised?.address ?? null, control.peer);
}

/** The server answered PORT or EPRT with 500 or 501, and not because it does not know or allow the command (`<Limit PORT>`). */
export function refusesPort({ stage, passive, replyCode, dataExchange, message }: Observations): boolean {
  if (stage !== "data-command" || passive || (replyCode !== 500 && replyCode !== 501)) return false;
  return !/not understood|unknown|unrecogni[sz]ed|not implemented|EPSV ALL|unable to service|not permitted/i.test(
    `${message} ${dataExchange?.reply ?? ""}`,
  );
}

/**
 * PORT or EPRT was refused for the client's own address, which a router on the client's side hides: a helper there would have put
 * the router's in its place.
 */
export function refusesHiddenAddress(seen: Observations): boolean {
  const { advertised, control, routers } = seen;
  const isHidden = routers.some(({ translatesClient, translatesServer }) => translatesClient && !translatesServer);
  return refusesPort(seen) && isHidden && advertised !== null && advertised.address === control.client;
}

/**
 * * EPRT, or EPSV with a number, that was answered with 522: the server does not support that family (RFC 2428). Taken from the server's
 * log if the client does not show it.
 */
export function familyRefusal({ stage, dialogue, server }: Observations): DialogueExchange | ServerExchange | null {
  if (stage !== "data-command") return null;
  const namesIt = ({ command }: { readonly command: string }): boolean => /^EP(RT|SV) /i.test(command);
  const shown = dialogue.exchanges.findLast((exchange) => exchange.code === 522 && namesIt(exchange));
  return shown ?? server.exchanges.findLast((exchange) => exchange.replyCode === 522 && namesIt(exchange)) ?? null;
}

/** The session was stopped by where its data connection was to go, and not by what server or client think of TLS. */
export function dataPathFailed(seen: Observations): boolean {
  if (foreignPeerLine(seen) !== null || strangersAddress(seen) !== null) return false;
  // The stage lasts until the server's 150: the connection may have stood before that.
  if (seen.stage === "data-connect" && typeof seen.wire?.data?.openedAt === "number") return false;
  return seen.stage === "data-connect" || rejectsAddress(seen) || refusesPort(seen);
}

/** The router whose helper expected the data connection, and whose filter ended it all the same. */
export function expectedAndBlocked(seen: Observations): RouterView | null {
  const { stop } = seen;
  if (!dataPathFailed(seen) || stop.kind !== "blocked" || stop.chain === "INPUT") return null;
  const { syn, expectations } = stop.router;
  if (syn.kind !== "blocked") return null;
  const { source, destination, destinationPort } = syn.packet.arrived;
  const expected = expectations.some(
    (entry) => entry.source === source && entry.destination === destination && entry.port === destinationPort,
  );
  return expected ? stop.router : null;
}

/** A helper stood on the way and could not read what it lives from. */
export function helperCouldNotRead(seen: Observations): boolean {
  return dataPathFailed(seen) && seen.helper.onPath === true && !seen.readable && !seen.helper.read;
}

/** The client's own side lets nothing out, or the server's. */
export function egressRouter(seen: Observations): RouterView | null {
  const { stage, stop, passive } = seen;
  if (stage !== "data-connect" || stop.kind !== "blocked" || stop.chain === "INPUT") return null;
  const { router } = stop;
  if (!passive) {
    // A router that hides the client, or lets its side open anything, stands on the client's side: there the server's SYN is on
    // its way in.
    return !router.translatesServer && (router.translatesClient || opensAll(router)) ? null : router;
  }
  // The router that hides the server stands on the server's side, whatever else it translates.
  if (router.translatesServer) return null;
  const out = router.syn.kind === "blocked" ? router.syn.step.outLink : router.outLink;
  const masquerades = (router.rules?.sourceNats ?? []).some(
    ({ outLink }) => outLink === null || out === null || outLink === out,
  );
  return masquerades || (router.rules === null && router.translatesClient) ? router : null;
}

/** Whether a rule lets the control connection's side open any connection. */
function opensAll({ rules, inLink, outLink }: RouterView): boolean {
  return (rules?.forward.accepted ?? []).some(
    (rule) =>
      !rule.conditional &&
      rule.destination === null &&
      coversPorts(rule.ports, { first: 1, last: 65_535 }) &&
      (rule.states === null || rule.states.includes("NEW")) &&
      (rule.inLink === null || rule.inLink === inLink) &&
      (rule.outLink === null || rule.outLink === outLink),
  );
}

/** The client dialled the address in 227 though the control connection goes elsewhere. */
export function dialledElsewhere({ dialled, control }: Observations): boolean {
  return differs(dialled?.address ?? null, control.peer);
}

/** A router was seen to end the connection's way; without a trace, its rules only say that it would have. */
export function stopIsSeen({ stop }: Observations): boolean {
  const ended = stop.kind === "blocked" || stop.kind === "own" || stop.kind === "lost";
  return ended && stop.router.syn.kind !== "unrecorded";
}

/** The router that stopped the connection and has no helper, where another router has one. */
export function stopWithoutHelper({ stop }: Observations): RouterView | null {
  if (stop.kind !== "blocked" && stop.kind !== "own" && stop.kind !== "lost") return null;
  return hasHelper(stop.router) ? null : stop.router;
}

/** The helper read the line's place in the stream, and passed over it: it names another address than the connection's own. */
export function helperPassedOver({ readable, helper, logged: sent, server, passive }: Observations): boolean {
  if (!passive || !readable || helper.attached !== true || helper.read) return false;
  return differs(sent?.address ?? null, server.address);
}

/** PROT was sent and refused. */
export function refusedProtection({ dialogue }: Observations): boolean {
  return dialogue.exchanges.some(({ verb, code }) => (verb === "PROT" || verb === "PBSZ") && isNegative(code));
}

/** The client asked for protection of data connections (PROT, RFC 4217 section 9). */
export function askedForProtection({ dialogue, traits }: Observations): boolean {
  if (dialogue.exchanges.length === 0) return traits.protection !== null;
  return dialogue.exchanges.some(({ verb }) => verb === "PROT");
}

/** The router that gave control and data connection, dialled at one address, to two servers; `null` if none did. */
export function sharedOut({ passive, routers }: Observations): {
  readonly router: string;
  readonly control: Endpoint;
  readonly data: Endpoint;
} | null {
  for (const { id, control, syn } of routers) {
    if (!passive || control === null || syn.kind !== "passed") continue;
    const { original, reply } = control;
    const { destination, destinationPort } = syn.step.packet;
    const isDialledAlike = syn.packet.arrived.destination === original.destination;
    if (!isDialledAlike || original.destination === reply.source || destination === reply.source) continue;
    return {
      router: id,
      control: { address: reply.source, port: reply.sourcePort },
      data: { address: destination, port: destinationPort },
    };
  }
  return null;
}

/** The router that is told not to track the control connection, and the rule that says so; `null` if none is. */
export function untrackedOn({
  routers,
  control,
}: Observations): { readonly router: string; readonly rule: string; readonly rules: readonly string[] } | null {
  for (const { id, untracking } of routers) {
    const rules = untracking.filter((text) => concernsPort(text, control.port));
    const [rule] = rules;
    if (rule !== undefined) return { router: id, rule, rules: [...new Set(rules)] };
  }
  return null;
}

/** Whether a rule is about this port, at either end, or about any. */
function concernsPort(rule: string, port: number): boolean {
  const ranges = portsNamedIn(rule);
  return ranges.length === 0 || namesPort(ranges, port);
}

/** The ports that the router which stopped a passive data connection forwards or allows instead; `null` if it keeps no such range. */
export function otherRange({ stop, passive, control, dialled }: Observations): readonly PortRange[] | null {
  if (!passive || (stop.kind !== "blocked" && stop.kind !== "own") || dialled === null) return null;
  const { rules, inLink, outLink } = stop.router;
  if (rules === null) return null;
  const comesIn = (rule: { readonly inLink: string | null }): boolean => rule.inLink === null || rule.inLink === inLink;
  const goesOut = (rule: { readonly outLink: string | null }): boolean =>
    rule.outLink === null || rule.outLink === outLink;
  // A shifted range may be the server's own by other numbers: that is not read (`50000-50999/60000`).
  const forwarded = rules.destinationNats.filter(
    (rule) => comesIn(rule) && rule.toAddress !== null && !rule.conditional,
  );
  const accepted = rules.forward.accepted.filter((rule) => comesIn(rule) && goesOut(rule));
  // What ended at the router itself no rule had sent on: FORWARD was not asked.
  const isOwn = stop.kind === "own" || stop.chain === "INPUT";
  const named = [...forwarded, ...(isOwn ? [] : accepted)].flatMap(({ ports }) => ports ?? []);
  const own = { first: dialled.port, last: dialled.port };
  // A single port may be any other service's, the one with implicit TLS included.
  const ranges = named.filter(
    ({ first, last }) => first > 1023 && last > first && (control.port < first || control.port > last),
  );
  return ranges.length > 0 && !coversPorts(ranges, own) ? ranges : null;
}
