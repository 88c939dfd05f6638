/** Words of clients and servers for a listing or a file that was transferred: rclone, FileZilla, WinSCP, lftp, ncftp, vsftpd. */
const done =
  /\bCopied \((?:new|replaced|server)|\btransfer(?:red)? (?:successful|successfully|complete[d]?|finished|OK)\b|\bsuccessfully (?:up|down)loaded\b|\b(?:up|down)load(?:ed)? (?:successful(?:ly)?|complete[d]?|finished|OK)\b|\b\d+ bytes transferred\b|\bOK (?:UP|DOWN)LOAD\b|\bDirectory listing (?:of .{1,300} )?successful\b|Verzeichnisinhalts .{0,300}abgeschlossen|Dateiübertragung erfolgreich|affiché avec succès|Transfert de fichier réussi/i;

/** Words of programs that run a whole task by FTP, when it has come to its end as it should. */
const allDone =
  /\b(?:info|success)\b.{0,40}\bdone\b.{0,200}\b(?:up|down)load\b|\b(?:backup|deploy(?:ment)?|sync\w*|upload|download|job|task)\b.{0,40}\b(?:completed|finished|done) (?:successfully|without errors)\b/i;

/** Whether a line says that all of a task was done. */
export const saysAllDone = (text: string): boolean => allDone.test(text);

/** Whether a line says that what was asked for was transferred. */
export const saysDone = (text: string): boolean => done.test(text);
