/** Where a client dialled, and what data commands and their replies named, as the lines show it. */
import { dataVerbs, isNegative, isPositive } from "../../ftp/dialogue";
import { endpointOf, validAddress } from "../../ftp/endpoint";
import type { DataReply, LogLine, PastedEndpoint, Symptom } from "../../model/symptom";
import { finalLineOf, type Grounded, type PlacedExchange } from "./exchanges";
import type { LogFormat } from "./format";
import { saysRejected } from "./formats/filezilla-words";
import { dialsHighPort } from "./lone-ending";

const ipv4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const ipv6 = String.raw`[0-9a-f]{1,4}:[0-9a-f:]{0,30}:[0-9a-f]{1,4}`;
/** "Port", in the languages into which lftp, Wget and others are translated. */
const portWords = "port|puerto|porta|porto|portti|portu|portas|порт|порту|端口|連接埠|通訊埠|埠|ポート|포트";
/** `192.0.2.1:50000`, `(192.0.2.1) port 50000`, `IP: 192.0.2.1 PORT: 50000`, `[2001:db8::1]:50000`. */
const endpoint = new RegExp(
  String.raw`(?<![\d.])(${ipv4}|${ipv6})(?:[\])"']{0,2}(?:,? ?(?:${portWords}):? ?|:|, ?)(\d{1,5})(?!\d|\.\d))?`,
  "gi",
);

/** Words of dialling, in the languages of clients that are translated. */
const dialling =
  /Connect(?:ed|ing) (?:to|with)\b|^connect: [\d.]+, \d|^Connection to \S+ established|Trying|^ftp> ?open\b|Connexion à|Connecté à|Verbinde mit|Verbindung mit|Conectando|Conectado a|Connessione a|Connesso a|Verbinden met|Verbonden met|Łączenie z|Соединяюсь|Под.единение|Ansluter till|Opretter forbindelse|Kobler til|接続中|正在连接|正在連線|연결/i;

/** Whether a client remarks it: what others say of connections is not what the client dialled. */
export function isClients({ direction, by = "client" }: LogLine): boolean {
  return direction === "*" && by === "client";
}

/** The address that was dialled for the control connection. */
export function controlDialledIn(format: LogFormat, lines: readonly LogLine[]): Grounded<string> | null {
  for (const line of lines) {
    // What is dialled once data commands have been sent may be a data connection.
    if (isDataCommand(line)) return null;
    if (!isClients(line) || !(dialling.test(line.text) || format.begins?.test(line.text) === true)) continue;
    const found = endpointIn(line.text);
    if (found !== null && !dialsHighPort(line.text)) return { value: found.address, on: [line] };
  }
  return null;
}

/** Words of dialling for data: `Trying 192.0.2.1:50000...`, `connect ETIMEDOUT 192.0.2.1:50000`, `dial tcp 192.0.2.1:50000`. */
const dialsData =
  /(?<!dis)connect|dial|trying|open(?:ing)?\b.{0,20}\b(?:data|connection)|uses |verb(?:inde|unden)|conex|conect|conness|connex|połącz|łącz|соедин|подключ|anslut|forbind|yhte|yhdist|kapcsol|připoj|spoj|bağlan|連接|连接|連線|接続|연결/i;
const controlPorts: readonly (number | null)[] = [21, 990];

/** Where the client says that it dialled for the data connection. */
export function dataDialledIn(lines: readonly LogLine[]): Grounded<PastedEndpoint> | null {
  const since = lines.findLastIndex(isDataCommand);
  const remarks = lines.slice(since + 1).filter(isClients);
  const named = remarks.flatMap((line) => {
    if (!dialsHighPort(line.text) && (since < 0 || !dialsData.test(line.text))) return [];
    const uses = / uses (\S+) instead/.exec(line.text)?.[1];
    const found = uses === undefined ? endpointIn(line.text) : endpointIn(uses);
    return found === null || controlPorts.includes(found.port) ? [] : [{ value: found, on: [line] }];
  });
  return named.find(({ value }) => value.port !== null) ?? named[0] ?? null;
}

