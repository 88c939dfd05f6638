/** Why a cell failed, or why it worked, with the proof. */

/** Ids of the causes; a contract. One file each in `harness/diagnose/causes`. */
export const causeIds = [
  "no-helper",
  "helper-blind-to-tls",
  "helper-missed-first-line-after-ccc",
  "helper-not-on-port",
  "helper-does-not-know-line",
  "helper-dropped-partial-line",
  "related-not-accepted",
  "passive-address-unroutable",
  "passive-address-rejected-by-client",
  "passive-address-not-dialled",
  "passive-port-not-forwarded",
  "data-connection-to-other-server",
  "passive-range-exhausted",
  "active-address-refused",
  "address-family-refused",
  "active-connection-blocked",
  "egress-blocked",
  "ccc-refused",
  "ccc-shutdown-mismatch",
  "tls-required",
  "tls-not-offered",
  "tls-versions-do-not-meet",
  "tls-session-not-reused",
  "protection-refused",
  "certificate-untrusted",
  "certificate-name-mismatch",
  "certificate-expired",
  "implicit-explicit-mismatch",
  "control-connection-dropped-idle",
  "control-line-blocked",
  "path-mtu-black-hole",
  "foreign-data-peer",
  "login-refused",
  "data-command-refused",
  "data-tls-too-early",
  "data-tls-broken-off",
  "client-never-dialled",
  "port-unreachable",
  "return-route-missing",
  "unknown",
] as const;
export type CauseId = (typeof causeIds)[number];

/** Who can cure a cause. */
export type Party = "server admin" | "network admin" | "user";

/** What one party can do, as it is told: written so that it can be pasted. */
export type PrintedRemedy = {
  /** By which reports and `prove` name it. */
  readonly id: string;
  readonly party: Party;
  /** One sentence. */
  readonly what: string;
  /** Directives, rules or options, line by line; a line `# on NODE` or `# in ...` says where the next ones belong. */
  readonly lines: readonly string[];
};

/** A piece of evidence that a verdict rests on, in the words of whoever saw it. */
export type Proof = {
  /** `client`, `server`, or a router's id. */
  readonly witness: string;
  readonly text: string;
};

/** One cause that would explain the failure. */
export type Finding = {
  readonly cause: CauseId;
  /** `proven`: seen in evidence. `likely`: follows from what was seen. */
  readonly confidence: "proven" | "likely";
  /** One or two sentences on this very cell. */
  readonly explanation: string;
  readonly proofs: readonly Proof[];
  readonly remedies: readonly PrintedRemedy[];
};

/** Ranked, root first; a cell that worked has none, and one that failed has at least `unknown`. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  /** For a cell that worked: what opened the way; else `null`. */
  readonly whyItWorked: string | null;
  readonly proofs: readonly Proof[];
};
