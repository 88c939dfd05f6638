import type { LogFormat, SaidLine } from "../format";
import { labelOf, roleOf, unroutable, withoutTls, type Role } from "./filezilla-words";

/** What a labelled line says, by what its label stands for. */
export function readLabelled(role: Role, rest: string): SaidLine {
  if (role === "sent") return { direction: ">", text: rest };
  if (role === "received") return { direction: "<", text: rest };
  return { direction: "*", text: role === "wrong" ? `Error: ${rest}` : rest };
}

/** Where it connects: in every language the address and the port are in it, and it goes on. */
export const connecting =
  /^[^:]*\s?(?:[\w*.-]+|\[[0-9a-f:]+\]):(?:\d{1,5}|x+)\b[^:]*(?:\.\.\.|…)$|^Resolving address of|^Connecting to\s/;

/** FileZilla's message log, in its languages; its makers' ftptest.net writes Reply. */
export const filezilla: LogFormat = {
  id: "filezilla",
  title: "FileZilla",
  client: "filezilla",
  // It lists with MLSD or LIST.
  never: /^NLST\b/,
  signature: /^(?:Status|Command|Response|Reply|Trace)\s?[:：]\s/,
  read: (line) => {
    const { label, rest } = labelOf(line) ?? { label: "", rest: "" };
    const role = roleOf(label);
    return role === null ? null : readLabelled(role, rest);
  },
  forText: (lines) => {
    const labels = new Set(
      lines.flatMap((line) => labelOf(line)?.label ?? []).filter((label) => roleOf(label) !== null),
    );
    // One word alone is anybody's, and an error too.
    const own = [...labels].filter((label) => roleOf(label) !== "wrong");
    if (own.length === 0) return filezilla;
    return { ...filezilla, signature: new RegExp(`^(?:${own.join("|")})(?:\\s?[:：]|\\.(?=\\s))\\s`, "u") };
  },
  complaint: /^Error: /,
  begins: connecting,
  tells: {
    privateAddress: unroutable,
    // What it says of TLS is that it begins or has begun, but for one sentence.
    explicitTls: /^(?!.*\bFTP\b)(?!.*(?:GnuTLS|TLS alert|not |timed|fail|error|closed)).*\bTLS\b/i,
    noTls: withoutTls,
  },
};
