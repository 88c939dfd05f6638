/** Which cures of the server's administrator fit a paste. */
import { nameUnknown } from "../../logs/system-words";
import { notUnderstood } from "../../logs/unreadable";
import type { PrintedRemedy } from "../../../model/diagnosis";
import type { MatchedCure } from "../../../model/match";
import type { Setting } from "../setting";
import {
  endsByTime,
  fits,
  instead,
  ifShown,
  offersOldOnly,
  onlyIf,
  says,
  shows,
  unless,
  without,
  type Case,
  type Fit,
} from "./fit";

/** The name on a certificate was checked for the data connection: the reply's address is the name that did not match. */
export const isDataCertificate = ({ symptom: { stage, announced, dialled }, text }: Setting): boolean =>
  stage === "data-tls" ||
  (announced !== null &&
    announced.address !== null &&
    announced.address !== dialled &&
    text
      .split("\n")
      .some((line) => /certificat|alternative name|altname/i.test(line) && line.includes(announced.address ?? "")));

const isStage =
  (...stages: readonly string[]) =>
  ({ symptom: { stage } }: Setting): boolean =>
    stage !== null && stages.includes(stage);

/** What an administrator types who uses this firewall, for a port or a range. */
function openLines({ firewall, nftChain, serverSystem }: Setting, first: string, last: string): readonly string[] {
  const ports = (between: string): string => (first === last ? first : `${first}${between}${last}`);
  switch (firewall) {
    case "ufw":
      return [`ufw allow ${ports(":")}/tcp`];
    case "firewalld":
      return [`firewall-cmd --permanent --add-port=${ports("-")}/tcp`, "firewall-cmd --reload"];
    case "windows":
      return [
        `netsh advfirewall firewall add rule name="FTP" dir=in action=allow protocol=TCP localport=${ports("-")}`,
      ];
    case "nft":
      return [`nft insert rule ${nftChain ?? "inet filter input"} tcp dport ${ports("-")} accept`];
    case "iptables":
      return serverSystem === "linux" ? [`iptables -I INPUT -p tcp --dport ${ports(":")} -j ACCEPT`] : [];
    case null:
      return [];
  }
}

export const openServerHost: Fit = (cure, setting) => {
  const { symptom, passive, range } = setting;
  // No packet of a loopback leaves the host.
  if (symptom.dialled?.startsWith("127.") === true || symptom.dialled === "::1") return null;
  if (isStage("control-connect", "greeting")(setting)) {
    const port = setting.controlPort ?? 21;
    return instead(
      cure,
      "Let the server's own firewall accept the control port.",
      openLines(setting, String(port), String(port)),
    );
  }
  if (passive === false) return instead(cure, "Let the server's own firewall pass the connections that it opens.");
  const [first, last] = range ?? ["FIRST_PORT", "LAST_PORT"];
  return instead(
    cure,
    "Let the server's own firewall accept the passive ports.",
    openLines(setting, String(first), String(last)),
  );
};

/** Clients, proxies and firewalls that hold the two against each other. */
const saysAnother =
  /address mismatch|unroutable|is different than the address|Server IP is|not (?:the )?same as server/i;

/** The address in the reply against the one that was dialled. */
function namesAnother({ symptom: { announced, dialled, data, stage }, text }: Setting): boolean | null {
  const named = announced?.address ?? null;
  if (data === "epsv" || data === "eprt" || data === "port" || stage === "greeting") return false;
  if (named === null) return null;
  if (/^(?:0|127)\./.test(named) || saysAnother.test(text)) return true;
  return dialled === null ? null : named !== dialled;
}

/** Lines of a setting that is there already. */
const withoutRange =
  (fit: Fit): Fit =>
  (cure, setting) =>
    fit(
      setting.range === null
        ? cure
        : { ...cure, lines: cure.lines.filter((line) => !/^(?:pasv_m|PassivePort)/.test(line)) },
      setting,
    );

const storage =
  /quota|(?:disk|volume|device) (?:is )?full|no space|out of space|insufficient|exceed|allocation|\b[BDE]37-|^.*\b(?:452|552)\b/im;

