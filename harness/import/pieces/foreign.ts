/** Texts that people give and that import does not read, each with what it is and what to give in its place. */

type Foreign = {
  /** What a line of it looks like. */
  readonly line: RegExp;
  readonly what: string;
  readonly hint: string;
};

const leaveOut = (system: string): string =>
  `import reads only rules of Linux. Leave the file out; say with --front none|nat|forward what ${system} forwards.`;

const changed = "Take the text from the machine again, for example as an attached file.";

const foreigners: readonly Foreign[] = [
  {
    line: /<!DOCTYPE html|<html[\s>]|<\/(body|code|pre|div)>/i,
    what: "this is a web page, not a dump",
    hint: "Save the text of the dump alone, best as the command prints it.",
  },
  {
    line: /^\s*<(pfsense|opnsense)>/,
    what: "this is a backup of pfSense or OPNsense (FreeBSD's pf)",
    hint: leaveOut("pfSense"),
  },
  {
    line: /^# .*\bby RouterOS\b|^\/ip (firewall|address)\b/,
    what: "this is an export of MikroTik's RouterOS",
    hint: leaveOut("RouterOS"),
  },
  {
    line: /^Building configuration|^ip nat (inside|outside) |^ip access-list (extended|standard) |^(object|object-group) network |^ASA Version/,
    what: "this is a Cisco configuration",
    hint: leaveOut("Cisco's router"),
  },
  {
    line: /^config firewall (policy|vip|address)\b/,
    what: "this is a configuration of FortiGate",
    hint: leaveOut("FortiGate"),
  },
  {
    line: /^set (security (nat|policies|zones)|interfaces \S+ unit|(service|nat) (destination|source|nat)|firewall (name|ipv4)) /,
    what: "this is a configuration of Junos, VyOS or EdgeOS",
    hint: "On VyOS and EdgeOS, which are Linux, give what `sudo iptables-save` or `sudo nft list ruleset` prints. On Junos leave the file out.",
  },
  {
    line: /^(rdr|nat|binat) (pass )?on \S|^(pass|block) (in|out) (log )?(quick )?(on|proto|inet) /,
    what: "these are rules of pf (BSD)",
    hint: leaveOut("pf"),
  },
  {
    line: /^\s*@def \$|^\s*(?:proto|interface|mod state) \(?[^;{]*(?:\{\s*$|\b(?:ACCEPT|DROP|DNAT|MASQUERADE)\b.*;)/,
    what: "this is a configuration of ferm",
    hint: "Give what `iptables-save` prints; ferm has loaded its rules there.",
  },
  {
    line: /^Windows IP Configuration|^Windows-IP-Konfiguration|^Rule Name:\s/,
    what: "this is from Windows",
    hint: leaveOut("Windows"),
  },
  {
    line: /^\s*(<VirtualHost \S+:(80|443|8080|8443)>|DocumentRoot\s|SSLEngine\s|<Directory\s+"?\/var\/www|ServerAlias\s\S+\.|server \{|http \{|proxy_pass\s)/i,
    what: "this is a configuration of a web server (Apache, nginx)",
    hint: "Give the FTP server's own file, such as /etc/proftpd/proftpd.conf.",
  },
  {
    line: /^\s*\{\s*"nftables"\s*:/,
    what: "this is nft's JSON",
    hint: "Give what `nft list ruleset` prints without -j.",
  },
  {
    line: /^\s*\[?\s*\{\s*"(?:ifindex|dst)":/,
    what: "this is ip's JSON",
    hint: "Give what `ip addr` and `ip route` print without -j.",
  },
  {
    line: /^\*(?!(?:filter|nat|raw|mangle|security)\s*$)[a-z]*\d[a-z\d]*\s*$|^:\w+ (?:DROP|ACCEPT) \[[\d:]*[A-Za-z]|^C0MMIT/,
    what: "this text was recognised from a picture, or typed by hand (letters instead of digits)",
    hint: "Take the text itself from the machine.",
  },
  {
    line: /^[>|]\s?(\*(filter|nat|raw|mangle)|:?-?[AP]? ?(INPUT|FORWARD|PREROUTING) |-A |table (ip|inet) )/,
    what: "a mail or forum has quoted this text",
    hint: changed,
  },
  {
    line: /^\[?[^#]*-[AI] \S+ .*(\s[\u2013\u2014][a-z]|[\u201c\u201d\u201e\u00ab\u00bb])|^-A .*&(quot|lt|gt|amp);/,
    what: "a mail, a word processor or a web page has changed this text (dashes, quotation marks)",
    hint: changed,
  },
];

/** What a command says that did not do what it should. */
const failure =
  /^\[sudo\] password|is not in the sudoers|^Sorry, try again|must be root|Permission denied|Operation not permitted|[Cc]ommand not found|: not found$|No such file or directory|Could not fetch rule set|can't initialize|authentication failure|a password is required|Incorrect password/i;

export type ForeignForm = { readonly what: string; readonly hint: string; readonly index: number };

/** `null` for a text that may be read. */
export function foreignForm(lines: readonly string[]): ForeignForm | null {
  for (const { line, what, hint } of foreigners) {
    const index = lines.findIndex((one) => line.test(one));
    if (index >= 0) return { what, hint, index };
  }
  const said = lines.filter((line) => line.trim() !== "");
  if (said.length === 0 || !said.every((line) => failure.test(line))) return null;
  return {
    what: "this is the error message of a command",
    hint: "Run it again as root, where it is installed. This does not mean that there are no rules.",
    index: lines.findLastIndex((line) => line.trim() !== ""),
  };
}

/** How a file is packed, by its first bytes read as UTF-8; `null` if it is not. */
export function packing(text: string): string | null {
  if (text.startsWith("\u001F\uFFFD")) return "gzip";
  if (text.startsWith("PK\u0003\u0004")) return "zip";
  if (text.startsWith("BZh")) return "bzip2";
  if (text.startsWith("\uFFFD7zXZ")) return "xz";
  return null;
}
