import { lineByLine } from "../speaker-form";

/** fail2ban, CSF's lfd, DenyHosts, SSHGuard, CrowdSec, BlockHosts, cPHulk: what they write begins or names itself so. */
const tools =
  /\bfail2ban\.(?:actions|filter|observer)\b|\bStatus for the jail: |^[\s|`-]*(?:Currently banned|Banned IP list):|\blfd(?:\[\d+\])?: |\bcsf\.deny\b|\bdenyhosts\b|\bsshguard(?:\[\d+\])?: |\bcrowdsecurity\/|\bblockhosts\.py\b|\[cphulkd\]/i;

/** The words of programs that ban addresses after failed logins. */
export const banTools = lineByLine({
  id: "ban-tools",
  title: "the log of a program that bans addresses",
  by: "kernel",
  software: null,
  read: (text) => (tools.test(text) ? { said: [{ direction: "*", text: text.trim() }] } : null),
});
