/** What a person says in prose of other sessions: what works, and what fails too. */
import type { DataCommand, Mode } from "../../model/axes";
import type { OtherSession } from "../match/known-traits";

export type SaidSession = {
  /** The person's own words. */
  readonly words: string;
  /** `null` where they are of another client or of another place. */
  readonly session: OtherSession | null;
};

type Subject = Partial<Pick<OtherSession, "mode" | "data" | "inside">>;

const tls = "(?:TLS|SSL|FTPS|encryption|Verschlüsselung|chiffrement|cifrado)";
const off = "(?:without|w/o|no|disabl\\w+|(?:switch|turn)\\w* off|ohne|sans|sin)";

/** How people call a session; the first that matches at a place holds there. */
const subjects: readonly (readonly [RegExp, Subject])[] = [
  [
    /\b(?:plain(?:[- ]?text)?|unencrypted|clear(?:[- ]?text)?|insecure|regular|normal(?:es)?|standard|ordinary|einfaches|reines|unverschlüsseltes) FTP\b/giu,
    { mode: "ftp" },
  ],
  [new RegExp(`\\b${off} (?:[a-z]+ ){0,2}?${tls}(?![\\p{L}\\d])`, "giu"), { mode: "ftp" }],
  [
    /\b(?:unencrypted|not encrypted|unverschlüsselt|FTP (?:en clair|simple|plano|normal|alone))(?!\p{L})/giu,
    { mode: "ftp" },
  ],
  [/\bimpli(?:cit|zit)\w*(?: (?:TLS|SSL|FTPS|mode|encryption))?\b|\bport 990\b/giu, { mode: "ftps-implicit" }],
  [
    /\bexpli(?:cit|zit)\w*(?: (?:TLS|SSL|FTPS|mode|encryption))?\b|\bFTPE?S\b|\b(?:with|over|using|mit|über|avec|con) (?:TLS|SSL)\b/giu,
    { mode: "ftps" },
  ],
  [/\bEPSV\b|\bextended passive\b/gu, { data: "epsv" }],
  [/\bEPRT\b|\bextended active\b/gu, { data: "eprt" }],
  [
    /\bactive(?: mode| FTP| transfers?| connections?|(?= (?:n?or|and) passive))|\baktiv\w*(?: (?:Modus|FTP|Verbindung\w*)|(?= (?:noch|und|oder)))|\bmode actif\b|\bmodo activo\b/giu,
    { data: "port" },
  ],
  [/\bPORT\b/gu, { data: "port" }],
  [
    /\bpassive(?: mode| FTP| transfers?| connections?|(?= (?:n?or|and) active))|\bpassiv\w* (?:Modus|FTP|Verbindung\w*)|\bmode passif\b|\bmodo pasivo\b/giu,
    { data: "pasv" },
  ],
  [/\bPASV\b/gu, { data: "pasv" }],
  [
    /\b(?:inside(?! (?:the |a )?(?:TLS|tunnel|VPN|container|docker))|internally|locally|localhost|intern|lokal|en local)\b|\b(?:in|on|from|within|over|im|vom|aus dem|depuis|desde|en) (?:the |our |my |le |la )?(?:same |local |internal |own )?(?:LAN|(?:local|internal|same|own) (?:network|subnet)|(?:lokalen|internen|eigenen) Netz\w*|réseau (?:local|interne)|red (?:local|interna))\b|\b(?:on|from) the server itself\b|\bdirectly on the server\b/giu,
    { inside: true },
  ],
];

const working =
  /\b(?:works?|worked|working|(?:is|are|was|runs?|goes) (?:\w+ )?(?:fine|okay|ok|perfectly)|no (?:problems?|issues?)|not an? (?:problem|issue)|without (?:any )?(?:problems?|issues?|errors?|trouble)|funktionier\w+|klappt|klappen|geht|gehen|läuft|laufen|keine? Probleme?|fonctionnent|fonctionne|marchent|marche|aucun problème|funcionan|funciona|sin problemas)(?!\p{L})/giu;
const failing =
  /\b(?:fails?|failed|failing|hangs?|hung|time[sd]? out|timing out|(?:is|are) (?:broken|refused|blocked)|breaks?|(?:stops?|stopped) working|(?:the )?same (?:error|problem|issue)|scheitert|scheitern|hängt|hängen|fehl(?:schlägt)?|échouent|échoue|fallan|falla)(?!\p{L})/giu;
