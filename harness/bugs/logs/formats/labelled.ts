import type { LogFormat } from "../format";
import { labelOf, roleOf, type Role } from "./filezilla-words";
import { connecting, readLabelled } from "./filezilla";
import { tellsTrouble } from "../trouble";

const isReply = (text: string): boolean => /^[1-6]\d\d(?:[ -]|$)/.test(text);
const isCommand = (text: string): boolean =>
  /^(?:USER|PASS|AUTH|PBSZ|PROT|CCC|PASV|EPSV|PORT|EPRT|LIST|NLST|MLSD|RETR|STOR|APPE|CWD|X?PWD|TYPE|FEAT|SYST|OPTS|CLNT|SIZE|MDTM|QUIT)\b/.test(
    text,
  );

/**
 * A log that has a label before each line, in whatever words: the label before commands, the one before replies, and of the others those
 * that first stand behind a command, where things go wrong.
 */
export const labelled: LogFormat = {
  id: "labelled",
  title: "a log with labels",
  client: null,
  signature: /^(?!)/,
  read: () => null,
  forText: (lines) => {
    const roles = rolesIn(lines);
    if (roles === null) return null;
    const signature = new RegExp(`^(?:${[...roles.keys()].join("|")})(?:\\s?[:：]|\\.(?=\\s))\\s`, "u");
    return {
      ...labelled,
      signature,
      read: (line) => {
        const { label, rest } = labelOf(line) ?? { label: "", rest: "" };
        const role = roles.get(label);
        if (role !== undefined) return readLabelled(role, rest);
        return tellsTrouble(line) ? readLabelled("wrong", line) : null;
      },
    };
  },
  complaint: /^Error: /,
  begins: connecting,
};

type Seen = { replies: number; commands: number; others: number; isLate: boolean };

/** What each label stands for; `null` where commands and replies have none, or those of a program that is known. */
function rolesIn(lines: readonly string[]): ReadonlyMap<string, Role> | null {
  const labels = new Map<string, Seen>();
  let hasCommand = false;
  for (const line of lines) {
    const { label, rest } = labelOf(line) ?? { label: null, rest: "" };
    if (label === null) continue;
    const seen = labels.get(label) ?? { replies: 0, commands: 0, others: 0, isLate: hasCommand };
    labels.set(label, seen);
    if (isReply(rest)) seen.replies += 1;
    else if (isCommand(rest)) seen.commands += 1;
    else seen.others += 1;
    hasCommand ||= isCommand(rest);
  }
  const roles = new Map<string, Role>();
  for (const [label, { replies, commands, others, isLate }] of labels) {
    const role = commands > replies + others ? "sent" : replies > commands + others ? "received" : null;
    roles.set(label, role ?? (isLate ? "wrong" : "status"));
  }
  const found = [...roles.values()];
  const isWhole = found.includes("sent") && found.includes("received") && found.some((role) => role === "wrong");
  const isKnown = [...roles].every(
    ([label, role]) => (role !== "sent" && role !== "received") || roleOf(label) === role,
  );
  return isWhole && !isKnown && labels.size <= 8 ? roles : null;
}
