/** What servers say of files, of room for them and of rights to them: in the words of Unix, Windows, mainframes and VMS, in any line of a reply. */
import type { LogLine } from "../../model/symptom";
import { repeating } from "../logs/implied";
import type { Clue, Weight } from "./clue";
import { quoteOf, type Scene } from "./scene";

/** Commands that name a file or a folder. */
export const fileVerbs: readonly string[] = [
  ...["RETR", "STOR", "STOU", "APPE", "DELE", "MKD", "RMD", "RNFR", "RNTO", "CWD", "CDUP", "SIZE", "MDTM", "MLST"],
  ...["LIST", "NLST", "MLSD", "SITE"],
];

type Reason = { readonly says: RegExp; readonly means: string; readonly weight: Weight };

/** errno(3), Win32, z/OS (abend codes of EOV are B37, D37 and E37, those of RACF 913), IBM i, VMS' RMS. */
const reasons: readonly Reason[] = [
  {
    says: /\bout of (?:\w+ )?(?:space|room|storage)\b|\bno(?:t enough| more)? (?:\w+ ){0,2}(?:space|room|storage)\b|\binsufficient (?:\w+ ){0,2}(?:space|room|storage)\b|\b(?:dis[ck]|volume|file ?system|device|drive|partition)(?: is| was)? (?:full|exhausted)\b|\bE(?:NOSPC|DQUOT)\b|\bexceed\w* (?:\w+ ){0,2}(?:storage|space)\b|\bS?[BDE]37-[0-9A-F]{2}\b/i,
    means: "the server says that it has no room for the file",
    weight: "names",
  },
  {
    says: /\b(?:file|data ?set|member|object|record|directory|folder)\b.{0,60}\b(?:in use|locked|busy|being used|allocated to another)\b|\bbeing used by another\b|\bsharing violation\b|\bE(?:BUSY|TXTBSY)\b|\bin use by another (?:job|user|process)\b/i,
    means: "the server says that something else holds the file",
    weight: "hints",
  },
  {
    says: /\bnot authori[sz]ed\b|\bunauthori[sz]ed\b|\binsufficient (?:privileges?|authority|access|rights?|permissions?)\b|\b(?:permission|access)(?: is)? denied\b|\bEACCES\b|\bS?[09]13-[0-9A-F]{2}\b|\bICH408I\b|\bprotection violation\b|\bread-only file ?system\b|\bEROFS\b/i,
    means: "the server says that it is not permitted",
    weight: "hints",
  },
  {
    says: /\b(?:unable|failed|cannot|can't|could ?n[o']t)(?: to)? open \S{1,200} for (?:writing|reading|appending)\b|\b(?:not able|unable|failed|cannot|can't|could ?n[o']t)(?: to)? (?:open|create|read|write|access|allocate|find)\b.*\b(?:file|member|data ?set|library|folder|directory|object)\b|\bfile error\b|\blocal file\b|\bsystem completion code\b|\ballocation of .{1,80} failed\b|\bnot catalog(?:u?ed)?\b|\binput\/output error\b|\bI\/O error\b|\bfile (?:is )?too (?:large|big)\b|\bE(?:FBIG|IO)\b/i,
    means: "the server says that an error of the file ended it",
    weight: "speaks",
  },
];

/** What is refused for a connection, a port, a login or TLS is no file's fault. */
const ofOther =
  /\bdata (?:connection|channel|socket)|\b(?:port|address|socket|session|TLS|SSL|host|password|log ?in|IP)\b/i;

/** The reply by which the last command was refused, in all of its lines; a refusal that stands alone. */
function refusalIn({ last, lines, end }: Scene): readonly LogLine[] {
  if (last !== null && !fileVerbs.includes(last.verb)) return [];
  // BSD's ftp shows no command, and says to which it was the answer.
  if (last === null && lines.some(({ text }) => text.startsWith("Passive mode refused"))) return [];
  const said = last?.replies ?? lines.filter(({ direction, text }) => direction === "<" || repeating.test(text));
  // IIS has the reason beside the code.
  const beside = end.filter(({ direction, text }) => direction === "*" && /\bsc-win32-status \d+ \(/.test(text));
  return [...said.filter(({ text }) => /^[45]\d\d(?:[ -]|$)/.test(text) || repeating.test(text)), ...beside];
}

export const fileClue: Clue = (scene) => {
  if (scene.symptom.result === "worked") return [];
  const refusal = refusalIn(scene).filter(({ text }) => !ofOther.test(text));
  for (const { says, means, weight } of reasons) {
    const said = refusal.filter(({ text }) => says.test(text));
    if (said.length > 0)
      return [
        {
          meaning: means,
          lines: said.slice(0, 2).map(quoteOf),
          // Whose transfer a file ended had its data connection to that moment.
          votes: {
            "server-denies-file": weight,
            "transfer-end-lost": "denies",
            "control-connection-dropped-idle": "denies",
          },
        },
      ];
  }
  return [];
};
