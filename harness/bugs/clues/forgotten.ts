/** Firewalls that tell when they forget a connection. */
import type { Clue } from "./clue";
import { quoteOf } from "./scene";

/** ASA (302014), PAN-OS, Junos and FortiOS, of a control connection that was silent for too long. */
const words =
  /\bTeardown TCP connection\b.*[/:](?:21|990)\b.*\b(?:Connection timeout|idle)|[/:](?:21|990)\b.*\b(?:aged[- ]out|idle timeout|session timeout)\b|\b(?:aged[- ]out|idle timeout)\b.*[/:](?:21|990)\b/i;

const forgotten: Clue = ({ lines, unread, facts, symptom }) => {
  if (symptom.result !== "failed") return [];
  // SFTPGo says "Client IDLE timeout" of the sessions that it ends itself.
  const others = unread.filter(({ text }) => !text.includes('"sender"'));
  const all = [...lines.filter(({ direction, by }) => direction === "*" && by !== "server"), ...others, ...facts];
  const said = all.find(({ text }) => words.test(text));
  return said === undefined
    ? []
    : [
        {
          meaning: "a firewall forgot the control connection, which had been silent for too long",
          lines: [quoteOf(said)],
          votes: {
            "control-connection-dropped-idle": "names",
            "transfer-end-lost": "denies",
            "server-slow": "denies",
            "path-mtu-black-hole": "denies",
          },
        },
      ];
};

export const forgottenClues: readonly Clue[] = [forgotten];
