import type { LogLine } from "../../model/symptom";
import type { LogFormat } from "./format";
import { endingOfMessage } from "./lone-ending";

/** What only FTP has: commands (RFC 959, 2228, 2389, 2428, 3659), and replies that name an endpoint. */
const ownCommand =
  /^(?:PASV|EPSV|PORT \d{1,3}|EPRT \S|LPRT \d|LPSV|LIST|NLST|MLSD|MLST|RETR|STOR|STOU|APPE|PBSZ|PROT [CPSE]|CCC|CWD|CDUP|FEAT|SYST|X?PWD|TYPE [AEIL]|SIZE \S|MDTM \S|OPTS \S|CLNT|REST \d{1,20})\b|^AUTH (?:TLS|SSL)/i;
const ownReply =
  /^(?:227|229)[ -].*\d,? ?\d|^220[ -].*ftp|^234[ -]|^500 OOPS|^215[ -]|^(?:425|426|522|536)[ -].*[a-z]{2}/i;

/** Words of replies. A number before other words is no reply code. */
const replyWords =
  /^[1-6]\d\d(?:[ -]|: ).*\b(?:account|bytes|busy|cannot|can't|channel|closed?|closing|commands?|configuration|connect\w*|connexions?|Verbindung(?:en)?|eingeloggt|data|denied|director\w+|disk|exceeded|exists?|fail\w*|file|filename|ftp|goodbye|hostname|illegal|incorrect|invalid|limit|log(?:ged|in|out)|mode|not|opening|password|permission|protect\w*|quota|ready|refused|server|service|session|ssl|successful|time-?out|timed|tls|too many|transfer|type|unable|upload|user|welcome)\b|^[1-6]\d\d$/i;

/** What a remark, or the text around a log, has of FTP. */
const mention =
  /\bs?ftps?\b|ftp[a-z]*[_:.(/-]|[a-z]ftp\b|ftp(?:client|connection|exception|error)|data (?:connection|socket|channel)|passive mode|waiting for (?:the )?welcome message|message d['’]accueil|Willkommensnachricht|mensaje de bienvenida|messaggio di benvenuto|mensagem de boas-vindas|welkomstbericht|wiadomości powitalnej|приветстви|ウェルカム|歡迎訊息|欢迎消息|^curl: \((?:8|9|1[0-57-9]|25|3[01]|6[47]|7[08]|8[045])\)|\((?:control|data) socket\)|^EZA[12]\d{3}[EIW] |[: ](?:21|990)\b(?!\.\d)/i;

export const mentionsFtp = (text: string): boolean => mention.test(text);

/** What mail (RFC 5321, 1939, 3501, and enhanced status codes of RFC 3463) and the web have, and FTP has not. */
const mailOrWeb =
  /^(?:[<>=*-]+ ?|[CS]: ?)?(?:EHLO|HELO|MAIL FROM:|RCPT TO:|\+OK\b|(?:GET|HEAD|POST|PUT) \S+ HTTP|HTTP\/\d)|\bESMTP\b|\bIMAP4?\b|^\d{3}[ -][245]\.\d{1,3}\.\d{1,3}\b|^250[ -](?:PIPELINING|STARTTLS|8BITMIME|ENHANCEDSTATUSCODES)|\bport (?:25|80|443|587)\b|(?:\.\d{1,3}|[a-z]):(?:25|443|587)\b/i;
/** What SSH has; a client of FTP may have met its server. */
const ssh = /\bport 22\b|(?:\.\d{1,3}|[a-z]):22\b|\bssh2?\b|\bsftp\b|SSH-2\.0|debug[123]:/i;

/** The SSH file transfer protocol, in the words of lftp, WinSCP, OpenSSH and curl, and of libraries that speak it. */
const sftpPackets =
  /^(?:sending|got) a packet, length=\d+, type=\d+|Running connect program \(ssh\b|\bSSH_FXP?_\w+|\bSSH2?_MSG_\w+|^(?:\W+ )?Using SFTP protocol|^Sent message SSH2_FXP|^SSH (?:MD5|SHA256) (?:public key|fingerprint)\b|^SSH host check:|^SSH authentication methods available:|^Set "[\w@.,-]+" as SSH hostkey type|\b(?:Local|Remote) ident: .?SSH-2\.0-|"protocol" ?: ?"sftp"|\bfzSftp started\b|\bSFTP: (?:Out|In)bound: |\bcom\.jcraft\.jsch\.ChannelSftp\b|\bnet\.schmizz\.sshj\.sftp\b|\bparamiko[/.\\]sftp|\bssh2-sftp-client\b|\bphpseclib\d?[\\/]+Net[\\/]+SFTP\b|\bRenci\.SshNet\.Sftp/i;

export const isSftp = (text: string): boolean =>
  text.split("\n").some((line) => sftpPackets.test(line.replace(/^(?:-+>|<-+|-{4}|[.>*<]) ?/, "")));

/** Whether a text is of FTP: by what only FTP has, or by what it has in common with others where nothing is of those. */
export function speaksFtp(
  { client, complaint, begins }: LogFormat,
  read: readonly LogLine[],
  texts: readonly string[],
): boolean {
  // FileZilla writes sessions of SFTP with the same labels, and those have no codes.
  const replies = read.filter(({ direction }) => direction === "<");
  if (client === "filezilla" && replies.length > 0 && !replies.some(({ text }) => /^\d{3}/.test(text))) return false;
  const isOwn = read.some(
    ({ direction, text }) => (direction === ">" && ownCommand.test(text)) || (direction === "<" && ownReply.test(text)),
  );
  if (isOwn) return true;
  if (isSftp(texts.join("\n"))) return false;
  const isTold = read.some(
    ({ direction, text }) =>
      direction !== "*" || complaint.test(text) || begins?.test(text) === true || mentionsFtp(text),
  );
  if (!isTold) return false;
  const isLikely = read.some(({ direction, text }) => {
    if (direction === "<") return replyWords.test(text);
    if (direction === ">") return /^(?:USER|PASS)\b/i.test(text);
    return mentionsFtp(text) || endingOfMessage(text) !== null;
  });
  const names = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  if (names(mailOrWeb)) return false;
  if (names(ssh)) return (isLikely || client !== null) && names(/(?<!s)ftp/i);
  return isLikely || (read.length > 0 && names(mention));
}
