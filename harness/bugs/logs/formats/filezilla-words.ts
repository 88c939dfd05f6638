/** FileZilla's words for what a line is, in the languages of its translations (locales/*.po), and what it says of 227 in them. */

export type Role = "sent" | "received" | "wrong" | "status";

const words: Readonly<Record<Role, string>> = {
  sent: "Command|Anezḍay|Befehl|Comanda|Comando|Comandă|Commande|Cummanda|Ferman|Gorchymyn|Komanda|Komandoa|Komento|Kommando|Komut|Käsk|Lệnh|Naredba|Opdracht|Commando|Orde|Ordre|Parancs|Perintah|Polecenie|Príkaz|Příkaz|Skipun|Ukaz|Εντολή|Команда|Наредба|Հրամանը|פקודה|الأمر|فرمان|आदेश|คำสั่ง|ຄຳສັ່ງ|ბრძანება|コマンド|命令|指令|명령",
  received:
    "Response|Reply|Returns|Antwoord|Antwort|Atbilde|Atsakymas|Bersîv|Cavab|Erantzuna|Odgovor|Odpoveď|Odpověď|Odpowiedź|Respon|Respons|Responsa|Resposta|Respuesta|Risposta|Réponse|Răspuns|Svar|Tiririt|Trả về|Vastaus|Vastus|Válasz|Yanıt|Ymateb|Απάντηση|Відповідь|Жооп|Одговор|Ответ|Отговор|Պատասխանը|תגובה|الإستجابة|پاسخ|प्रतिक्रिया|การตอบสนอง|ການຕອບສະໜອງ|პასუხი|レスポンス|响应|回應|응답",
  wrong:
    "Error|Anezri|Błąd|Chyba|Eroare|Erreur|Erro|Errore|Errorea|Fehler|Feil|Fejl|Fel|Fout|Gwall|Hata|Hiba|Kesalahan|Klaida|Kļūda|Lỗi|Napaka|Pogreška|Viga|Villa|Virhe|Xəta|Çewtî|Σφάλμα|Грешка|Ката|Ошибка|Помилка|Սխալ|שגיאה|الخطأ|خطا|त्रुटि|ข้อผิดพลาด|ຜິດພາດ|შეცდომა|エラー|錯誤|错误|오류",
  status:
    "Status|Trace|Aẓayer|Būsena|Durum|Egoera|Estado|Estat|Estatut|Estau|Rewş|Staatus|Stanje|Stare|Stato|Statu|Statut|Statws|Stav|Staða|Tila|Tình trạng|Állapot|Κατάσταση|Абал|Статус|Стање|Състояние|Գործողությունը|מצב|الحالة|وضعيت|वस्तुस्थिति|สถานะ|ສະຖານະ|სტატუსი|状态|状態|狀態|상태",
};

const roles: ReadonlyMap<string, Role> = new Map(
  (["status", "wrong", "received", "sent"] as const).flatMap((role) =>
    words[role].split("|").map((word) => [word, role]),
  ),
);

/** A line with a label before it: `Command: PASV`, `Commande :<tab>PASV`, `Հրամանը. PASV`. */
const labelledLine = /^([\p{L}\p{M}]{2,16}(?: [\p{L}\p{M}]{2,8})?)(?:\s?[:：]|\.(?=\s))\s*(.*)$/u;

/** A line's label and the rest; `null` where it has none. */
export function labelOf(line: string): { readonly label: string; readonly rest: string } | null {
  const [, label, rest = ""] = labelledLine.exec(line) ?? [];
  return label === undefined ? null : { label, rest };
}

/** What a label of FileZilla's stands for, in whatever language; `null` for any other word. */
export function roleOf(label: string): Role | null {
  return roles.get(label) ?? null;
}

/** "Server sent passive reply with unroutable address. Using server address instead." */
export const unroutable =
  /unroutable address|no en(?:ro|ru)(?:table|utable)|enrotable|non routable|nicht routingf|onbestelbaar|nieroutowaln|неопределяемым адресом|не ?маршрут|без підтримки маршрут|nerutabil|nedostupnou adresou|nesmerovate|neusmerjen|routningsbar|ikke kan omdirigeres|ikke-rutbar|ikkje kan rutast|yöneltilemeyen|não roteável|indeterminável|non raggiungibile|jota ei voi reititt|nem lekérdezhető|bideraezin|nepasiekiamu adresu|encamiñábel|ルーティング不可能|不可路由|無法路由|알 수 없는 주소|라우트 불가능|μη-δρομολογήσιμη|không đầy đủ|tidak ada rutenya|لا يمكن توجيهه|בלתי ניתנת לניתוב/i;

/** "Insecure server, it does not support FTP over TLS.": the one word of TLS by which there is none. */
export const withoutTls = /\bFTP\b.*\bTLS\b|\bTLS\b.*\bFTP\b|Plain FTP is insecure|insecure server/i;

/** "The data connection could not be established": it dialled for data, in passive mode (src/engine/ftp/transfersocket.cpp). */
export const dataNotEstablished =
  /data connection could not be established|Datenverbindung konnte nicht hergestellt|connexion des données ne peut|connessione dati non può|conexão de dados não pode|gegevensverbinding kan niet|Połączenie danych nie mogło|Соединение передачи данных не может|无法建立数据连接|無法建立資料連線|データ接続が確立できません|Nelze navázat datové připojení|Dataanslutningen kunde inte|Veri bağlantısı kurulamadı|Передачу даних не вдається|adatkapcsolat nem hozható|데이터 연결을 수립하지|Conexiunea de date nu a|Dataforbindelsen kunne ikke|Datayhteyttä ei voitu|σύνδεση δεδομένων δεν εδραιώθηκε|sette opp datatilkobling|estabelecer a ligação de dados/i;

/** "Passive mode failed.", behind the same sentence about the address: it does not dial another one in its place. */
const givenUp =
  /Passive mode failed|Passiv-Modus fehlgeschlagen|Échec du mode passif|modo pasivo falló|Modalità passiva non riuscita|Modo passivo falhou|Falhou o modo passivo|Passieve modus is mislukt|trybu pasywnego nie|Пассивный режим не|被动模式失败|被動模式失敗|パッシブ モードは失敗|Pasivní režim se nezdařil|Passivt läge misslyckades|Pasif kip kullanılamadı|Невдалий пасивний режим|passzív mód használata nem|수동형 모드가 실패|Modul pasiv a eșuat|Passiv tilstand mislykkedes|Passiivitila epäonnistui|Απέτυχε η παθητική|Passiv modus mislyktes/i;

/** Whether it says that it does not dial the address that 227 named. */
export const saysRejected = (text: string): boolean => unroutable.test(text) && givenUp.test(text);
