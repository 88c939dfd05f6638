import { isPassive, traitsOf } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { OutputLine, ProgramSession } from "../../model/program";

/** A line of the dialogue: its direction and its text. */
type Line = Pick<TranscriptLine, "direction" | "text">;

/**
 * What PHP's calls and their results say of the control dialogue (ext/ftp/ftp.c): the commands that a function sends, without
 * addresses and ports, and of replies the codes that it takes for success, or the text without the code. The calls themselves are remarks.
 */
export function phpDialogue(output: readonly OutputLine[], session: ProgramSession): readonly TranscriptLine[] {
  let warnings: string[] = [];
  return output.flatMap(({ atMs, stream, text }) => {
    if (stream !== "stderr") return [];
    const [, called, returned, result] = /^(?:call (ftp_\w+)|(ftp_\w+) = (true|false))$/.exec(text) ?? [];
    if (called !== undefined) {
      warnings = [];
      return [{ direction: "*" as const, text: `${called}()` }, ...whenCalled(called, session)].map((line) => ({
        atMs,
        ...line,
      }));
    }
    if (returned === undefined) {
      warnings.push(text);
      return [{ atMs, direction: "*" as const, text }];
    }
    const lines =
      result === "true" ? whenGranted(returned, session) : whenRefused(returned, warnings.join("\n"), session);
    return lines.map((line) => ({ atMs, ...line }));
  });
}

function whenCalled(name: string, { mode, data, user }: ProgramSession): readonly Line[] {
  switch (name) {
    case "ftp_login":
      return [sent(traitsOf(mode).tls === "none" ? `USER ${user}` : "AUTH TLS")];
    case "ftp_pasv":
      // Active mode is arranged by each transfer.
      return isPassive(data) ? [sent(data.toUpperCase())] : [];
    default:
      return isTransfer(name) && !isPassive(data) ? [sent(data.toUpperCase())] : [];
  }
}

function whenGranted(name: string, { mode, data, user }: ProgramSession): readonly Line[] {
  switch (name) {
    case "ftp_connect":
    case "ftp_ssl_connect":
      return [received("220")];
    case "ftp_login": {
      const secured = traitsOf(mode).tls === "none" ? [] : [received("234"), sent(`USER ${user}`)];
      return [...secured, received("331"), sent("PASS ###"), received("230")];
    }
    case "ftp_pasv":
      return isPassive(data) ? [received(data === "pasv" ? "227" : "229")] : [];
    default:
      return isTransfer(name) ? [...arranged(data), sent(verbOf(name)), received("226")] : [];
  }
}

/** A refusal that names the data command; a reply to the transfer command may ask for one ("Use PORT or PASV first"). */
const refusedActive =
  /Illegal (?:PORT|EPRT)|\b(?:PORT|EPRT)\b'? (?:command )?(?:is )?not (?:implemented|supported|allowed|understood)/i;

/** The warning is the text of the last reply, whatever went wrong afterwards. */
function whenRefused(name: string, warnings: string, { mode, data, user }: ProgramSession): readonly Line[] {
  const replies = [...warnings.matchAll(/^ftp_\w+\(\): (.*)$/gm)].flatMap(([, text = ""]) =>
    /^SSL_|handshake/.test(text) ? [] : [received(text)],
  );
  if (name === "ftp_login") {
    const isSecured = traitsOf(mode).tls !== "none" && !/\bAUTH\b|'auth'|handshake/.test(warnings);
    return isSecured ? [received("234"), sent(`USER ${user}`), ...replies] : replies;
  }
  if (!isTransfer(name)) return [];
  if (isPassive(data)) {
    // It dials before it sends the transfer command, and then repeats the reply before that.
    return /^ftp_\w+\(\): \w+\(\) failed/m.test(warnings) ? [] : [sent(verbOf(name)), ...replies];
  }
  if (refusedActive.test(warnings)) return replies;
  // Of a listing it does not tell what was refused.
  return [...(replies.length === 0 ? [] : arranged(data)), sent(verbOf(name)), ...replies];
}

function arranged(data: ProgramSession["data"]): readonly Line[] {
  return isPassive(data) ? [] : [received("200")];
}

function isTransfer(name: string): boolean {
  return verbOf(name) !== "";
}

function verbOf(name: string): string {
  switch (name) {
    case "ftp_rawlist":
      return "LIST";
    case "ftp_get":
      return "RETR";
    case "ftp_put":
      return "STOR";
    default:
      return "";
  }
}

function sent(text: string): Line {
  return { direction: ">", text };
}

function received(text: string): Line {
  return { direction: "<", text };
}
