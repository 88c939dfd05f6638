// Written by `npm run generate` from the files that these are the ids of.

/** Server software: files of `harness/catalog/servers`. */
export const softwareIds = ["proftpd", "vsftpd", "pure-ftpd", "pyftpdlib", "scripted", "aioftp"] as const;
export type SoftwareId = (typeof softwareIds)[number];

/** Debian's releases: files of `harness/catalog/releases`. */
export const releaseIds = ["bullseye", "bookworm", "trixie", "trixie-backports", "forky", "sid"] as const;
export type ReleaseId = (typeof releaseIds)[number];

/** Causes by rank: files of `harness/diagnose/causes`, and where none was found. */
export const causeIds = [
  "helper-after-nat",
  "line-altered-on-the-way",
  "reverse-path-filtered",
  "ttl-expired",
  "control-connection-untracked",
  "client-host-firewall",
  "rule-blocks-data-connection",
  "port-altered-on-the-way",
  "answer-lost-on-return",
  "helper-dropped-line",
  "return-route-missing",
  "client-never-dialled",
  "client-program-failed",
  "port-unreachable",
  "server-host-firewall",
  "path-mtu-black-hole",
  "helper-dropped-partial-line",
  "control-line-blocked",
  "implicit-explicit-mismatch",
  "tls-not-offered",
  "tls-versions-do-not-meet",
  "certificate-expired",
  "certificate-name-mismatch",
  "certificate-untrusted",
  "tls-required",
  "server-setting-broken",
  "server-limit-reached",
  "server-denies-address",
  "login-refused",
  "ccc-refused",
  "ccc-shutdown-mismatch",
  "ccc-unanswered",
  "protection-refused",
  "foreign-data-peer",
  "tls-session-not-reused",
  "data-tls-broken-off",
  "data-tls-too-early",
  "client-does-not-begin-data-tls",
  "server-denies-command",
  "server-denies-file",
  "server-reply-malformed",
  "client-cannot-parse-reply",
  "transfer-end-lost",
  "server-process-died",
  "server-slow",
  "passive-range-exhausted",
  "helper-missed-first-line-after-ccc",
  "helper-blind-to-tls",
  "address-family-refused",
  "helper-not-on-port",
  "active-address-refused",
  "helper-does-not-know-line",
  "related-not-accepted",
  "passive-address-rejected-by-client",
  "passive-address-not-dialled",
  "data-connection-to-other-server",
  "egress-blocked",
  "no-helper",
  "passive-address-unroutable",
  "passive-port-not-forwarded",
  "active-connection-blocked",
  "control-connection-dropped-idle",
  "data-command-refused",
  "unknown",
] as const;
export type CauseId = (typeof causeIds)[number];

/** Forms of a report: files of `reports/forms`. */
export const reportFormNames = ["json", "markdown", "html", "junit", "ctrf"] as const;
export type ReportFormName = (typeof reportFormNames)[number];

/** Images: folders of `harness/lab/images`. */
export const imageNames = [
  "client",
  "filezilla",
  "gvfs",
  "kio",
  "programs",
  "programs-bookworm",
  "router",
  "server",
  "server-aioftp",
  "server-bookworm",
  "server-pure-ftpd",
  "server-pyftpdlib",
  "server-vsftpd",
  "translator",
] as const;
export type ImageName = (typeof imageNames)[number];
