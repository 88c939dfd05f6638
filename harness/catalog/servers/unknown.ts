/** A server of unknown software. */
import { softwares } from "./all";
import type { Directives, ServerSettings } from "./definition";

export const unknownSettings: ServerSettings = {
  address: null,
  passivePorts: null,
  masqueradeAddress: null,
  tlsRequired: null,
  tlsVersions: [],
  tlsOptions: [],
  sessionSeconds: null,
  implicitPorts: [],
};

/** The lines of every real software that has some, each under its name. */
function ofEach(linesOf: (directives: Directives) => readonly string[] | null | undefined): readonly string[] {
  return softwares.flatMap(({ name, directives, isStandIn }) => {
    const lines = linesOf(directives) ?? [];
    return lines.length === 0 || isStandIn === true ? [] : [`# ${name}`, ...lines];
  });
}

/** What admins write, in the words of every server: they know which is theirs. */
export const everyonesDirectives: Directives = {
  passivePorts: (range) => ofEach(({ passivePorts }) => passivePorts(range)),
  masqueradeAddress: (address) => ofEach(({ masqueradeAddress }) => masqueradeAddress(address)),
  grantCcc: ofEach(({ grantCcc }) => grantCcc),
  acceptNewSessions: (options) => ofEach(({ acceptNewSessions }) => acceptNewSessions?.(options)),
  demandNothing: ofEach(({ demandNothing }) => demandNothing),
  freeProtection: ofEach(({ freeProtection }) => freeProtection),
  certificate: (configuration) => ofEach(({ certificate }) => certificate(configuration)),
  reload: ofEach(({ reload }) => reload),
  currentVersions: ofEach(({ currentVersions }) => currentVersions),
  offerTls: ofEach(({ offerTls }) => offerTls),
  acceptForeignAddress: ofEach(({ acceptForeignAddress }) => acceptForeignAddress),
  acceptForeignPeer: ofEach(({ acceptForeignPeer }) => acceptForeignPeer),
  implicitTls: (address) => ofEach(({ implicitTls }) => implicitTls?.(address)),
  port: (port) => ofEach((directives) => directives.port(port)),
  logMore: ofEach(({ logMore }) => logMore),
  answerSooner: ofEach(({ answerSooner }) => answerSooner),
  check: ofEach(({ check }) => check),
  moreSessions: ofEach(({ moreSessions }) => moreSessions),
  allowAddress: ofEach(({ allowAddress }) => allowAddress),
  denyCommand: (verb) => ofEach(({ denyCommand }) => denyCommand(verb)),
  allowCommand: (verb) => ofEach(({ allowCommand }) => allowCommand(verb, "")),
};
