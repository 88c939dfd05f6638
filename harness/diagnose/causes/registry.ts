import type { CauseDefinition } from "../cause";
import { activeAddressRefused } from "./active-address-refused";
import { activeConnectionBlocked } from "./active-connection-blocked";
import { addressFamilyRefused } from "./address-family-refused";
import { answerLostOnReturn } from "./answer-lost-on-return";
import { cccRefused } from "./ccc-refused";
import { cccShutdownMismatch } from "./ccc-shutdown-mismatch";
import { certificateExpired } from "./certificate-expired";
import { certificateNameMismatch } from "./certificate-name-mismatch";
import { certificateUntrusted } from "./certificate-untrusted";
import { clientHostFirewall } from "./client-host-firewall";
import { clientNeverDialled } from "./client-never-dialled";
import { clientProgramFailed } from "./client-program-failed";
import { controlConnectionDropped } from "./control-connection-dropped-idle";
import { controlConnectionUntracked } from "./control-connection-untracked";
import { controlLineBlocked } from "./control-line-blocked";
import { dataCommandRefused } from "./data-command-refused";
import { dataConnectionToOtherServer } from "./data-connection-to-other-server";
import { dataTlsBrokenOff } from "./data-tls-broken-off";
import { dataTlsTooEarly } from "./data-tls-too-early";
import { egressBlocked } from "./egress-blocked";
import { foreignDataPeer } from "./foreign-data-peer";
import { helperAfterNat } from "./helper-after-nat";
import { helperBlindToTls } from "./helper-blind-to-tls";
import { helperDoesNotKnowLine } from "./helper-does-not-know-line";
import { helperDroppedLine } from "./helper-dropped-line";
import { helperDroppedPartialLine } from "./helper-dropped-partial-line";
import { helperMissedFirstLine } from "./helper-missed-first-line-after-ccc";
import { helperNotOnPort } from "./helper-not-on-port";
import { implicitExplicitMismatch } from "./implicit-explicit-mismatch";
import { lineAlteredOnTheWay } from "./line-altered-on-the-way";
import { loginRefused } from "./login-refused";
import { noHelper } from "./no-helper";
import { passiveAddressNotDialled } from "./passive-address-not-dialled";
import { passiveAddressRejected } from "./passive-address-rejected-by-client";
import { passiveAddressUnroutable } from "./passive-address-unroutable";
import { passivePortNotForwarded } from "./passive-port-not-forwarded";
import { passiveRangeExhausted } from "./passive-range-exhausted";
import { pathMtuBlackHole } from "./path-mtu-black-hole";
import { portAlteredOnTheWay } from "./port-altered-on-the-way";
import { portUnreachable } from "./port-unreachable";
import { protectionRefused } from "./protection-refused";
import { relatedNotAccepted } from "./related-not-accepted";
import { returnRouteMissing } from "./return-route-missing";
import { reversePathFiltered } from "./reverse-path-filtered";
import { ruleBlocksDataConnection } from "./rule-blocks-data-connection";
import { serverHostFirewall } from "./server-host-firewall";
import { serverLimitReached } from "./server-limit-reached";
import { serverDeniesAddress } from "./server-denies-address";
import { serverDeniesCommand } from "./server-denies-command";
import { serverDeniesFile } from "./server-denies-file";
import { serverSettingBroken } from "./server-setting-broken";
import { serverProcessDied } from "./server-process-died";
import { serverSlow } from "./server-slow";
import { serverReplyMalformed } from "./server-reply-malformed";
import { clientCannotParseReply } from "./client-cannot-parse-reply";
import { clientDoesNotBeginDataTls } from "./client-does-not-begin-data-tls";
import { transferEndLost } from "./transfer-end-lost";
import { cccUnanswered } from "./ccc-unanswered";
import { tlsNotOffered } from "./tls-not-offered";
import { tlsRequired } from "./tls-required";
import { tlsSessionNotReused } from "./tls-session-not-reused";
import { tlsVersionsDoNotMeet } from "./tls-versions-do-not-meet";
import { ttlExpired } from "./ttl-expired";

/**
 * Every cause that can be recognised. Their order is their rank: where several would explain a failure, the first is the root,
 * the thing whose change makes the session work. Before the data connection there is one cause at a time.
 */
export const causes: readonly CauseDefinition[] = [
  // Causes that follow from the place and the hand of the first break alone.
  helperAfterNat,
  lineAlteredOnTheWay,
  reversePathFiltered,
  ttlExpired,
  controlConnectionUntracked,
  clientHostFirewall,
  ruleBlocksDataConnection,
  portAlteredOnTheWay,
  answerLostOnReturn,
  helperDroppedLine,
  returnRouteMissing,
  clientNeverDialled,
  clientProgramFailed,
  portUnreachable,
  // A silent host is the likelier reason only where it has answered before.
  serverHostFirewall,
  // A packet that never arrived explains everything that was then waited for in vain.
  pathMtuBlackHole,
  helperDroppedPartialLine,
  controlLineBlocked,
  implicitExplicitMismatch,
  tlsNotOffered,
  tlsVersionsDoNotMeet,
  certificateExpired,
  certificateNameMismatch,
  certificateUntrusted,
  tlsRequired,
  // A server's own words about its decision come before what such a code usually means.
  serverSettingBroken,
  serverLimitReached,
  serverDeniesAddress,
  loginRefused,
  cccRefused,
  cccShutdownMismatch,
  cccUnanswered,
  protectionRefused,
  foreignDataPeer,
  tlsSessionNotReused,
  dataTlsBrokenOff,
  dataTlsTooEarly,
  clientDoesNotBeginDataTls,
  serverDeniesCommand,
  serverDeniesFile,
  serverReplyMalformed,
  clientCannotParseReply,
  transferEndLost,
  serverProcessDied,
  serverSlow,
  // From here on: where the data connection went. First whether the server kept to the ports that the routers know; then what
  // nobody could read comes before what nobody was told.
  passiveRangeExhausted,
  helperMissedFirstLine,
  helperBlindToTls,
  addressFamilyRefused,
  helperNotOnPort,
  activeAddressRefused,
  helperDoesNotKnowLine,
  relatedNotAccepted,
  passiveAddressRejected,
  passiveAddressNotDialled,
  dataConnectionToOtherServer,
  egressBlocked,
  noHelper,
  passiveAddressUnroutable,
  passivePortNotForwarded,
  activeConnectionBlocked,
  controlConnectionDropped,
  // Causes that neither an address nor a rule explains.
  dataCommandRefused,
];
