/** Settings of a vsftpd that a distribution has patched, of which Debian's and Ubuntu's 3.0.5 knows nothing and ends with 500 OOPS. */

/** Names that Red Hat, Fedora and SUSE gave to versions of TLS before vsftpd 3.0.4 did, and have kept; the meaning is the same. */
const renamed: Readonly<Record<string, string>> = {
  ssl_tlsv1_1: "ssl_tlsv11",
  ssl_tlsv1_2: "ssl_tlsv12",
  ssl_tlsv1_3: "ssl_tlsv13",
};

/** What Red Hat and Fedora have beside that; nothing of it concerns the way of a connection. */
const added: ReadonlySet<string> = new Set([
  "better_stou",
  "bind_retries",
  "dh_param_file",
  "ecdh_param_file",
  "reverse_lookup_enable",
  "userlist_log",
  "wc_logs_enable",
]);

/** What became of a patched vsftpd's setting in the lab. */
export type PatchedName =
  /** Debian's name for the same. */
  | { readonly kind: "renamed"; readonly to: string }
  /** It has no other, and is left out. */
  | { readonly kind: "added" };

/** `null` for a name of vsftpd's own, and for one that nobody knows. */
export function patchedName(name: string): PatchedName | null {
  const to = renamed[name];
  if (to !== undefined) return { kind: "renamed", to };
  return added.has(name) ? { kind: "added" } : null;
}

/** Whose vsftpd knows a setting, in words. */
export function whoPatched({ kind }: PatchedName): string {
  return kind === "renamed" ? "Red Hat, Fedora and SUSE" : "Red Hat and Fedora";
}
