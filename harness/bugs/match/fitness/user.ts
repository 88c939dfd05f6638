/** Which cures of the client's user fit a paste. */
import { wantsTls } from "../../clues/tls";
import type { Setting } from "../setting";
import { isDataCertificate } from "./server";
import {
  endsByTime,
  fits,
  hasAll,
  instead,
  ifShown,
  offersOldOnly,
  onlyIf,
  says,
  shows,
  unless,
  without,
  type Fit,
} from "./fit";

/** A command that the server lists (RFC 2389), or was seen to take; `null` where no line tells. */
const knows =
  (command: string) =>
  ({ features, text }: Setting): boolean | null => {
    const refused = new RegExp(String.raw`\b${command}\b[^\n]*\n[^\n]*\b50[0-2]\b`).test(text);
    if (refused) return false;
    if (features === null) return null;
    return new RegExp(String.raw`\b${command}\b`).test(features);
  };

/** Programs whose users have been told in their own words. */
const isKnownClient = ({ symptom: { client } }: Setting): boolean => client !== null;

/** Lines of a use name the host, the protection and the program: all of that has to be known. */
const withUse =
  (fit: Fit): Fit =>
  (cure, setting) => {
    const { client, mode } = setting.symptom;
    const isKnown = client !== null && mode !== null;
    const lines = isKnown ? cure.lines.map((line) => withPort(line, setting)) : [];
    return fit({ ...cure, lines: setting.symptom.data === null ? lines.flatMap(withoutData) : lines }, setting);
  };

/** Without what chooses a data command, where nobody knows which one was used. */
function withoutData(line: string): readonly string[] {
  return line.includes("prepareTransfer") ? [] : [line.replace(" --disable-epsv", "")];
}

/** The port that was dialled, where it is not the usual one. */
function withPort(line: string, { controlPort, symptom: { dialled } }: Setting): string {
  if (controlPort === null || controlPort === 21 || controlPort === 990 || dialled === null) return line;
  return line.replace(`://${dialled}/`, `://${dialled}:${controlPort}/`);
}

/** A client of the lab that has no lines for it has no such setting. */
const clientCan: Fit = (cure, setting) => {
  if (!isKnownClient(setting)) return onlyIf("the client has a setting for it")(cure, setting);
  return cure.lines.length === 0 ? null : withUse(fits)(cure, setting);
};

/** Another form of passive command helps where the server takes it, and the client was not seen to fail with it. */
const otherPassive = (command: string): Fit =>
  unless(
    // Data for another host than that of the control connection has to be told its address.
    (setting) =>
      (command === "EPSV" && /separate (?:control and data|data) (?:server|host|address)/i.test(setting.text)) ||
      knows(command)(setting) === false ||
      hasSent(command)(setting) ||
      isOutOfStep(setting),
    clientCan,
  );

const hasSent =
  (command: string) =>
  ({ symptom: { lines } }: Setting): boolean =>
    lines.some(({ direction, text }) => direction === ">" && text.startsWith(command));

/** Replies come one too late: no other command mends that. */
const isOutOfStep = ({ symptom: { dataReply }, text }: Setting): boolean =>
  (dataReply?.form === "other" && dataReply.code !== 227 && dataReply.code !== 229) ||
  /^211 END\s*\nPassive mode/m.test(text);

const offersTls = (setting: Setting): boolean | null => {
  const known = knows("AUTH")(setting);
  if (known !== null) return known;
  // A client that asks for it has it.
  if (setting.symptom.lines.some(({ direction, text }) => direction === "<" && wantsTls(text))) return true;
  return /\b234\b|(?:TLS|SSL) (?:is )?required|requires? (?:TLS|SSL)|must use encryption/i.test(setting.text)
    ? true
    : null;
};

/** Where each client has its time-out. */
const timeouts: Readonly<Record<string, string>> = {
  filezilla: "Edit > Settings > Connection: Timeout in seconds: 120",
  lftp: "set net:timeout 120",
  wget: "wget --timeout=120 ...",
};

/** A passive command was sent too, and led to nothing. */
const failedPassive = (setting: Setting): boolean =>
  setting.passive === true || hasSent("PASV")(setting) || hasSent("EPSV")(setting);

/** Windows' ftp.exe, by its prompt for a name, or a client that does not know the command of which people think. */
const hasNoPassive = shows(
  /^\S+ \([^\s()]+:\(\S+\)\): ?\S*$|\bpassive?\b[\s\S]{0,160}(?:\?Invalid command|invalid command|comando inv[aá]lid|comando no v[aá]lid|ung[uü]ltiger Befehl|commande (?:incorrecte|non valide)|comando non valido|неизвестная команда|недопустимая команда|无效命令)/im,
);

