/** What systems, programs that ban, load balancers and tools that try a port say around a session. */
import { wordsClue } from "./clue";
import type { Scene } from "./scene";

const daemon = String.raw`(?:vsftpd|proftpd|pure-?ftpd|[\w-]*ftpd?)`;
const named = (words: string, flags = "i"): RegExp => new RegExp(words.replaceAll("DAEMON", daemon), flags);

/** A client that got an answer has reached the server, whatever others say of its port. */
const isUnanswered = ({ exchanges, earlier, lines }: Scene): boolean =>
  exchanges.length + earlier.length === 0 &&
  !lines.some(({ direction, text }) => direction === "<" && text.startsWith("220"));

/** A ban stops clients that are not logged in yet. */
const mayBeBanned = ({ exchanges }: Scene): boolean =>
  !exchanges.some(({ verb, code }) => verb === "PASS" && code !== null && code < 300);

export const machineClues = [
  wordsClue([
    {
      says: /\] (?:Restore |Increase )?Ban \S*\d|\d already banned$|\bBanned IP list: *\S*\d|\(\w*ftpd?\) Failed FTP login from .*(?:\*?Blocked in csf|in the last \d+ secs\b)|\bnew denied hosts: \['|\bsshguard\b.*\bBlocking "|crowdsecurity\/\S*ftpd?-bf .*\bban\b|\bblocking \w*ftpd? \d|\bcphulkd\b.*\bblocking \d.*\bftp\b|\bDenyHosts?\b.*\bdenied\b/i,
      unless: /\bUnban\b|\[sshd\]/,
      when: mayBeBanned,
      means: "a program that bans addresses has banned one",
      votes: { "server-denies-address": "names" },
    },
    {
      says: /\bFAIL: ftp\S* (?:per_source_limit|service_limit|load) from=|\bDeactivating service ftp\S* due to excessive/,
      means: "xinetd starts no more servers, since a limit is reached",
      votes: { "server-limit-reached": "names" },
    },
    {
      says: /\bFAIL: ftp\S* (?:address|time|libwrap) from=/,
      when: mayBeBanned,
      means: "xinetd turns this address away",
      votes: { "server-denies-address": "names" },
    },
    {
      says: /\bftp\S*\/tcp server failing \(looping\)/,
      means: "inetd has given the service up, since its server ended too often",
      votes: { "server-limit-reached": "hints", "server-process-died": "speaks" },
    },
    {
      says: named(
        String.raw`\b(?:DAEMON\[\d+\]: .*\bfork(?:\(\)|ing)?\b.*|unable to fork\(\).*)Resource temporarily unavailable|^[45]\d\d\b.*\b(?:Too many open files|EMFILE)\b`,
      ),
      means: "the server can start no process or open no file more",
      votes: { "server-limit-reached": "names" },
    },
    {
      says: named(
        String.raw`\b(?:DAEMON)\b.*(?:Failed binding to \S+, port \d+|could not bind listening).*|\bUnable to start a standalone server: \[|\bServerType directive to ensure`,
      ),
      means: "the server could not take the port on which it is to listen",
      votes: { "server-setting-broken": "names" },
    },
    {
      says: named(String.raw`\bDAEMON\.service: (?:Main|Control) process exited, code=exited, status=[1-9]`),
      means: "the server's program gave up by itself, as for a configuration that it does not take",
      votes: { "server-setting-broken": "hints", "port-unreachable": "allows", "server-process-died": "allows" },
    },
    {
      says: named(
        String.raw`\bDAEMON\.service: Failed with result 'oom-kill'|\bDAEMON\.service: .*\bkilled by the OOM killer`,
      ),
      means: "a process of the server was killed for want of memory",
      votes: { "server-process-died": "names" },
    },
    {
      // systemctl's own lines name the state alone.
      says: /^\s*Active: (?:inactive \(dead\)|failed \()/,
      when: isUnanswered,
      means: "the server does not run",
      votes: { "port-unreachable": "hints", "server-setting-broken": "allows", "server-process-died": "allows" },
    },
    {
      says: named(
        String.raw`\bpam_\w+\(\S*ftp\S*:\w+\): .*(?:not found|Refused user|Authentication failure|tally \d+, deny)|\bpam_access\(\S*ftp\S*\): access denied`,
      ),
      means: "PAM refused the login",
      votes: { "login-refused": "names" },
    },
    {
      says: named(String.raw`\bDAEMON\S*: PAM (?:unable to dlopen|adding faulty module)`),
      means: "a module that the server's PAM settings name is not there",
      votes: { "server-setting-broken": "names" },
    },
    {
      says: /\bavc:\s+denied\s+\{ name_bind \}.*comm="[^"]*ftpd/i,
      unless: /permissive=1/,
      means: "SELinux does not let the server take its port",
      votes: { "server-setting-broken": "names", "server-denies-file": "denies" },
    },
    {
      says: /\bavc:\s+denied\s+\{ name_connect \}.*comm="[^"]*ftpd/i,
      unless: /permissive=1/,
      means: "SELinux does not let the server connect to the client's port",
      votes: { "server-host-firewall": "hints", "active-connection-blocked": "speaks", "server-denies-file": "denies" },
    },
    {
      says: named(
        String.raw`\bSELinux is preventing (?:\S*/DAEMON|the ftp daemon)\b|\bapparmor="DENIED" operation="(?:open|mknod|mkdir|unlink|rename\w*|truncate|link|chmod|rmdir)" .*(?:profile|comm)="[^"]*DAEMON"`,
      ),
      means: "the system does not let the server at a file or folder",
      votes: { "server-denies-file": "hints", "server-setting-broken": "allows" },
    },
    {
      says: /\bTCP connection to \[?\S+:(?:tcp:)?(?:21|990)\]? failed|\bRemoving service \[?\S+:(?:21|990)\b|\bPool \S*ftp\S* member \S+ monitor status down/,
      when: isUnanswered,
      means: "a load balancer does not reach the server behind it",
      votes: { "port-unreachable": "names" },
    },
    {
      says: /\bhaproxy\[\d+\]: .*\bftp\S{0,60}\/\S{1,60} \S{1,40} \d{1,12} [cs]D /,
      means: "a load balancer ended a connection on which nothing was sent for long",
      votes: { "control-connection-dropped-idle": "names" },
    },
    {
      says: /^(?:21|990)\/tcp\s+(?:filtered|closed)\s+ftps?\b|\bTcpTestSucceeded *: False|\bTCP connect to \(?\S+ ?: ?(?:21|990)\)? failed|\bon port (?:21|990): Connect failed|^Ncat: (?:TIMEOUT|Connection refused|No route to host)\.?$|\[[\d.]+\] (?:21|990) \(ftps?\) : |^(?:SYN-SENT|SYN_SENT)\s+\d+\s+\d+\s+\S+\s+\S+:(?:21|ftp)\b|\s\S+:(?:21|ftp|990)\s+SYN_SENT\b|:(?:ftp|21) \(SYN_SENT\)|\bconnect:errno=(?:111|110|113)\b/,
      unless: /: open$|\bsucceeded\b/i,
      when: isUnanswered,
      means: "a try of the control port did not succeed",
      votes: { "port-unreachable": "hints", "server-host-firewall": "allows", "return-route-missing": "allows" },
    },
    {
      says: /^(?:SYN-SENT|SYN_SENT)\s+\d+\s+\d+\s+\S+\s+\S+:(?!21\b)\d{4,5}\b|^\d{4,5}(?:-\d{4,5})?\/tcp\s+filtered\b/,
      means: "a try of a high port got no answer",
      votes: { "passive-port-not-forwarded": "speaks", "server-host-firewall": "speaks" },
    },
    {
      says: /\bFTP: (?:PASV response (?:spoof|bounce) attack|PORT bounce attack)|%(?:ASA|FTD|PIX)-\d-30300[45]\b|terminated by inspection engine|%FW-\d-FTP_\w+/,
      means: "a firewall that reads the dialogue stopped a line of it",
      votes: { "control-line-blocked": "names", "active-address-refused": "denies" },
    },
    {
      says: /\bFTP: Data connection from non default port dropped/,
      means: "a firewall wants active data connections to come from port 20",
      votes: { "active-connection-blocked": "names" },
    },
    {
      says: /\bconntrack_ftp: partial (?:227|229|PORT|EPRT)\b/,
      means: "the kernel's FTP helper dropped a packet, since it took a line in it for one whose end was missing",
      votes: { "helper-dropped-partial-line": "names", "helper-dropped-line": "speaks" },
    },
    {
      says: /\bftp-proxy\[\d+\]: .*\bserver refused connection/,
      when: isUnanswered,
      means: "the proxy does not reach the server",
      votes: { "port-unreachable": "names" },
    },
    {
      says: /\bftp-proxy\[\d+\]: .*\bclient limit \(\d+\) reached/,
      means: "the proxy takes no more clients",
      votes: { "server-limit-reached": "names" },
    },
  ]),
];
