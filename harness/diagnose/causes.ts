import type { CauseDefinition } from "./cause";
import { activeAddressRefused } from "./causes/active-address-refused";
import { activeConnectionBlocked } from "./causes/active-connection-blocked";
import { addressFamilyRefused } from "./causes/address-family-refused";
import { cccRefused } from "./causes/ccc-refused";
import { cccShutdownMismatch } from "./causes/ccc-shutdown-mismatch";
import { certificateExpired } from "./causes/certificate-expired";
import { certificateNameMismatch } from "./causes/certificate-name-mismatch";
import { certificateUntrusted } from "./causes/certificate-untrusted";
import { clientNeverDialled } from "./causes/client-never-dialled";
import { controlConnectionDropped } from "./causes/control-connection-dropped-idle";
import { controlLineBlocked } from "./causes/control-line-blocked";
import { dataConnectionToOtherServer } from "./causes/data-connection-to-other-server";
import { dataCommandRefused } from "./causes/data-command-refused";
import { dataTlsBrokenOff } from "./causes/data-tls-broken-off";
import { dataTlsTooEarly } from "./causes/data-tls-too-early";
import { egressBlocked } from "./causes/egress-blocked";
import { foreignDataPeer } from "./causes/foreign-data-peer";
import { helperBlindToTls } from "./causes/helper-blind-to-tls";
import { helperDoesNotKnowLine } from "./causes/helper-does-not-know-line";
import { helperDroppedPartialLine } from "./causes/helper-dropped-partial-line";
import { helperMissedFirstLine } from "./causes/helper-missed-first-line-after-ccc";
import { helperNotOnPort } from "./causes/helper-not-on-port";
import { implicitExplicitMismatch } from "./causes/implicit-explicit-mismatch";
import { loginRefused } from "./causes/login-refused";
import { noHelper } from "./causes/no-helper";
import { passiveAddressNotDialled } from "./causes/passive-address-not-dialled";
import { passiveAddressRejected } from "./causes/passive-address-rejected-by-client";
import { passiveAddressUnroutable } from "./causes/passive-address-unroutable";
import { passivePortNotForwarded } from "./causes/passive-port-not-forwarded";
import { passiveRangeExhausted } from "./causes/passive-range-exhausted";
import { pathMtuBlackHole } from "./causes/path-mtu-black-hole";
import { portUnreachable } from "./causes/port-unreachable";
import { protectionRefused } from "./causes/protection-refused";
import { relatedNotAccepted } from "./causes/related-not-accepted";
import { returnRouteMissing } from "./causes/return-route-missing";
import { tlsNotOffered } from "./causes/tls-not-offered";
import { tlsRequired } from "./causes/tls-required";
import { tlsSessionNotReused } from "./causes/tls-session-not-reused";
import { tlsVersionsDoNotMeet } from "./causes/tls-versions-do-not-meet";

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
  loginRefused,
  cccRefused,
  cccShutdownMismatch,
  protectionRefused,
  foreignDataPeer,
  tlsSessionNotReused,
  dataTlsBrokenOff,
  dataTlsTooEarly,
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