/** Where each client says how many connections it opens at once. */
const simultaneous: Readonly<Record<string, string>> = {
  filezilla: "Edit > Settings > Transfers: Maximum simultaneous transfers: 1",
  lftp: "set net:connection-limit 1",
  rclone: "rclone --transfers 1 --checkers 1 ...",
};

const wantsFile = /No such file|not found|does not exist|filename|file name|cannot find/i;

/** Names and listings in another encoding than the client reads. */
const encoding = /\bcodec can(?:'|no)t decode\b|\bUnicodeDecodeError\b|\bDecodingError\b|\bMalformedInputException\b/;

const otherClient = unless(
  shows(/after transferring [\d.,]{4,} bytes/i),
  without(says("Try another client, or another release of this one.")),
);

export const userFits: Readonly<Record<string, Fit>> = {
  "passive-instead": unless(
    (setting) =>
      failedPassive(setting) ||
      /PASV mode failed|Passive mode refused|\bonly (?:\w+ ){0,2}active\b|\bactive(?: mode)? only\b/i.test(
        setting.text,
      ),
    (cure, setting) =>
      hasNoPassive(setting)
        ? instead(cure, "Use a client that has passive mode, in which it opens the data connection: this one has none.")
        : withUse(
            says(
              "Use passive mode, in which the client opens the data connection.",
              ifShown(({ passive }) => (passive === false ? true : null), "the client is in active mode"),
            ),
          )(cure, setting),
  ),
  "active-instead": () => null,
  "use-pasv": otherPassive("PASV"),
  "use-epsv": otherPassive("EPSV"),
  "other-data-command": (cure, setting) => {
    const other = { pasv: "EPSV", epsv: "PASV", port: "EPRT", eprt: "PORT" }[setting.symptom.data ?? "pasv"];
    // What could not be read was another reply, or a listing.
    if (setting.symptom.data === null || setting.symptom.stage !== "data-command") return null;
    return says(`Let the client send ${other} in its place.`, otherPassive(other))(cure, setting);
  },
  "ignore-227-address": says("Let the client dial the address of the control connection in its place.", clientCan),
  "trust-227-address": says("Let the client dial the address that the reply names.", clientCan),
  "clear-control": unless(
    (setting) => knows("CCC")(setting) !== true || setting.between !== "router",
    withUse(onlyIf("the router's FTP helper is to read the commands")),
  ),
  "command-after-ccc": clientCan,
  "close-tls-first": clientCan,
  "without-ccc": (cure, setting) => {
    const ports = /firewall|router|\bNAT\b|\bALG\b/i.test(setting.text)
      ? ", and open the server's passive ports where CCC was to show them"
      : "";
    const what = `Do not use CCC, so that the whole session stays encrypted${ports}.`;
    // Another command does not turn off what a settings file turns on.
    return setting.symptom.client === "lftp"
      ? instead(cure, what, ["set ftp:ssl-use-ccc no"])
      : withUse(says(what))(cure, setting);
  },
  "use-explicit-tls": (cure, setting) =>
    setting.isHidden === true
      ? instead(cure, "Protect data connections too: PBSZ 0 and PROT P after login.")
      : withUse(ifShown(offersTls, "the server offers TLS"))(cure, setting),
  "explicit-tls-instead": unless(({ symptom: { mode } }) => mode !== "ftps-implicit", withUse(fits)),
  "tls-past-helper": without(
    ifShown((setting) => (offersTls(setting) === false ? false : null), "the server offers TLS"),
  ),
  "use-implicit-tls": unless(
    shows(/406002: .*different address|sent a TLS alert|alert (?:protocol|handshake)|\bALERT\b/i),
    (cure, setting) =>
      offersTls(setting) === false
        ? null
        : without(
            says(
              "Use that, so that nothing on the way can read or remove a line.",
              onlyIf("the server offers TLS from the start"),
            ),
          )(cure, setting),
  ),
  "other-kind-of-tls": (cure, setting) =>
    // A server that greets in clear waits for AUTH.
    /^(?:\W*|Response:\s*)220[ -]/m.test(setting.text) && /\bimplicit\b/i.test(setting.text)
      ? instead(cure, "Use explicit TLS (AUTH TLS) on this port: the server greets in clear there.")
      : /\b990\b/.test(setting.said) && /\bexplicit\b/i.test(setting.text)
        ? instead(cure, "Use implicit TLS on this port, or explicit TLS on the port of plain FTP.")
        : without(says("Use the kind of TLS that the port has: explicit or implicit."))(cure, setting),
  "use-plain-ftp": withUse(fits),
  "protect-data": unless(
    hasSent("PROT P"),
    withUse(says("Let the client ask for protected data: PBSZ 0 and PROT P after login.")),
  ),
  "resume-tls-session": unless(
    // The server's log has it that the client did.
    shows(/\bclient reused SSL session\b/i),
    says("Let the client resume the control connection's TLS session on data connections.", clientCan),
  ),
  "any-tls-version": (cure, setting) =>
    /\bcurl\b.* (?:-[23]|--sslv[23]|--tlsv1\.[01]|--tls-max)\b/.test(setting.text)
      ? instead(cure, "Leave out the option that asks for one version of TLS or SSL.")
      : offersOldOnly(setting)
        ? instead(cure, "Update the client, or its TLS library: the server does not take the version that it offers.")
        : withUse(fits)(cure, setting),
  "dial-name": (cure, setting) =>
    isDataCertificate(setting)
      ? instead(
          cure,
          "Let the client check the data connection's certificate against the name that it checks for the control connection.",
        )
      : without(says("Dial a name that the certificate carries."))(cure, setting),
  "trust-authority": (cure, setting) => {
    const fitting = withUse(fits)(cure, setting);
    if (fitting === null || fitting.lines.length > 0) return fitting;
    // Without a line there is no file to speak of.
    const what =
      "Trust the authority that issued the certificate, once the server's administrator has confirmed its fingerprint.";
    return { ...fitting, what };
  },
  "shorter-packets": unless(
    ({ between }) => between === "nothing",
    without(onlyIf("long packets are lost on the way")),
  ),
  "client-keepalive": (cure, setting) => {
    const said = { ...cure, what: "Keep the control connection alive during long transfers." };
    if (setting.symptom.client !== "filezilla") return clientCan(said, setting);
    return { ...said, lines: ["Edit > Settings > Connection > FTP: Send FTP keep-alive commands"], onlyIf: null };
  },
  "check-login": (cure, setting) =>
    // Pure-FTPd's words for an account below MinUID, or with a shell that it does not know (messages_en.h).
    setting.text.includes("I can't trust you")
      ? {
          ...cure,
          party: "server admin",
          what: "Give the account a user id of at least MinUID, and a shell of /etc/shells.",
          lines: [],
          onlyIf: null,
        }
      : without(fits)(cure, setting),
  "check-file": unless(
    (setting) =>
      !wantsFile.test(setting.text) ||
      /quota|LIST -a\b|no space left|disk (?:is )?full|\bENOSPC\b|insufficient (?:disk|storage)/i.test(setting.text),
    without(says("Check the name and the folder of the file.")),
  ),
  "wait-longer": (cure, { symptom: { client } }) => {
    const line = timeouts[client ?? ""];
    return instead(cure, "Let the client wait longer for replies.", line === undefined ? [] : [line]);
  },
  "resume-transfer": unless(
    (setting) => hasAll(setting) || setting.symptom.operation === "list",
    without(says("Compare the sizes at both ends; the file may be whole.")),
  ),
  "other-client": (cure, setting) =>
    setting.text.includes("SSH-2.0-")
      ? instead(cure, "Dial the port of an FTP server, or use SFTP: an SSH server answers here.")
      : setting.cause === "client-never-dialled" && /network is unreachable|ENETUNREACH/i.test(setting.text)
        ? instead(cure, "Give the client's host a route to the address, or dial one that it has a route to.")
        : encoding.test(setting.said)
          ? instead(cure, "Set the encoding of names in the client to the server's, such as latin-1 or cp1252.")
          : otherClient(cure, setting),
  "fewer-connections": unless(
    // A limit of time, of room or of a name is no limit of connections.
    (setting) =>
      endsByTime(setting) || !/connection|session|login|logged|user|client|slots?|too many/i.test(setting.said),
    (cure, setting) => {
      const line = simultaneous[setting.symptom.client ?? ""];
      return line === undefined ? fits(cure, setting) : instead(cure, cure.what, [line]);
    },
  ),
  "mend-program": fits,
  "finish-data-handshake": unless(
    ({ symptom: { client } }) => client !== null && client !== "ftplib",
    without(onlyIf("the transfer sends nothing")),
  ),
  "transfer-command-first": unless(({ symptom: { client } }) => client !== null && client !== "ftplib", without(fits)),
  "open-client-host": (cure, setting) =>
    instead(
      cure,
      setting.passive === false
        ? `Let the client's own firewall accept the server's connections, or use ${hasNoPassive(setting) ? "a client that has passive mode" : "passive mode"}.`
        : "Let the client's own firewall pass the client's connections.",
    ),
};
