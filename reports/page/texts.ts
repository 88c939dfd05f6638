/** Every English text of the page. */
import type { CellResult } from "../../harness/model/cell";
import type { HistoryLetter } from "../../harness/model/report";
import type { Outcome } from "../../harness/model/axes";
import { counted, duration, thousands } from "../../harness/text/quantity";

const outcomeWords: Readonly<Record<Outcome, string>> = {
  expected: "as expected",
  unexpected: "not as expected",
  flaky: "flaky",
  skipped: "skipped",
  "lab-error": "the lab broke",
};

/** What a cell came to in an earlier run. */
export const historyWords: Readonly<Record<HistoryLetter, string>> = {
  w: "worked",
  f: "failed, as expected",
  u: "unsupported, as expected",
  W: "worked, not as expected",
  F: "failed, not as expected",
  U: "unsupported, not as expected",
  y: "flaky",
  x: "the lab broke",
  "-": "not run",
};

export const texts = {
  title: "FTP through NAT and firewalls",
  skip: "Skip to the matrix",
  views: {
    matrix: "Matrix",
    causes: "Causes",
    networks: "Networks",
    claims: "Claims",
    compare: "Compare",
    run: "Run",
  },
  viewsLabel: "Parts of the report",
  noScript: "Without JavaScript: the matrix, and each verdict in words below it.",
  broken: "This report cannot be shown: its data does not fit the page.",
  outcome: (outcome: Outcome): string => outcomeWords[outcome],

  glance: {
    label: "At a glance",
    allForeseen: "Every failure was predicted from first principles before the lab tried it.",
    someSurprise: "These cells did not do what was predicted:",
    moreSurprises: (count: number): string => `and ${counted(count, "more cell")}`,
    causes: "Why cells fail",
    failsAs: (count: number): string => counted(count, "cell"),
  },
  filter: {
    label: "Filter",
    placeholder: "t:server-nat-helper m:ftps cause:helper*",
    how: "How to filter, and keys",
    help: [
      "Words match cell ids: nat-helper pasv",
      "t:client-nat network, srv: server, c: client",
      "m:ftps mode, d:pasv data command, o:list operation",
      "s:unexpected outcome, r:failed result",
      "stage:data-connect where it failed, cause:no-helper why",
      "t:server-nat* a star matches anything",
      "t:direct t:firewall either of them; -m:ftp not this one",
      "Arrow keys move in the matrix, Enter opens, / goes to the filter, Escape closes",
    ],
    count: (shown: number, all: number): string =>
      shown === all ? counted(all, "cell") : `${thousands(shown)} of ${counted(all, "cell")}`,
    unknown: (tokens: readonly string[], keys: readonly string[]): string =>
      `Not understood: ${tokens.join(" ")}. Keys are ${keys.map((key) => `${key}:`).join(" ")}`,
    misfit: (token: string): string => `No cell has ${token}.`,
    meant: "Did you mean",
    quick: { unexpected: "Unexpected", failed: "Failed", worked: "Worked" },
    nothing: "No cell matches.",
  },
  matrix: {
    label: "Matrix",
    swap: "Swap axes",
    caption: (server: string, client: string): string => `Server ${server}, client ${client}`,
    corner: { topology: "Network", mode: "Mode" },
    total: "Total",
    totalText: (worked: number, failed: number): string => `${thousands(worked)} ✓ ${thousands(failed)} ✗`,
    totalWords: (worked: number, failed: number): string => `${thousands(worked)} worked, ${thousands(failed)} failed`,
    letters: "letters: only these operations worked (L list, D download, U upload)",
  },
  legend: {
    title: "Signs",
    worked: "worked",
    failed: "failed, as it should",
    unexpected: "not as expected",
    flaky: "flaky: as expected, but only in a later attempt",
    labError: "the lab broke",
    skipped: "skipped or unsupported",
  },
  words: {
    title: "The field's words",
    intro: "NAT and filters in the terms of RFC 2663 and RFC 4787, and where you meet them.",
  },
  verdicts: { title: "Verdicts", ops: (operations: readonly string[]): string => operations.join(", ") },
  causes: {
    title: "Causes",
    none: "No cell failed.",
    looksLike: "Looks like",
    why: "Why",
    where: "Where",
    show: (count: number): string => `Show ${counted(count, "cell")} in the matrix`,
  },
  networks: {
    title: "Networks",
    dial: (address: string): string => `Clients dial ${address}.`,
    asides: (names: readonly string[]): string => `Not on the path from client to server: ${names.join(", ")}.`,
    drawing: (id: string): string => `Drawing of ${id}, from client to server`,
    dialled: "dialled",
    show: "Show in the matrix",
    none: "This report contains no networks: an older version wrote it.",
  },
  claims: { title: "Claims", none: "No scenario of this run makes claims." },
  run: {
    title: "Run",
    started: (at: string, ms: number): string => `Started ${at}, took ${duration(ms)}.`,
    again: "Run it again",
    versions: "Versions",
    controls: "Negative controls",
    controlsIntro:
      "Each lab first shows that it can fail. If one of these checks does not hold, the lab's cells mean nothing.",
    controlsAll: (count: number): string => `All ${counted(count, "control")}`,
  },
  cell: {
    back: "Back to the matrix",
    none: (id: string): string => `This report has no cell ${id}.`,
    siblings: "The same with another operation",
    repeat: (n: number): string => `run ${n}`,
    verdict: (cell: CellResult): string => {
      if (cell.result === "worked") return "Worked";
      if (cell.result === "failed") return `Failed at ${cell.stage ?? "an unknown stage"}`;
      return cell.result === "unsupported" ? "Not supported" : "Not run";
    },
    why: "Why",
    confidence: { proven: "proven in the lab", shown: "shown by the evidence", likely: "likely", possible: "possible" },
    cures: "What cures it",
    stages: "How far it got",
    stageState: { done: "done", failed: "failed here", "not-reached": "not reached" },
    sequence: "What passed between them",
    sequenceHelp:
      "Top to bottom in time. Solid: control connection; dashed: data connection; grey: hidden from routers inside TLS.",
    seen: "What each witness saw",
    network: "The network",
    history: "The last runs",
    historyNow: "this run",
    historyRun: (at: string, is: string): string => `${at}: ${is}`,
    facts: "Expected and seen",
    expected: "Expected",
    actual: "Seen",
    reason: "Because",
    message: "The client said",
    replyCode: "Last reply code",
    attempts: "Sessions",
    duration: "Duration",
    evidence: "Evidence files",
    noEvidence: "Not kept: run the cell again with --evidence on.",
    rerun: "Run this cell again",
    explain: "Everything in the terminal",
    from: "Told by a cell that did the same in the same way (with its own ports, times and operation):",
    fromElsewhere:
      "Told by a cell of another network, server or client that failed in the same way; the addresses are from that network:",
    noExample: "This report has no full account of a cell like this one. Run it again to see packets and rules.",
    notes: "What the drawing cannot show",
    madeIt: (node: string): string => `${node} changed it to`,
    lost: "ends here",
    hidden: "inside TLS",
  },
  copy: { copy: "Copy", copied: "Copied", failed: "Press Ctrl+C" },
  compare: {
    title: "Compare with another report",
    pick: "Choose the report.json of an earlier run, or drop it on this page.",
    intro: "Your browser reads it; it is not sent anywhere.",
    isNot: (name: string): string => `${name} is not a report.json of this program (schema version 1).`,
    against: (id: string, at: string): string => `Against run ${id} of ${at}.`,
    common: (count: number): string => `${counted(count, "cell")} in both.`,
    judged: (isWorse: boolean): string => (isWorse ? "Worse" : "Not worse"),
    same: "every cell in both reports did the same",
    groups: {
      regressions: "Regressions",
      failedControls: "Controls that fail now",
      contradictedClaims: "Claims that are contradicted now",
      fixes: "Fixes",
      changed: "Changed, neither better nor worse",
      undecided: "Not decided, since a lab broke",
      added: "New cells",
      gone: "Gone cells",
    },
    before: "before",
    after: "now",
    more: (count: number): string => `and ${counted(count, "more cell")}`,
  },
} as const;

