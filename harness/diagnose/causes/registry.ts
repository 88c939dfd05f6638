import type { CauseDefinition } from "../cause";
import { activeAddressRefused } from "./active-address-refused";
import { activeConnectionBlocked } from "./active-connection-blocked";
import { addressFamilyRefused } from "./address-family-refused";
import { cccRefused } from "./ccc-refused";
import { cccShutdownMismatch } from "./ccc-shutdown-mismatch";
import { certificateExpired } from "./certificate-expired";
import { certificateNameMismatch } from "./certificate-name-mismatch";
import { certificateUntrusted } from "./certificate-untrusted";
import { clientNeverDialled } from "./client-never-dialled";
import { controlConnectionDropped } from "./control-connection-dropped-idle";
import { controlLineBlocked } from "./control-line-blocked";
import { dataConnectionToOtherServer } from "./data-connection-to-other-server";
import { dataCommandRefused } from "./data-command-refused";
import { dataTlsBrokenOff } from "./data-tls-broken-off";
import { dataTlsTooEarly } from "./data-tls-too-early";
import { egressBlocked } from "./egress-blocked";
import { foreignDataPeer } from "./foreign-data-peer";
import { helperBlindToTls } from "./helper-blind-to-tls";
import { helperDoesNotKnowLine } from "./helper-does-not-know-line";
import { helperDroppedPartialLine } from "./helper-dropped-partial-line";
import { helperMissedFirstLine } from "./helper-missed-first-line-after-ccc";
import { helperNotOnPort } from "./helper-not-on-port";
import { implicitExplicitMismatch } from "./implicit-explicit-mismatch";
import { loginRefused } from "./login-refused";
import { noHelper } from "./no-helper";
import { passiveAddressNotDialled } from "./passive-address-not-dialled";
import { passiveAddressRejected } from "./passive-address-rejected-by-client";
import { passiveAddressUnroutable } from "./passive-address-unroutable";
import { passivePortNotForwarded } from "./passive-port-not-forwarded";
import { passiveRangeExhausted } from "./passive-range-exhausted";
import { pathMtuBlackHole } from "./path-mtu-black-hole";
import { portUnreachable } from "./port-unreachable";
import { protectionRefused } from "./protection-refused";
import { relatedNotAccepted } from "./related-not-accepted";
import { returnRouteMissing } from "./return-route-missing";
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

/**
 * Every cause that can be recognised. Their order is their rank: where several would explain a failure, the first is the root,
 * the thing whose change makes the session work. Before the data connection there is one cause at a time.
 */
export const causes: readonly CauseDefinition[] = [
  returnRouteMissing,
  clientNeverDialled,
  portUnreachable,
  // What never arrived explains everything that was then waited for in vain.
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
  // What no address and no rule explains.
  dataCommandRefused,
];
