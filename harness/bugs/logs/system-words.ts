/** What operating systems say of a connection that does not come about, in the languages in which logs are pasted: glibc's po/*.po, Windows' FormatMessage. */

/** The name leads to no address. */
export const nameUnknown =
  /gaierror|getaddrinfo|Name or service not known|could not resolve|unable to resolve host|EAI_(?:AGAIN|NONAME)|ENOTFOUND|no such host|\bunknown host\b|UnknownHostException|nodename nor servname|temporary failure in name resolution|dial tcp: lookup \S+|\b1100[124]\b|temporary error during hostname resolution|no data of the requested type|Name oder der Dienst ist nicht bekannt|Namensauflösung|Rechneradresse .{1,80}nicht aufgelöst|Nom ou service inconnu|impossible de résoudre|Nombre o servicio desconocido|Nome o servizio sconosciuto|Nome ou serviço desconhecido|Ta nazwa lub usługa|Неизвестное имя или служба|名前またはサービスが不明|名称或服务未知|未知的名称或服务|Neznámé jméno nebo služba|Naam of dienst is niet bekend|remote name could not be resolved|server name or address could not be resolved|can't resolve host|\bcan't lookup [`'"]|\bERROR_INTERNET_NAME_NOT_RESOLVED\b|\b(?:Host|server) "?[\w.-]+\.[\w-]+"? (?:does not exist|not found|doesn't seem to exist)|Unbekannter Host/i;

/** The sender's own system knows no way. */
export const networkUnreachable =
  /\bENETUNREACH\b|\bnetwork is unreachable\b|\bunreachable network\b|\b10051\b|\berrno[ :=]*101\b|Netzwerk ist nicht erreichbar|réseau n['’]est pas accessible|La red es inaccesible|rete non è raggiungibile|rede está fora de alcance|Sieć jest niedostępna|Сеть недоступна|ネットワークに届きません|网络不可达|Síť není dostupná|Netwerk is onbereikbaar/i;

const noRoute =
  /unreachable|no route|NoRouteToHost|EHOSTUNREACH|\b10065\b|injoignable|nicht erreichbar|Keine Route zum|inalcanzable|non raggiungibile|Nessun instradamento|Não há rota para|Brak trasy do|недоступ|Нет маршрута|経路がありません|没有到主机的路由|neexistuje cesta|Aucun chemin d.accès|ninguna ruta|Geen route|路由路徑|Ingen väg|yol yok|루트가 없음|Немає маршруту|Nincs útvonal/i;

const refused =
  /\brefus|ECONNREFUSED|\b10061\b|\berrno[ :=]*111\b|abgelehnt|verweigert|refusée|rechaz|rehusada|denegó expresamente|rifiut|recusad|recusou|geweigerd|odrzucon|aktywnie go odmawia|отклонен|отказ|отверг запрос|拒绝|拒絕|拒否され|aktivně odmítl|förvägrad|nekad|odmítn|reddedil|відмовлен|elutasít|거부/i;

/** Windows' words for a time-out (10060). Their second half speaks of an established connection. */
export const windowsTimedOut =
  /\b10060\b|did not properly respond|nicht richtig reagiert|répondu convenablement|no respondió adecuadamente|Risposta non corretta della parte|não respondeu corretamente|nie odpowiedziała poprawnie|не получен нужный отклик|没有正确答复|沒有正確回應|正しく応答しなかった/i;

const timedOut =
  /tim(?:ed|e|ing)?[- ]?out|ETIMEDOUT|délai|Zeitüberschreitung|Zeitlimit|abgelaufen|agotado|tiempo de espera|tempo limite|Tempo esgotado|scadut|verlopen|przekroczon|истекл|превышен|таймаут|超时|逾時|タイムアウト|vypršel|expirée?\b|expiró|superó el tiempo|excedido|tidsgräns|překročil|příliš dlouho|zaman aşım|시간 초과|вичерпан|Перевищено|Időtúllépés/i;

const reset =
  /\breset\b|ECONNRESET|\b10054\b|closed by (?:the )?(?:remote|peer|foreign)|forcibly closed|closed without indication|EPIPE|broken pipe|zurückgesetzt|ré-?initialisée|reinicializada por|interrotta dal corrispondente|fechada pela outra ponta|zerwane przez drugą|разорвано другой|相手からリセット|被对方重置|zrušeno druhou|is weggevallen/i;

export type Outcome = "refused" | "timed-out" | "unreachable" | "reset";

export const outcomes: readonly (readonly [Outcome, RegExp])[] = [
  ["refused", refused],
  ["unreachable", new RegExp(`${noRoute.source}|${networkUnreachable.source}`, "i")],
  ["timed-out", new RegExp(`${timedOut.source}|${windowsTimedOut.source}`, "i")],
  ["reset", reset],
];

/** Whether a system's word for it stands in a line, in whatever language but English, whose words people use as well. */
export const saidElsewhere = new RegExp(
  [nameUnknown, networkUnreachable, windowsTimedOut]
    .map(({ source }) => source)
    .concat(
      "forbidden by its access permissions|abgelehnt|rehusada|denegó expresamente|recusou|aktywnie go odmawia|отверг запрос|拒否され|aktivně odmítl|Keine Route zum|Aucun chemin d['’]accès|No existe ninguna ruta|Nessun instradamento|Não há rota para|Brak trasy do|Нет маршрута|経路がありません|没有到主机的路由|neexistuje cesta|Geen route naar|abgelaufen|Expiró el tiempo|Tempo esgotado|scaduta|Przekroczony czas|příliš dlouho neaktivní|Verbinding is verlopen|Wartezeit für die Verbindung",
    )
    .join("|"),
  "i",
);
