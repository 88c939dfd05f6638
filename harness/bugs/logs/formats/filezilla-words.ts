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
  /unroutable address|no enro(?:table|utable)|enrotable|non routable|nicht routingf|onbestelbaar|nieroutowaln|неопределяемым адресом|не ?маршрут|без підтримки маршрут|nerutabil|nedostupnou adresou|nesmerovate|neusmerjen|routningsbar|ikke kan omdirigeres|ikke-rutbar|ikkje kan rutast|yöneltilemeyen|não roteável|indeterminável|non raggiungibile|jota ei voi reititt|nem lekérdezhető|bideraezin|nepasiekiamu adresu|encamiñábel|ルーティング不可能|不可路由|無法路由|알 수 없는 주소|không đầy đủ|tidak ada rutenya|لا يمكن توجيهه|בלתי ניתנת לניתוב/i;

/** "Insecure server, it does not support FTP over TLS.": the one word of TLS by which there is none. */
export const withoutTls = /\bFTP\b.*\bTLS\b|\bTLS\b.*\bFTP\b|Plain FTP is insecure|insecure server/i;