/** Lines with a refusal of a file: what people write about rights and files elsewhere is no reason. */
const refusing = /\bsc-win32-status\b|\b(?:45[0-2]|55[0-3])\b|\bSTOR\b|\bOOPS\b|could not|can(?:no|')t/i;

function fileWords({ symptom, text: pasted, said }: Case): string {
  // What the server says of room it says of nothing else.
  if (storage.test(said) && !/permission|denied/i.test(said))
    return "Make room where the file is to go, or raise the quota of this login.";
  // What a number of Windows stands for is in the line that was read, and not in the paste.
  const text = [...pasted.split("\n"), ...symptom.lines.map(({ text: read }) => read)]
    .filter((line) => refusing.test(line))
    .join("\n");
  if (storage.test(text) && (symptom.operation === "upload" || /quota|space|full/i.test(text)))
    return "Make room where the file is to go, or raise the quota of this login.";
  if (
    /permission|denied|not allowed|not authori[sz]ed|read-only|could not create|can(?:no|')t create|create directory/i.test(
      text,
    )
  )
    return "Give this login the right to the file and its folder, as the server's system counts rights.";
  if (/failure writing|write error|error writing|input\/output error|local file/i.test(text))
    return "Look whether the server's disk has room for the file, and whether the quota of this login is used up.";
  if (symptom.operation === "upload" && !/no such file|not found/i.test(text))
    return "Look whether this login may write to that folder, and whether the file's name is allowed.";
  if (/in use|busy|locked|being used/i.test(text)) return "Let go whatever holds the file, and try again.";
  return "Look whether the file or folder is there, under the root that this login has.";
}

const namesDemand = /reuse|resum|session ID|cached (?:TLS|SSL) session|Operation not permitted/i;

const notKnown = /not understood|not (?:recogni[sz]ed|implemented|supported)|unknown command|unrecogni[sz]ed/i;

/** The server lists what it knows (RFC 2389), without the data command that it calls unknown. */
const lacksCommand = ({ features, text, symptom: { data } }: Setting): boolean =>
  features !== null && data !== null && notKnown.test(text) && !features.toLowerCase().includes(data);

/** The limit that the reply speaks of: of one user, of one address, or of all. */
const limits: readonly (readonly [RegExp, string, RegExp])[] = [
  [/(?:for|by|from|of) (?:this|the same|your|one|each) (?:user|account|login)|per[- ]user/i, "one user", /PerUser/],
  [
    /(?:for|by|from|of) (?:this|the same|your|one|each) (?:host|IP|address|client)|per[- ](?:host|IP|address|client)|your (?:IP|host|internet address)/i,
    "one address",
    /PerHost|per_ip/,
  ],
];

function limitOf(cure: PrintedRemedy, { symptom: { lines } }: Setting): MatchedCure {
  const said = lines.filter(
    ({ direction, text }) => direction !== ">" && /^[45]\d\d|limit|maximum|too many/i.test(text),
  );
  const found = limits.find(([words]) => said.some(({ text }) => words.test(text)));
  // Without a word of a limit it is a guess.
  const isSaid = /limit|\bmax|too many|already connected|\bfull\b|busy|no more/i.test(
    said.map(({ text }) => text).join("\n"),
  );
  if (found === undefined)
    return isSaid ? { ...cure, onlyIf: null } : { ...cure, lines: [], onlyIf: "a limit of the server is reached" };
  const [, whose, own] = found;
  return instead(
    cure,
    `Allow more sessions at once of ${whose}.`,
    cure.lines.filter((line) => own.test(line)),
  );
}

/** Something that the server itself wrote of the reason. */
const whyDied =
  /signal \d+|\bseccomp\b|\bprotection fault\b|\bException \(\d+\)|Guru Meditation|hard ?fault|stack smashing|watchdog|segfault|SIGSEGV|Out of memory|oom-kill|panic|assert/i;

export const serverFits: Readonly<Record<string, Fit>> = {
  "open-server-host": openServerHost,
  "name-dialled-address": withoutRange((cure, setting) => {
    const another = namesAnother(setting);
    if (another === false) return null;
    const said = { ...cure, what: "Let the server name the address that clients dial." };
    return another === true
      ? fits(said, setting)
      : onlyIf("clients dial another address than the reply names")(said, setting);
  }),
  "widen-passive-range": (cure, setting) => ({
    ...cure,
    what: "Give passive connections more ports than transfers ever run at the same time, and open them on the way.",
    lines: cure.lines.filter((line) => /^(?:pasv_m|PassivePort|handler\.passive)/.test(line)),
    onlyIf: setting.range === null ? null : null,
  }),
  "grant-ccc": ifShown(
    ({ software, text }) => (software !== null && /\b5\d\d\b/.test(text) ? true : null),
    "the server has a setting for CCC",
  ),
  "protect-password-only": unless(
    ({ text }) => !/requir|policy|must|demand|only/i.test(text),
    onlyIf("the server is set to demand this protection"),
  ),
  "demand-no-tls": unless(({ symptom: { mode } }) => mode !== null && mode !== "ftp"),
  "accept-new-sessions": ifShown(
    ({ text }) => (namesDemand.test(text) ? true : null),
    "the server demands session reuse, and has a setting for it",
  ),
  "remember-sessions": unless(
    ({ text }) => !/session.{0,40}(?:expired|cache|timeout|forg)/i.test(text),
    onlyIf("the server forgets sessions"),
  ),
  "show-trusted-certificate": (cure, setting) => {
    const { text } = setting;
    // The name that was checked is the client's choice, and the data connection's certificate is that of the control connection.
    if (isDataCertificate(setting) && /altnames|match/i.test(text)) return null;
    if (/expired|NotAfter|not yet valid/i.test(text))
      return says("Renew the certificate, and let the server read it.")(cure, setting);
    if (/self[- ]signed|Not trusted|issuer|unknown ca|chain|verify the first/i.test(text))
      return says("Use a certificate of an authority that clients know, with the intermediate ones in its file.")(
        cure,
        setting,
      );
    return says("Use a certificate that carries the name by which clients dial, valid today.")(cure, setting);
  },
  "take-any-data-peer": (cure, setting) =>
    /Host attempting data connection .* is not/.test(setting.text)
      ? {
          ...instead(
            cure,
            "Let the client not compare the two addresses (Commons Net's remote verification), once their owner says that both are the server's.",
            ["client.setRemoteVerificationEnabled(false);"],
          ),
          party: "user",
        }
      : says("Let the server accept data connections from other addresses than the control connection's.")(
          cure,
          setting,
        ),
  "offer-tls-versions": (cure, setting) =>
    offersOldOnly(setting)
      ? onlyIf("the client cannot be updated")(
          { ...cure, what: "Let the server take that version too, at an address or a port for such clients alone." },
          setting,
        )
      : // ProFTPD knows the word from 1.3.7 on.
        /\bProFTPD 1\.3\.[0-6]/.test(setting.text)
        ? says("Let the server offer TLS 1.2.")(
            { ...cure, lines: cure.lines.map((line) => line.replace(/ TLSv1\.3\b/, "")) },
            setting,
          )
        : says("Let the server offer TLS 1.2 and 1.3.")(cure, setting),
  // A port that cannot be reached tells nothing of TLS.
  "offer-tls": unless((setting) => isStage("control-connect")(setting) && setting.symptom.mode !== "ftps-implicit"),
  "listen-on-port": (cure, setting) =>
    nameUnknown.test(setting.text)
      ? { ...instead(cure, "Check the server's name, and whether this machine's DNS knows it."), party: "user" }
      : says("See that the server runs, and listens on the port that clients dial.")(cure, setting),
  "separate-implicit-tls": onlyIf("the server is to offer TLS from the start"),
  "server-keepalive": (cure, setting) =>
    endsByTime(setting)
      ? instead(cure, "Raise the server's own time limit for silent control connections.")
      : fits(cure, setting),
  "allow-command": (cure, setting) =>
    setting.cause === "server-denies-command" && notKnown.test(setting.text)
      ? {
          ...cure,
          party: "user",
          what: "Let the client do without that command, as with LIST in the place of MLSD.",
          lines: [],
          onlyIf: null,
        }
      : lacksCommand(setting)
        ? instead(cure, "Use server software that knows the command: this one does not list it.")
        : /denied|not allowed|disabled|prohibited|forbidden|filtered|policy/i.test(setting.text)
          ? fits(cure, setting)
          : onlyIf("a setting of the server denies the command")(cure, setting),
  "raise-session-limit": unless(shows(/\bquota\b|\bdisk (?:quota|full|space)|\b552\b/i), (cure, setting) =>
    endsByTime(setting)
      ? instead(cure, "Raise the server's time limit that the reply speaks of.")
      : limitOf(cure, setting),
  ),
  "allow-address": unless(
    ({ symptom: { dialled }, text }) => dialled?.startsWith("127.") === true || /\blocalhost\b/.test(text),
    ifShown(
      (setting) =>
        shows(
          /unauthori[sz]ed|not authori[sz]ed|bann|blacklist|blocked|not allowed|denied|refused connect|hosts\.(?:deny|allow)|tcp_wrappers|autoban|fail2ban/i,
        )(setting)
          ? true
          : null,
      "the server's access rules name the client's address",
    ),
  ),
  "answer-sooner": unless(
    ({ symptom: { stage } }) => stage !== "control-connect" && stage !== "greeting" && stage !== "login",
    (cure, setting) =>
      /\b(?:UseReverseDNS|IdentLookups) on\b/i.test(setting.text)
        ? instead(cure, "Let the server look up neither the client's name nor its user before it greets.", [
            "UseReverseDNS off",
            "IdentLookups off",
          ])
        : /\breverse_lookup_enable ?= ?YES\b/i.test(setting.text)
          ? instead(cure, "Let the server not look up the client's name before it greets.", [
              "reverse_lookup_enable=NO",
            ])
          : onlyIf("the server looks up the client's name first")(cure, setting),
  ),
  "grant-file-access": (cure, setting) =>
    /avc:\s+denied/.test(setting.text)
      ? instead(cure, "Let SELinux give the server's domain the right to it.", ["setsebool -P ftpd_full_access on"])
      : instead(cure, fileWords(setting), setting.serverSystem === "linux" ? cure.lines : []),
  "mend-setting": (cure, setting) =>
    /\binvalid pasv_address\b/.test(setting.text)
      ? instead(cure, "Give pasv_address an IP address, or let the server look its name up.", ["pasv_addr_resolve=YES"])
      : /\bOOPS\b(?!.*priv_sock)|directive|bad bool|unrecogni[sz]ed variable|home dir|writable root|\bSQL\b|\bLDAP\b|backend|Unable to set up|SSL_CTX|private key|\.pem\b/i.test(
            setting.text,
          )
        ? says("Mend what the server complains of in that line.")(
            // What it complains of at a login, a look at its configuration does not show.
            isStage("control-connect", "greeting")(setting) || setting.symptom.stage === null
              ? cure
              : { ...cure, lines: [] },
            setting,
          )
        : onlyIf("the server's log names a setting")(says("Mend it.")(cure, setting) ?? cure, setting),
  "log-more": (cure, setting) => {
    const { text, hasServerLog, cause } = setting;
    if (cause === "client-cannot-parse-reply" || (cause === "server-denies-command" && notKnown.test(text)))
      return null;
    if (
      cause === "server-process-died" &&
      /\bseccomp\b|\btype=1326\b|\bsig=31\b.*\bsyscall=\d/i.test(text) &&
      /\bvsftpd\b/i.test(text)
    )
      return instead(cure, "Update vsftpd, or turn off the sandbox that kills its processes.", ["seccomp_sandbox=NO"]);
    if (whyDied.test(text))
      return instead(cure, "Update the server's software, and look into the system's log for that moment.");
    if (cause === "server-reply-malformed") {
      const { dataReply } = setting.symptom;
      // The standard wants no brackets, and most clients do (RFC 1123 section 4.1.2.6).
      if (dataReply?.form === "legal" && !/^.*\b(?!22[79])[1-5]\d\d[ -]/m.test(setting.said))
        return dataReply.code === 227 && !/\b227[ -][^\n]*\(\d/.test(text)
          ? instead(cure, "Let the server write brackets around the numbers of its 227, as most clients expect them.")
          : null;
      return {
        ...instead(cure, "Update the server's software, which sends it."),
        onlyIf: "nothing on the way changes the reply",
      };
    }
    if (hasServerLog || notUnderstood.test(text)) return null;
    const lines = cure.lines.filter((line) => cause === "login-refused" || !line.startsWith("RequireValidShell"));
    return says("Look into the server's log for the reason.")({ ...cure, lines }, setting);
  },
  "offer-ipv6": (cure, setting) => {
    const hasIpv6 =
      setting.symptom.dialled?.includes(":") === true ||
      /\[(?:::|[0-9a-f]{1,4}:)[0-9a-f:]*\]|::1\b|\|2\|/i.test(setting.text);
    return hasIpv6
      ? { ...cure, party: "user", what: "Connect to the server by its IPv4 address.", lines: [], onlyIf: null }
      : onlyIf("the server has no IPv6 address")(
          says("Give it one, and put it into the DNS.")(cure, setting) ?? cure,
          setting,
        );
  },
  "route-back": unless(
    ({ between }) => between === "nothing",
    without(
      says(
        "Let the server answer by the router through which clients come.",
        onlyIf("the server has several ways out"),
      ),
    ),
  ),
};
