/**
 * What certificate the server shows. `ip-address`: the address that clients dial stands in its subjectAltName, and no name.
 * All others carry the server's name, but for `other-name`; all but `unknown-ca` and `self-signed` come from the CA that clients trust.
 */
export const certificateKinds = [
  "trusted",
  "unknown-ca",
  "self-signed",
  "other-name",
  "expired",
  "ip-address",
] as const;
export type CertificateKind = (typeof certificateKinds)[number];
