/** The passive range, from the clients to the server: what both ends of it have to be told. */
import type { PortRange, RouterNode, Topology } from "../../model/topology";
import { addressOf, serverOf } from "../../model/network";
import { expectedFrom } from "../../plan/expected";
import { asServed, withRouters, withServers, type Setup } from "../../plan/setup";
import { coversPorts, type RouterRules } from "../../evidence/text/rules";
import type { Observations, RouterView } from "../observations";
import { hasHelper } from "../observe/router";
import { staticPassivePath } from "../observe/static-path";
import { ports } from "../words";
import { dialledAddress, iptables, links, passiveRange, serverAddress, suggestedRange } from "./addresses";
import { acceptLines, nftPorts, speaksNft, translationLines } from "./nft-lines";
import { inServerConfiguration, onRouter, type Part } from "./places";
import { directivesOf } from "./directives";
import { isShared, sidesOf } from "./sides";

/** What opens the range for a data command, place by place; empty if it is open, or where that would not help. */
export function rangeParts(
  seen: Observations,
  data: Observations["data"],
  range = passiveRange(seen),
): readonly Part[] {
  const closed = closedRouters(seen, range);
  if (closed === null || lacksSetting(seen, data, range)) return [];
  const routers = closed.map((router) => ({ place: onRouter(router.id), lines: rangeRules(seen, router, range) }));
  const lines = [...rangeDirectives(seen, range), ...addressDirectives(seen, data)];
  const server = { place: inServerConfiguration, lines };
  // Nobody but the client was heard: whichever router it is.
  const unknown = { place: "on the router before the server", lines: rangeRules(seen, null, range) };
  return [...(seen.routers.length === 0 && seen.routersMissing ? [unknown] : routers), server];
}

function rangeDirectives(seen: Observations, range: PortRange): readonly string[] {
  return isWritten(seen, range) ? [] : directivesOf(seen).passivePorts(range);
}

function isWritten({ server }: Observations, { first, last }: PortRange): boolean {
  const written = server.settings.passivePorts;
  return written !== null && written.first === first && written.last === last;
}

/** Whether the server would need a setting that its software does not have. */
function lacksSetting(seen: Observations, data: Observations["data"], range: PortRange): boolean {
  const { passivePorts, masqueradeAddress } = directivesOf(seen);
  const needsRange = !isWritten(seen, range) && passivePorts(range).length === 0;
  return needsRange || (namesOther(seen, data) && masqueradeAddress(dialledAddress(seen)).length === 0);
}

/** Lets 227 name the address that clients dial, where the server would name another one. */
export function addressDirectives(seen: Observations, data: Observations["data"]): readonly string[] {
  return namesOther(seen, data) ? directivesOf(seen).masqueradeAddress(dialledAddress(seen)) : [];
}

/** Whether 227 would name another address than the one that clients dial, and nobody on the way changes that. */
function namesOther(seen: Observations, data: Observations["data"]): boolean {
  const { routers, routersMissing, server, control, logged } = seen;
  const isHidden = routers.some(({ translatesServer }) => translatesServer) || (routers.length === 0 && routersMissing);
  const named = server.settings.masqueradeAddress ?? (seen.data === "pasv" ? (logged?.address ?? null) : null);
  return data === "pasv" && isHidden && (named === null || named !== control.peer);
}

/** Routers that keep the range closed, and by no helper open; `null` if forwarding it to one server would not help. */
function closedRouters(seen: Observations, range: PortRange): readonly RouterView[] | null {
  const guards = guardsOf(seen);
  // What is forwarded to one server is lost for the others.
  if (guards.some((router) => sharesOut(router, seen.control.port))) return null;
  const isOpen = (router: RouterView): boolean =>
    isOpenOn(seen, router, range) || (seen.readable && !guards.includes(router) && hasHelper(router));
  return seen.routers.filter((router) => !isOpen(router));
}

/** Those behind which the server is; one that translates clients alone is theirs. */
function guardsOf({ routers }: Observations): readonly RouterView[] {
  return routers.filter(({ translatesServer, translatesClient }) => translatesServer || !translatesClient);
}

/** Whether static rules carry a passive session to the range, whoever reads what; `null` if rules are not known. */
export function rangeIsOpen(seen: Observations, range = passiveRange(seen)): boolean | null {
  const { routers, routersMissing } = seen;
  return routersMissing ? null : routers.every((router) => isOpenOn(seen, router, range));
}

/** Whether a helper on each of the routers that keep the range closed would read the data command's reply. */
export function helperOpens(seen: Observations): boolean {
  return seen.readable && (closedRouters(seen, passiveRange(seen))?.every(hasHelper) ?? false);
}

/** Whether a router's static rules let clients connect to a range of ports at the server. */
export function isOpenOn(seen: Observations, router: RouterView, range = passiveRange(seen)): boolean {
  const { first, last } = range;
  const destination = router.control?.original.destination ?? seen.control.peer;
  return [first, last].every((port) => staticPassivePath([router], { destination, port }).kind === "passed");
}