const negation =
  /\b(?:not|never|neither|nor|none|nothing|no|cannot|unable|impossible|without|nicht|nie|kein\w*|weder|noch|ohne|pas|jamais|ni|nunca|tampoco|sin|sans|\w+n['’]t)(?!\p{L})|\bn['’]/iu;

/** What is not said to be so, or not of now, or the other way round. */
const doubtful =
  /\b(?:whether|unless|should|would|could|might|maybe|perhaps|probably|think|guess|assume|suppose|want|wants|need|needs|hope|wish|expect\w*|sometimes|intermittent\w*|occasional\w*|sporadic\w*|often|until|till|before|used to|previously|formerly|earlier|except|apart from|other than|instead of|rather than|unlike|docs?|documentation|manual|says?|claims?|according|ob|sollte|würde|manchmal|früher|vorher|bis|außer|statt|vielleicht|parfois|avant|sauf|devrait|peut-être|veces|antes|excepto|debería)(?!\p{L})/iu;

/** A part of a session, which can work where the session does not. */
const partial =
  /\b(?:log(?:in|ging|on)?|authenticat\w*|connect\w*|handshake|control|ping\w*|telnet|port 21|DNS|Anmeld\w*|Verbindung\w*|connexion|conexión)(?!\p{L})/iu;

const elsewhere =
  /\b(?:another|other|different|second|andere\w*|autres?|otr[ao]s?) (?:\w+ )?(?:machines?|computers?|PCs?|networks?|servers?|hosts?|sites?|providers?|locations?|laptops?|Rechner\w*|Netz\w*|Servern?|serveurs?|réseaux?|servidor\w*)(?!\p{L})|\b(?:at|from) home\b|\b(?:mobile|hotspot|VPN|colleague\w*|Handy|Kolleg\w*)\b/iu;
const anyClient =
  /\b(?:another|other|different|andere\w*|autres?|otr[ao]s?) (?:FTP[- ])?(?:clients?|programs?|tools?|Clients?|Programm\w*|clientes?)\b/iu;
const clientNames =
  /\b(?:FileZilla|WinSCP|curl|lftp|Wget|Cyberduck|Transmit|Total Commander|(?:Windows )?Explorer|ftp\.exe|ncftp|CuteFTP|FlashFXP|SmartFTP|CoreFTP|rclone|ftplib|basic-ftp|node-ftp|gFTP|Nautilus|Dolphin)\b/iu;

const contrast =
  /[,;:()–—]\s*|\s+(?=(?:but|while|whereas|although|though|however|yet|aber|während|hingegen|mais|tandis que|alors que|pero|mientras)\s)|\s+-+\s+/iu;

/**
 * Reads sentences in English, and simple ones in German, French and Spanish. What is asked, wished, doubted or past is not read.
 * @param own the report's client, by its id: what is said of it is not said of another one
 */
export function sessionsSaidIn(text: string, own: string | null): readonly SaidSession[] {
  const paragraphs = text.split(/\r?\n\s*(?:\r?\n|(?=[-*•]\s))/);
  const sentences = paragraphs.flatMap((part) => part.replace(/\s+/g, " ").split(/(?<=[.!?])\s+/));
  return sentences.flatMap((sentence) => (sentence.trim().endsWith("?") ? [] : inSentence(sentence.trim(), own)));
}

function inSentence(sentence: string, own: string | null): readonly SaidSession[] {
  const contrasted = /\b(?:FTPE?S|TLS|SSL)\b/.test(sentence);
  return joined(clausesOf(sentence)).flatMap((clause) => inClause(clause, own, contrasted));
}

/** At contrasts, and at `and` where each side says whether something works. */
function clausesOf(sentence: string): readonly string[] {
  return sentence.split(contrast).flatMap((part) => {
    const sides = part.split(/\s+(?:and|und|et|y)\s+/i);
    return sides.length > 1 && sides.every((side) => hasVerdict(side)) ? sides : [part];
  });
}

/** "In active mode, it works": what it is of, and what it does, on two sides of a comma. */
function joined(clauses: readonly string[]): readonly string[] {
  const all: string[] = [];
  for (const clause of clauses.filter((part) => part.trim() !== "")) {
    const last = all.at(-1);
    const fits =
      last !== undefined &&
      hasVerdict(last) !== hasVerdict(clause) &&
      hasSubject(last) !== hasSubject(clause) &&
      hasVerdict(last) !== hasSubject(last);
    if (fits) all[all.length - 1] = `${last}, ${clause}`;
    else all.push(clause);
  }
  return all;
}

function hasVerdict(text: string): boolean {
  return text.search(working) >= 0 || text.search(failing) >= 0;
}

function hasSubject(text: string): boolean {
  return subjects.some(([pattern]) => text.search(pattern) >= 0) || anyClient.test(text);
}

function inClause(clause: string, own: string | null, contrasted: boolean): readonly SaidSession[] {
  if (doubtful.test(clause) || isCondition(clause)) return [];
  const { found, rest } = subjectsIn(clause, contrasted);
  const worked = verdictOf(rest);
  const named = clientNames.exec(clause)?.[0].toLowerCase() ?? null;
  const isOther = anyClient.test(clause) || (named !== null && named !== own && own?.startsWith(`${named}-`) !== true);
  const words = clause
    .trim()
    .replace(/^(?:but|and|while|whereas|although|though|however|yet|aber|mais|pero)\s+|[.!]+$/gi, "");
  if (worked === null || (found.length === 0 && !isOther)) return [];
  if (isOther || elsewhere.test(clause)) return [{ words, session: null }];
  if (worked && partial.test(rest)) return [];
  return combined(found, clause).map((subject) => ({
    words,
    session: { mode: null, data: null, inside: false, ...subject, worked },
  }));
}

/** "If plain FTP works" says nothing; "it works if I use plain FTP" and "if I use plain FTP it works" do. */
function isCondition(clause: string): boolean {
  const word = /\b(?:if|wenn|falls|si)\s/i.exec(clause);
  if (word === null) return false;
  const before = clause.slice(0, word.index);
  return (
    !hasVerdict(before) &&
    !/\b(?:it|everything|all|that|es|alles|ça|tout|todo)(?: \w+)? (?:\w+n['’]t )?(?:works?|fails?|hangs?|geht|klappt|funktioniert|marche|fonctionne|funciona)\b/i.test(
      clause,
    )
  );
}

type FoundSubject = { readonly subject: Subject; readonly start: number; readonly end: number };

function subjectsIn(
  clause: string,
  contrasted: boolean,
): { readonly found: readonly FoundSubject[]; readonly rest: string } {
  const found: FoundSubject[] = [];
  let rest = clause;
  const bare: readonly (readonly [RegExp, Subject])[] = contrasted
    ? [[/\bFTP\b(?! (?:over|server|client|with|mit|avec))/gu, { mode: "ftp" }]]
    : [];
  for (const [pattern, subject] of [...subjects, ...bare]) {
    for (const { 0: text, index } of rest.matchAll(pattern)) {
      found.push({ subject, start: index, end: index + text.length });
      rest = rest.slice(0, index) + "·".repeat(text.length) + rest.slice(index + text.length);
    }
  }
  return { found: found.toSorted((one, other) => one.start - other.start), rest };
}

function verdictOf(text: string): boolean | null {
  const plain = text.replace(/\b(?:not only|nicht nur|non seulement|no sólo)\b/giu, "");
  const withoutFailing = plain.replace(failing, "·");
  const works = withoutFailing.search(working) >= 0;
  const fails = withoutFailing !== plain;
  const isDenied = negation.test(withoutFailing.replace(working, "·"));
  if (works === fails) return null;
  if (works) return !isDenied;
  return isDenied ? null : false;
}

const alternative = /^[\s,·]*(?:and|or|nor|as well as|und|oder|noch|et|ou|ni|y|o)[\s·]/iu;

/** "Plain FTP in active mode" is one session, "plain FTP and active mode" are two; two modes without a word between are neither. */
function combined(found: readonly FoundSubject[], clause: string): readonly Subject[] {
  const sessions: Subject[] = [];
  for (const [index, { subject, start }] of found.entries()) {
    const previous = found[index - 1];
    const last = sessions.at(-1);
    if (previous === undefined || last === undefined || alternative.test(`${clause.slice(previous.end, start)} `)) {
      sessions.push(subject);
    } else if (Object.keys(subject).some((key) => key in last)) {
      if (JSON.stringify(subject) !== JSON.stringify(previous.subject)) return [];
    } else sessions[sessions.length - 1] = { ...last, ...subject };
  }
  return sessions;
}

/** What differs from the told session and is not said both ways; each once. */
export function othersOf(
  sessions: readonly OtherSession[],
  told: { readonly mode: Mode | null; readonly data: DataCommand | null },
): readonly OtherSession[] {
  const differing = sessions.filter(
    ({ mode, data, inside }) =>
      inside || (mode !== null && mode !== told.mode) || (data !== null && data !== told.data),
  );
  const isSame = (one: OtherSession, other: OtherSession): boolean =>
    one.mode === other.mode && one.data === other.data && one.inside === other.inside;
  return differing.filter(
    (one, index) =>
      !differing.slice(0, index).some((other) => isSame(one, other)) &&
      !differing.some((other) => isSame(one, other) && one.worked !== other.worked),
  );
}
