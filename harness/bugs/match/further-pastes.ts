/** What else somebody could paste that would show which cause it is. */
import { nameUnknown } from "../logs/system-words";
import type { CauseId } from "../../model/diagnosis";
import type { SoftwareId } from "../../model/ids";
import type { Candidate } from "./candidates";
import type { Setting } from "./setting";

/** Who sees a cause. */
type Witness = "client" | "server" | "server-tls" | "server-host" | "client-host" | "router" | "capture";

const witnesses: Readonly<Partial<Record<CauseId, Witness>>> = {
  "helper-after-nat": "router",
  "line-altered-on-the-way": "capture",
  "reverse-path-filtered": "router",
  "ttl-expired": "capture",
  "control-connection-untracked": "router",
  "client-host-firewall": "client-host",
  "rule-blocks-data-connection": "router",
  "port-altered-on-the-way": "router",
  "answer-lost-on-return": "capture",
  "helper-dropped-line": "router",
  "return-route-missing": "capture",
  "client-never-dialled": "client",
  "client-program-failed": "client",
  "port-unreachable": "router",
  "server-host-firewall": "server-host",
  "path-mtu-black-hole": "capture",
  "helper-dropped-partial-line": "router",
  "control-line-blocked": "capture",
  "implicit-explicit-mismatch": "client",
  "tls-not-offered": "server",
  "tls-versions-do-not-meet": "server-tls",
  "certificate-expired": "client",
  "certificate-name-mismatch": "client",
  "certificate-untrusted": "client",
  "foreign-data-peer": "server",
  "tls-session-not-reused": "server-tls",
  "data-tls-broken-off": "server-tls",
  "data-tls-too-early": "server-tls",
  "client-does-not-begin-data-tls": "server-tls",
  "ccc-shutdown-mismatch": "server-tls",
  "ccc-unanswered": "server-tls",
  "client-cannot-parse-reply": "client",
  "transfer-end-lost": "server-tls",
  "helper-missed-first-line-after-ccc": "router",
  "helper-blind-to-tls": "router",
  "helper-not-on-port": "router",
  "helper-does-not-know-line": "router",
  "related-not-accepted": "router",
  "passive-address-rejected-by-client": "client",
  "passive-address-not-dialled": "client",
  "passive-address-unroutable": "client",
  "data-connection-to-other-server": "router",
  "egress-blocked": "router",
  "no-helper": "router",
  "passive-port-not-forwarded": "router",
  "active-connection-blocked": "capture",
  "control-connection-dropped-idle": "capture",
};

/** How each server is made to log what it did, in its own configuration. */
const serverLogs: Readonly<Record<SoftwareId, { readonly plain: string; readonly tls: string }>> = {
  proftpd: { plain: "SystemLog, with DebugLevel 10", tls: "TLSLog, with TLSOptions EnableDiags" },
  vsftpd: { plain: "log, with log_ftp_protocol=YES", tls: "log, with debug_ssl=YES" },
  "pure-ftpd": { plain: "syslog, with VerboseLog yes", tls: "syslog, with VerboseLog yes" },
  pyftpdlib: { plain: "log at level DEBUG", tls: "log at level DEBUG" },
  aioftp: { plain: "log at level DEBUG", tls: "log at level DEBUG" },
  // It stands for servers of whose logs nobody knows the names.
  scripted: { plain: "log with commands and replies", tls: "log with commands and replies" },
};

/** How each client is made to tell all. */
const clientLogs: Readonly<Record<string, string>> = {
  curl: "curl -v",
  lftp: "debug 9",
  filezilla: "debug level 4 in its settings",
  ftplib: "set_debuglevel(2)",
  "basic-ftp": "client.ftp.verbose = true",
  wget: "--debug",
};

const onLinux = "`iptables-save` or `nft list ruleset` on Linux";

/** How each tool of a host's firewall lists its rules. */
const hostRules: Readonly<Record<NonNullable<Setting["firewall"]>, string>> = {
  ufw: "`ufw status verbose`",
  firewalld: "`firewall-cmd --list-all`",
  windows: "`netsh advfirewall firewall show rule name=all dir=in`",
  nft: "`nft list ruleset`",
  iptables: "`iptables-save`",
};

/** So many are asked for at once. */
const mostAsked = 2;

/** What would settle which of the likeliest causes it is, best first; nothing of what is there already. */
export function furtherPastes(candidates: readonly Candidate[], setting: Setting): readonly string[] {
  const [first, second] = candidates;
  if (first === undefined || (first.confidence === "shown" && second?.confidence !== "shown")) return [];
  const wanted = [first, second].flatMap((candidate) =>
    candidate === undefined ? [] : (witnesses[candidate.cause] ?? "server"),
  );
  // What it says of TLS is in the whole of its log.
  const asked = new Set(wanted);
  if (asked.has("server-tls")) asked.delete("server");
  return [...asked].flatMap((witness) => named(witness, setting) ?? []).slice(0, mostAsked);
}

function named(
  witness: Witness,
  { symptom, software: own, hasServerLog, between, text, product, firewall }: Setting,
): string | null {
  const { client, facts = [] } = symptom;
  if (nameUnknown.test(text)) return null;
  const isListed = facts.some(({ kind }) => kind === "rule");
  switch (witness) {
    case "client": {
      const how = client === null ? undefined : clientLogs[client];
      return `the client's whole log${how === undefined ? "" : ` (${how})`}`;
    }
    case "server":
    case "server-tls": {
      const logged = own === null ? null : serverLogs[own][witness === "server" ? "plain" : "tls"];
      const log =
        logged === null
          ? `the server's own log of this session${witness === "server" ? "" : ", with what it says of TLS"}`
          : `the server's ${logged}`;
      return hasServerLog ? null : log;
    }
    case "server-host":
      return isListed
        ? null
        : `the firewall rules of the server's host (${firewall === null ? onLinux : hostRules[firewall]})`;
    case "client-host":
      return isListed ? null : "the firewall rules of the client's host";
    case "router":
      if (isListed || between === "nothing") return null;
      return between === "router"
        ? `the rules of the router (${product?.rules ?? onLinux})`
        : `the rules of the router before the server, if there is one (${onLinux})`;
    case "capture":
      return facts.some(({ kind }) => kind === "packet") ? null : "`tcpdump -n tcp` at the server during the failure";
  }
}
