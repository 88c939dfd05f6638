import type { Stage } from "../model/axes";
import type { LogLine } from "../model/symptom";

/** A refusal of which nothing around it is shown. */
export type LoneReply = { readonly code: number; readonly stage: Stage };

/** In a line of its own, or as a program's error tells it: `FTPError: 425 ...`, `ftplib.error_temp: 425 ...`. */
const refusal = /^(?:[\w.]*[Ee]rror\w*:? )*([45]\d\d)(?: (.*))?$/;

/** The refusal in a log that shows no command; `null` where it shows one, or refuses what may be refused at several stages. */
export function loneReplyIn(lines: readonly LogLine[]): LoneReply | null {
  if (lines.some(({ direction }) => direction === ">")) return null;
  const found = lines.findLast(({ text }) => refusal.test(text))?.text ?? "";
  const [, code, text = ""] = refusal.exec(found) ?? [];
  const stage = code === undefined ? null : stageOf(Number(code), text);
  return stage === null ? null : { code: Number(code), stage };
}

/** Where a session is refused so (RFC 959 section 4.2.2, RFC 4217); `null` for a code that is given at several stages. */
function stageOf(code: number, text: string): Stage | null {
  switch (code) {
    case 425:
      // mod_tls's refusal is EPERM; a connection that nobody answers never is.
      return text.includes("Operation not permitted") ? "data-tls" : "data-connect";
    case 426:
      return "transfer";
    case 521:
    case 536:
      return "protection";
    case 522:
      // RFC 4217 has it for clear data, RFC 2428 for the other family, and vsftpd for a TLS session that is not resumed.
      return /session reuse/i.test(text) ? "data-tls" : null;
    case 530:
      return "login";
    default:
      return null;
  }
}