/** NAT and filter behaviour in the terms of the RFCs, in plain words, and devices that are like it. */
export const fieldWords: readonly { readonly term: string; readonly plain: string; readonly devices: string }[] = [
  {
    term: "NAPT, address and port-dependent mapping and filtering (RFC 4787)",
    plain:
      "Many hosts leave under one address. From outside, only answers come in, from exactly the address and port that a host had sent to.",
    devices: "Linux MASQUERADE, as in OpenWrt and most home routers built on Linux.",
  },
  {
    term: "DNAT, port forward (static mapping)",
    plain: "Connections to a port of the router go to a host behind it; ports that are not forwarded stay closed.",
    devices: "“Port forwarding” or “virtual server” of a home router; iptables -j DNAT.",
  },
  {
    term: "Port preservation (RFC 4787 section 4.2.1)",
    plain: "The router keeps the port number when it translates, as the passive range of an FTP server needs.",
    devices: "A forward of 50000-50999 to the same ports.",
  },
  {
    term: "Hairpinning (RFC 4787 section 6)",
    plain: "A client inside dials the outside address of its own router and is led back in.",
    devices: "“NAT loopback” or “NAT reflection” of home routers.",
  },
  {
    term: "Carrier-grade NAT, double NAT (RFC 6888)",
    plain: "Two translations in a row; the second one belongs to the provider.",
    devices: "Mobile networks, many fibre and cable lines; 100.64.0.0/10 inside.",
  },
  {
    term: "FTP application level gateway (RFC 2663): the helper",
    plain:
      "The router reads the control connection, rewrites addresses in it, and opens the port that it names. It cannot read TLS.",
    devices: "Linux nf_conntrack_ftp, “FTP ALG” or “inspect ftp” of Cisco, Juniper, FortiGate and others.",
  },
  {
    term: "Expectation, RELATED",
    plain:
      "A connection that a helper has read about and that is about to come; the filter can let it pass for that reason.",
    devices: "iptables -m conntrack --ctstate RELATED.",
  },
  {
    term: "Stateful filter without NAT",
    plain: "Addresses stay unchanged; only connections that a rule allows pass, and the answers to them.",
    devices: "Cloud security groups, IPv6 home routers, company firewalls.",
  },
];
