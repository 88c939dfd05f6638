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

export type ServerProfile = {
  /** File name without `.yaml`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Value of `AllowForeignAddress`; left out, it is not written, which for ProFTPD is neither (inet.c, mod_core.c). */
  readonly foreignAddress?: "on" | "off";
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