/** FileZilla in its languages, WinSCP, curl, lftp, NcFTP, FlashFXP, Commons Net, FluentFTP. */
const replacing =
  /unroutable address|using (?:the )?server(?:'s)? address instead|seems to be incorrect and has been fixed|^Skip \S+ for data connection|Fixing bogus PASV|nicht routingf|adresse non routable|no (?:en)?rutable|non instradabile|não roteável|niet-routeerbaar|nieroutowaln|немаршрутизируем|无法路由|無法路由|ルーティングできない|using (?:the )?(?:control|host|site|server) (?:connection(?:'s)? )?(?:IP|address|host)|host address instead|Replacing PASV mode reply address|non-?routable/i;

/** Whether a client says in these words that it dials another address than 227 named. */
export const saysReplaced = (text: string): boolean =>
  replacing.test(text) && !saysRejected(text) && !/\bSkip (\S+) .*\buses \1 instead/.test(text);

/** The remark by which a client says that it dials another address than 227 named. */
export function replacedIn(format: LogFormat, lines: readonly LogLine[]): LogLine | null {
  const isIt = (text: string): boolean =>
    saysReplaced(text) || (format.tells?.privateAddress?.test(text) === true && !saysRejected(text));
  return lines.findLast(({ direction, text }) => direction === "*" && isIt(text)) ?? null;
}

/** What the data command, or the reply to it, named. */
export function announcedIn(exchange: PlacedExchange | null): Grounded<NonNullable<Symptom["announced"]>> | null {
  if (exchange === null) return null;
  const isPassive = exchange.verb === "PASV" || exchange.verb === "EPSV";
  const shown = isPassive ? exchange.answered : [exchange.sent];
  for (const line of shown) {
    const found = endpointOf(line.text.replace(/^(\d{3})-/, "$1 ")) ?? blotted(line.text);
    if (found !== null) return { value: found, on: [line] };
  }
  return null;
}

/** A 227 of which the address was made unreadable: `(x,x,x,x,195,80)`. */
function blotted(text: string): Symptom["announced"] {
  const [, high, low] = /^227[ -].{0,200}?(?:[^\s,()]{1,20},){4} ?(\d{1,3}), ?(\d{1,3})/.exec(text) ?? [];
  if (high === undefined || Number(high) > 255 || Number(low) > 255) return null;
  return { address: null, port: Number(high) * 256 + Number(low) };
}

/** How the reply to a data command reads. */
export function dataReplyOf(exchange: PlacedExchange | null): Grounded<DataReply> | null {
  const line = exchange === null ? null : finalLineOf(exchange);
  if (exchange?.code === null || exchange === null || line === null || line.implied === true) return null;
  const { code } = exchange;
  // A server's log may show the code alone.
  if (isPositive(code) && exchange.answered.every(({ text }) => /^\d{3}$/.test(text.trim()))) return null;
  return { value: { form: formOf(exchange, code), code }, on: [line] };
}

/** What stands in place of what the reporter does not show. */
const mask = /[*x#_?X]{2,}|\b[xX](?:[,.][xX])+|<[^>]*>|\[[^\]]*\]|redacted|hidden|removed|censored|\.\.\./i;

function formOf({ verb, answered }: PlacedExchange, code: number): DataReply["form"] {
  if (isNegative(code)) return "refused";
  if (verb === "PORT" || verb === "EPRT") return isPositive(code) ? "legal" : "other";
  if (code !== (verb === "PASV" ? 227 : 229)) return "other";
  return answered.some(({ text }) => namesEndpoint(text)) ? "legal" : "malformed";
}

/** Whether a line of 227 or 229 names an endpoint as those that wrote the standards have it, or the reporter has made it unreadable. */
export function namesEndpoint(text: string): boolean {
  const reply = text.replace(/^(\d{3})-/, "$1 ");
  const named = endpointOf(reply) ?? blotted(reply);
  if (named === null || named.port === 0) return mask.test(reply);
  // The numbers stand alone, in parentheses or not (RFC 1123 section 4.1.2.6); 229 has no address (RFC 2428 section 3).
  return reply.startsWith("227") ? !reply.includes("://") : named.address === null;
}

function endpointIn(text: string): PastedEndpoint | null {
  const named = [...text.matchAll(endpoint)].flatMap(([, written = null, port]) => {
    const address = validAddress(written);
    return address === null
      ? []
      : [{ address, port: port === undefined || Number(port) > 65535 ? null : Number(port) }];
  });
  return named.find(({ port }) => port !== null) ?? named[0] ?? null;
}

export function isDataCommand({ direction, text }: Pick<LogLine, "direction" | "text">): boolean {
  return direction === ">" && dataVerbs.includes(text.slice(0, 4).toUpperCase());
}
