/** Typed form of `topologies/servers/<id>.yaml`: how ProFTPD is set up. */

/**
 * ProFTPD's TLSRequired (contrib/mod_tls.c, 1.3.8): which of control channel (`ctrl`), authentication (`auth`) and data
 * channel (`data`) must be protected.
 */
export const tlsRequiredValues = [
  "off",
  "on",
  "ctrl",
  "control",
  "both",
  "auth",
  "data",
  "!data",
  "auth+data",
  "auth+!data",
  "ctrl+data",
  "ctrl+!data",
] as const;
export type TlsRequired = (typeof tlsRequiredValues)[number];

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

export type ServerProfile = {
  /** File name without `.yaml`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** `null`: mod_tls is not configured at all. */
  readonly tls: ServerTls | null;
};

export type ServerTls = {
  /** Value of `TLSProtocol`, as written. */
  readonly protocol: string;
  /** Words of `TLSOptions`, in order. */
  readonly options: readonly string[];
  /** Value of `TLSVerifyClient`. */
  readonly verifyClient: "on" | "off" | "optional";
  readonly required: TlsRequired;
  /** Left out: `trusted`. */
  readonly certificate?: CertificateKind;
};

/** What TLSRequired demands of the control channel, of USER/PASS and of data (mod_tls.c `tls_required_on_*`). */
export function demandsOf(required: TlsRequired): {
  readonly control: boolean;
  readonly auth: boolean;
  readonly data: "required" | "forbidden" | "free";
} {
  const control = required === "on" || required === "both" || /^(ctrl|control)/.test(required);
  const auth = control || required.startsWith("auth");
  const data = required.includes("!data")
    ? "forbidden"
    : required === "on" || required === "both" || required.includes("data")
      ? "required"
      : "free";
  return { control, auth, data };
}

/** Whether data connections must resume the control connection's TLS session (the default of mod_tls). */
export function demandsSessionReuse(tls: ServerTls): boolean {
  return !tls.options.includes("NoSessionReuseRequired");
}
