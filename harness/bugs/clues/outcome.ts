/** How a connection came to nothing, in the words of systems and programs in the languages in which logs are pasted. */
import type { LogLine } from "../../model/symptom";

export type Outcome = "refused" | "timed-out" | "unreachable" | "reset";

/** A name that leads to no address, in the words of resolvers. */
export const nameUnknown =
  /gaierror|Name or service not known|could not resolve|ENOTFOUND|EAI_(?:AGAIN|NONAME)|no such host|unknown host|UnknownHostException|nodename nor servname|Temporary failure in name resolution|remote name could not be resolved|server name or address could not be resolved|can't resolve host|\bcan't lookup [`'"]|\bERROR_INTERNET_NAME_NOT_RESOLVED\b|\b(?:Host|server) "?[\w.-]+\.[\w-]+"? (?:does not exist|not found|doesn't seem to exist)|Unbekannter Host|Der Name oder der Dienst ist nicht bekannt|Nom ou service inconnu|Nombre o servicio desconocido|Nome o servizio sconosciuto|Nome ou serviço desconhecido|Неизвестное имя или служба|名前またはサービスが不明|(?:名称或服务|名稱或服務)未知/i;

const outcomes: readonly (readonly [Outcome, RegExp])[] = [
  [
    "refused",
    /\brefus|ECONNREFUSED|\b10061\b|\berrno[ :=]*111\b|abgelehnt|verweigert|rechaz|rifiut|recusad|geweigerd|odrzucon|отклонен|отказ|拒绝|拒絕|拒否|förvägrad|nekad|odmítn|reddedil|відмовлен|elutasít|거부/i,
  ],
  [
    "unreachable",
    /unreachable|no route|EHOSTUNREACH|ENETUNREACH|\b(?:10065|10051)\b|injoignable|nicht erreichbar|inalcanzable|non raggiungibile|недоступ|Keine Route|Aucun chemin d.accès|ninguna ruta|Nessun instradamento|Não há rota|Geen route|Brak trasy|Нет маршрута|経路がありません|没有到主机的路由|路由路徑|Ingen väg|neexistuje cesta|yol yok|루트가 없음|Немає маршруту|Nincs útvonal/i,
  ],
  [
    "timed-out",
    /tim(?:ed|e|ing)?[- ]?out|ETIMEDOUT|\b10060\b|did not properly respond|délai d.attente|Zeitüberschreitung|Zeitlimit|abgelaufen|agotado|tiempo de espera|tempo limite|scadut|verlopen|przekroczon|истекл|превышен|таймаут|超时|逾時|超過時間|タイムアウト|expirée?\b|expiró|superó el tiempo|Tempo esgotado|excedido|tidsgräns|překročil|příliš dlouho|zaman aşım|시간 초과|вичерпан|Перевищено|Időtúllépés/i,
  ],
  [
    "reset",
    /\breset\b|ECONNRESET|\b10054\b|closed by (?:the )?(?:remote|peer|foreign)|closed without indication|EPIPE|broken pipe|zurückgesetzt|réinitialisée/i,
  ],
];

/** What the lines say of it, and the line that does; `null` where none does. */
export function outcomeIn(lines: readonly LogLine[]): { readonly outcome: Outcome; readonly line: LogLine } | null {
  for (const line of lines.filter(({ direction }) => direction !== ">")) {
    const found = outcomes.find(([, words]) => words.test(line.text));
    if (found !== undefined) return { outcome: found[0], line };
  }
  return null;
}