function sharesOut({ rules }: RouterView, port: number): boolean {
  return new Set(targetsOf(rules, port)).size > 1;
}

/** The servers to which rules lead a port. */
export function targetsOf(rules: RouterRules | null, port: number): readonly string[] {
  const leading = (rules?.destinationNats ?? []).filter((rule) => coversPorts(rule.ports, { first: port, last: port }));
  return leading.flatMap(({ toAddress }) => toAddress ?? []);
}

function rangeRules(seen: Observations, router: RouterView | null, range: PortRange): readonly string[] {
  const command = iptables(seen);
  const dport = `-p tcp --dport ${ports(range)}`;
  const from = router?.inLink ? ` -i ${router.inLink}` : "";
  if (speaksNft(router)) return nftRangeRules(seen, router, range);
  const allow = `${command} -I FORWARD${router === null ? "" : links(router)} ${dport} -m conntrack --ctstate NEW -j ACCEPT`;
  const others = acceptLines(router, { ...linksOf(router), ports: nftPorts(range) }, "ct state new");
  if (router !== null && !router.translatesServer) return [allow, ...others];
  if (router === null && seen.family === "ipv6") return [allow];
  const dialled = router?.control?.original.destination ?? dialledAddress(seen);
  const server = router?.control?.reply.source ?? serverAddress(seen);
  return [
    `${command} -t nat -A PREROUTING${from} -d ${dialled} ${dport} -j DNAT --to-destination ${server}`,
    allow,
    ...others,
  ];
}

function nftRangeRules(seen: Observations, router: RouterView, range: PortRange): readonly string[] {
  const { inLink, outLink } = router;
  const dport = nftPorts(range);
  const allow = acceptLines(router, { inLink, outLink, ports: dport }, "ct state new");
  if (!router.translatesServer) return allow;
  const destination = router.control?.original.destination ?? dialledAddress(seen);
  const to = router.control?.reply.source ?? serverAddress(seen);
  const match = { inLink, destination, ports: dport };
  return [...translationLines(router, "prerouting", match, { verb: "dnat", to }), ...allow];
}

function linksOf(router: RouterView | null): Pick<RouterView, "inLink" | "outLink"> {
  return { inLink: router?.inLink ?? null, outLink: router?.outLink ?? null };
}

/** What `rangeParts` do, as a clause; "" if they do nothing. */
export function rangeWords(seen: Observations, data: Observations["data"], range = passiveRange(seen)): string {
  const parts = rangeParts(seen, data, range).filter(({ lines }) => lines.length > 0);
  const places = parts.map(({ place }) => place).filter((place) => place !== inServerConfiguration);
  return [
    ...(places.length === 0
      ? []
      : [`forward and allow the passive ports ${ports(range)}, port for port, ${places.join(" and ")}`]),
    ...(addressDirectives(seen, data).length === 0 ? [] : ["let the server name the address that clients dial"]),
  ].join(", and ");
}

/** The set-up with the range open, and with 227 naming the address that clients dial; `null` if several servers share it. */
export function withOpenRange(setup: Setup): Setup | null {
  const { topology, cell } = setup;
  if (isShared(topology)) return null;
  const { passivePorts } = serverOf(asServed(setup).topology);
  const opened = withRouters(setup, (router) => openOn(topology, router, passivePorts));
  return cell.data === "pasv" ? withDialledAddress(opened) : opened;
}

/** The set-up whose server names the address that clients dial. */
export function withDialledAddress(setup: Setup): Setup {
  const { topology } = setup;
  if (addressOf(topology, serverOf(topology).id) === topology.dial) return setup;
  return withServers(setup, () => ({ masqueradeAddress: topology.dial }));
}

/** The set-up with a range of more ports, open. */
export function withWiderRange(setup: Setup): Setup | null {
  return withOpenRange(withServers(setup, () => ({ passivePorts: suggestedRange })));
}

/** The set-up as it is where it works, else with the range open. */
export function withOpenRangeIfNeeded(setup: Setup): Setup | null {
  return expectedFrom(setup.cell, setup).result === "worked" ? setup : withOpenRange(setup);
}

/** Lets clients through to the range; a router that forwards the control port forwards the range too. */
function openOn(topology: Topology, router: RouterNode, range: PortRange): Partial<RouterNode> {
  const { portForwards, filter } = router;
  const sides = sidesOf(topology, router);
  if (sides === null) return {};
  const added = (known: readonly PortRange[]): readonly PortRange[] =>
    coversPorts(known, range) ? known : [...known, range];
  return {
    portForwards: portForwards.map((entry) => ({ ...entry, ports: added(entry.ports) })),
    filter: {
      ...filter,
      allow: filter.allow.map(({ ports: known, ...rule }) => ({
        ...rule,
        ports: known === null || rule.from !== sides.client ? known : added(known),
      })),
    },
  };
}
