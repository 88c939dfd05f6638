/**
 * Typed form of `topologies/servers/<id>.yaml`: a server's software and how it is set up. What it wants of TLS is said in
 * ProFTPD's words, which other servers are set up to match as far as they can.
 */

import type { CertificateKind } from "./certificate-kind";
import type { ReleaseId, SoftwareId } from "./ids";
import type { ServerScript } from "./server-script";

/** The release of the core matrix, from which everything comes that names no other. */
export const homeRelease: ReleaseId = "trixie";

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

/** What a profile that names no software is of, and a recording of before there were several. */
export const defaultSoftware: SoftwareId = "proftpd";

/**
 * An id, or a pattern of one, in which the core matrix's software may stand for its plainest profile, as the others' names do:
 * `proftpd@bullseye` → `tls-optional@bullseye`.
 */
export function withProfileId(pattern: string): string {
  return pattern.replace(/^(!?)proftpd(?=[@+]|$)/, "$1tls-optional");
}

export type ServerProfile = {
  /** File name without `.yaml`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly software: SoftwareId;
  /** Debian's release that the software comes from. */
  readonly release: ReleaseId;
  /** Value of ProFTPD's `AllowForeignAddress`; left out, it is not written, which is neither (inet.c, mod_core.c). */
  readonly foreignAddress?: "on" | "off";
  /** `null`: the server is set up without TLS. */
  readonly tls: ServerTls | null;
  /** Lines of the software's own configuration language that are put behind what is rendered. */
  readonly directives?: readonly string[];
  /** Lines of the software's own configuration language that take the place of what sets the same, as a remedy changes them. */
  readonly amendments?: readonly string[];
  /** What the software `scripted` does differently from an ordinary server; left out: nothing. */
  readonly script?: ServerScript;
  /** A user's own configuration, which takes the place of what is rendered. */
  readonly userConfig?: UserConfiguration;
};

/** A configuration as a user wrote it. */
export type UserConfiguration = {
  /** The file, or the first of several, as the user named it. */
  readonly file: string;
  readonly text: string;
  /** Where the text comes from, where that is several files: each part with the line of `text` at which it begins. */
  readonly parts?: readonly ConfigurationPart[];
  /** It came with its own network (`config-files`), so that the addresses in it are those of the lab. */
  readonly isOfNetwork?: true;
};

/** A line of a user's configuration that the server in the lab does not get. */
export type TakenOver = {
  /** From 1, in the text. */
  readonly line: number;
  readonly text: string;
  /**
   * `replaced`: the lab has one of its own in its place. `lost`: it names a file that was not given, so what that says is missing.
   * `unknown`: the lab's server does not know it, and the user's does.
   */
  readonly kind: "replaced" | "lost" | "unknown";
};

/** Lines of a configuration that come from one file, one after the other, up to the next part. */
export type ConfigurationPart = {
  /** The line of the whole text at which it begins; from 1. */
  readonly from: number;
  readonly file: string;
  /** The line of the file that stands there. */
  readonly line: number;
};

/** `tls.conf:12`: the place of a line of a user's configuration, or its file where the line is not known. */
export function placeIn({ file, parts }: UserConfiguration, line: number | null): string {
  if (line === null) return file;
  const part = parts?.findLast(({ from }) => from <= line);
  return part === undefined ? `${file}:${line}` : `${part.file}:${part.line + line - part.from}`;
}

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
  /** Seconds for which a TLS session, its tickets included, may be resumed. Left out: 15,840, which outlasts any session of the lab. */
  readonly sessionSeconds?: number;
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
