/** Whether a remedy fits what a paste shows, and in which words. */
import type { MatchedCure } from "../../../model/match";
import type { CauseId, PrintedRemedy } from "../../../model/diagnosis";
import type { Setting } from "../setting";

/** What the pastes show, and the cause that is to be cured. */
export type Case = Setting & {
  readonly cause: CauseId;
  /** The lines that speak for it. */
  readonly said: string;
};

/** `null`: what is pasted rules the remedy out. */
export type Fit = (cure: PrintedRemedy, shown: Case) => MatchedCure | null;

export const fits: Fit = (cure) => ({ ...cure, onlyIf: null });

/** An unknown fact becomes a condition. A guess gets no lines to paste. */
export function onlyIf(condition: string): Fit {
  return (cure) => ({ ...cure, lines: [], onlyIf: condition });
}

/** `null` as an answer: no line tells. */
export function ifShown(holds: (setting: Case) => boolean | null, condition: string): Fit {
  return (cure, setting) => {
    const held = holds(setting);
    if (held === false) return null;
    return held === true ? fits(cure, setting) : onlyIf(condition)(cure, setting);
  };
}

export const unless =
  (rulesOut: (setting: Case) => boolean, fit: Fit = fits): Fit =>
  (cure, setting) =>
    rulesOut(setting) ? null : fit(cure, setting);

/** In other words than a report of the lab, which knows every node. */
export const says =
  (what: string | ((setting: Case) => string | null), fit: Fit = fits): Fit =>
  (cure, setting) => {
    const said = typeof what === "string" ? what : what(setting);
    return said === null ? null : fit({ ...cure, what: said }, setting);
  };

export const without =
  (fit: Fit = fits): Fit =>
  (cure, setting) =>
    fit({ ...cure, lines: [] }, setting);

/** What fits in its place. */
export const instead = ({ id, party }: PrintedRemedy, what: string, lines: readonly string[] = []): MatchedCure => ({
  id,
  party,
  what,
  lines,
  onlyIf: null,
});

/** What a server writes of a session that it ends when nothing was asked for too long. */
const ownTimeLimit =
  /\b(?:time-?out|timed out|idle|inactiv\w*|no (?:command|transfer|activity))\b.*\b(?:clos(?:ed|ing)|disconnect(?:ed|ing)?|kick(?:ed|ing)?|terminat(?:ed|ing)|end(?:ed|ing))\b|\b(?:clos|disconnect|terminat)ed\b.{0,20}\b(?:time-?out|timed out|idle|inactiv\w*)\b/i;

/** The server itself ended the session when its time was up (421 with words of time). */
export const endsByTime = ({ symptom: { lines }, cause }: Case): boolean =>
  // Within a transfer that takes minutes, 421 is the server's own end of the session (RFC 959 section 5.4).
  (cause === "control-connection-dropped-idle" &&
    lines.some(({ direction, text }) => direction === "<" && /^421[ -]/.test(text))) ||
  lines.some(
    ({ direction, text, by }) =>
      direction !== ">" &&
      ((by === "server" && direction === "*" && ownTimeLimit.test(text)) ||
        /\b421\b.*(?:time-?outs?|timed out|idle|inactiv|no transfer)|\b(?:idle|inactivity|control (?:socket|connection)) time-?out\b.{0,40}\bclos(?:ed|ing)\b/i.test(
          text,
        )) &&
      !/data (?:channel|connection|socket)/i.test(text),
  );

/** The server, and not the client, turned down the version of TLS: its log says so of a handshake that it was to accept. */
export const offersOldOnly = ({ text }: Case): boolean =>
  /\b(?:curl -[23] |SSLv[23], TLS handshake, Client hello|sslv3 alert handshake)/i.test(text) ||
  /early_post_process_client_hello:unsupported protocol|unable to accept TLS connection: protocol error:\s*(?:\(\d+\) )?error:\w+:[^\n]*(?:unsupported protocol|version too low)|(?:client|peer) (?:offers?|offered|requested|sent)\b.{0,40}\b(?:SSLv[23]|TLSv?1(?:\.[01])?)\b/i.test(
    text,
  );

/** The server's log, or somebody who compared, has the whole file. */
export const hasAll = ({ text, symptom: { lines } }: Case): boolean =>
  lines.some(
    ({ by, text: line }) => by === "server" && /\b(?:up|down)loaded\b.*\bbytes\b|\bOK (?:UP|DOWN)LOAD\b/.test(line),
  ) ||
  /\b(?:hash\w*|checksum|md5\w*|sha\d+\w*|size)\b[^.\n]{0,40}\b(?:is |are )?(?:correct|matche?s?|identical|the same)\b/i.test(
    text,
  );

/** Words of the paste. */
export const shows =
  (words: RegExp) =>
  ({ text }: Case): boolean =>
    words.test(text);
