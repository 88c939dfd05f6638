/** What other tools found at the port that the reply named. */
import { notOnTheWay, type Clue } from "./clue";
import { quoteOf } from "./scene";

/** nc, ncat, telnet, nmap, tcping, curl and bash's /dev/tcp, when somebody answers there. */
const answered =
  /\bsucceeded\b|\bopen\b|\bConnected to\b|\bconnected\.|\bport is open\b|\bTcpTestSucceeded\s*:\s*True\b/i;
const negated = /\bnot\b|n't\b|\bno\b|\bfail|\bfiltered\b|\bclosed\b|\btimed? ?out\b|\brefused\b/i;

/** A port that answers somebody is forwarded, and its address leads there from where that was tried. */
const portAnswers: Clue = ({ symptom, unread, lines }) => {
  const { announced, result } = symptom;
  const port = announced?.port ?? null;
  if (result === "worked" || port === null) return [];
  const named = new RegExp(String.raw`(?<![\d.])${port}(?![\d.])`);
  const probe = unread.find(({ text }) => answered.test(text) && named.test(text) && !negated.test(text));
  if (probe === undefined || lines.some(({ line, paste }) => line === probe.line && paste === probe.paste)) return [];
  const isSameAddress = typeof announced?.address === "string" && probe.text.includes(announced.address);
  return [
    {
      meaning: `port ${port} answers another tool`,
      lines: [quoteOf(probe)],
      votes: { ...notOnTheWay, ...(isSameAddress ? { "passive-address-unroutable": "denies" } : {}) },
    },
  ];
};

export const probeClues: readonly Clue[] = [portAnswers];
