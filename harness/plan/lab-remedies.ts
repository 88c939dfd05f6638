import { isPassive } from "../model/axes";
import type { CauseId } from "../model/diagnosis";
import { canBalanceBySource } from "./balance";
import { dialledPort } from "../model/network";
import { softwareNamed } from "../catalog/servers/registry";
import {
  acceptExpected,
  allowEgress,
  attachHelper,
  forwardRange,
  keepSources,
  openControlPort,
  rememberLonger,
  tellTooLong,
} from "./remedies/network";
import {
  acceptNewSessions,
  advertise,
  demandNothing,
  offerTls,
  offerVersions,
  protectPassword,
  rememberSessions,
  showTrusted,
  takeAnyPeer,
} from "./remedies/server";
import { type LabRemedy, type RemedyId, remedyIds, type Setup } from "./remedies/setup";
import { ignoreAddress, passiveInstead, resumeSession, trustAddress, useData, useMode } from "./remedies/user";

export { remedyIds };
export type { LabRemedy, RemedyId, Setup };

const clearControl = useMode(
  "ftps-ccc",
  "Clear the control connection with CCC after login, so that the helper can read it.",
);
const explicitTls = useMode("ftps", "Use explicit TLS on port 21 in place of implicit TLS on port 990.");

/** Remedies of a cause in the order in which they are tried; empty where the lab has none. */
export function labRemediesOf(cause: CauseId, { cell, topology, server }: Setup): readonly LabRemedy[] {
  const port = dialledPort(topology, cell.mode);
  switch (cause) {
    case "no-helper":
      return [attachHelper(port), forwardRange];
    case "helper-not-on-port":
      return [attachHelper(port)];
    case "helper-does-not-know-line":
      return [
        useData("pasv", "Use PASV, whose 227 reply the helper knows."),
        ...(isPassive(cell.data) ? [forwardRange] : []),
      ];
    case "helper-blind-to-tls":
      return [clearControl, isPassive(cell.data) ? forwardRange : passiveInstead];
    case "helper-missed-first-line-after-ccc":
      return [useMode("ftps-ccc", "Send one harmless command (NOOP) between CCC and the data command.")];
    case "passive-address-rejected-by-client":
      return [advertise, useData("epsv", "Use EPSV, which names no address."), ignoreAddress];
    case "passive-address-not-dialled":
      return [trustAddress, attachHelper(port)];
    case "data-connection-to-other-server":
      return canBalanceBySource(topology) ? [keepSources] : [];
    case "passive-address-unroutable":
    case "passive-port-not-forwarded":
      return [forwardRange];
    case "active-address-refused":
    case "address-family-refused":
    case "active-connection-blocked":
      return [passiveInstead];
    case "egress-blocked":
      return [allowEgress];
    case "related-not-accepted":
      return [acceptExpected];
    case "ccc-refused":
      // Of a server that does not know the command, nothing changes that.
      return softwareNamed(server.software).directives.grantCcc === null ? [] : [protectPassword];
    case "protection-refused":
      return [protectPassword];
    case "tls-required":
      return [useMode("ftps", "Use FTPS (explicit TLS) with protected data."), demandNothing];
    case "tls-not-offered":
      return [useMode("ftp", "Use plain FTP, which shows the password to everybody on the way."), offerTls];
    case "tls-versions-do-not-meet":
      return [offerVersions];
    case "tls-session-not-reused":
      return [server.tls?.sessionSeconds === undefined ? resumeSession : rememberSessions, acceptNewSessions];
    case "port-unreachable":
      if (server.tls === null && port === 990) return [offerTls];
      return [openControlPort(port), ...(port === 990 ? [explicitTls] : [])];
    case "path-mtu-black-hole":
      return [tellTooLong];
    case "control-connection-dropped-idle":
      return [rememberLonger];
    case "certificate-untrusted":
    case "certificate-name-mismatch":
    case "certificate-expired":
      return [showTrusted];
    case "foreign-data-peer":
      // Of the others the lab has no profile that would let it pass.
      return ["proftpd", "vsftpd"].includes(server.software) ? [takeAnyPeer] : [];
    // What these are about is in no topology, profile or cell: what else happens to packets, who else holds a port, accounts; or the
    // lab's own controls would not hold.
    case "helper-dropped-partial-line":
    case "control-line-blocked":
    case "return-route-missing":
    case "passive-range-exhausted":
    case "implicit-explicit-mismatch":
    case "ccc-shutdown-mismatch":
    case "login-refused":
    case "data-command-refused":
    case "data-tls-too-early":
    case "data-tls-broken-off":
    case "client-never-dialled":
    case "unknown":
      return [];
  }
}

/** The remedy of this id, for a set-up; the port that the client dials is the set-up's. */
export function remedyNamed(id: RemedyId, { cell, topology }: Setup): LabRemedy {
  const port = dialledPort(topology, cell.mode);
  const all = [
    attachHelper(port),
    forwardRange,
    allowEgress,
    tellTooLong,
    rememberLonger,
    acceptExpected,
    openControlPort(port),
    passiveInstead,
    keepSources,
    advertise,
    protectPassword,
    demandNothing,
    acceptNewSessions,
    rememberSessions,
    showTrusted,
    takeAnyPeer,
    offerVersions,
    offerTls,
  ];
  const found = all.find((remedy) => remedy.id === id);
  if (found === undefined) throw new Error(`no remedy ${id}`);
  return found;
}
