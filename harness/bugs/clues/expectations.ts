/** What the kernel's helper expects, as conntrack lists it, beside what became of that connection. */
import type { LogLine } from "../../model/symptom";
import type { Clue } from "./clue";
import { ofKind } from "./facts";
import { quoteOf } from "./scene";

/** `proto=6 src=192.0.2.1 dst=203.0.113.5 sport=0 dport=50312 mask-src=... class=0 helper=ftp` (conntrack-tools). */
const expectation = /\bproto=6 src=\S+ dst=(\S+) sport=\d+ dport=(\d{1,5}) mask-src=.*\bhelper=ftp\b/;

/** A firewall stopped the very connection that the helper expects: what is RELATED is not accepted there. */
const expectedButStopped: Clue = (scene) => {
  const listed = [...scene.lines, ...scene.unread].flatMap((line): readonly { line: LogLine; port: number }[] => {
    const [, , port] = expectation.exec(line.text) ?? [];
    return port === undefined ? [] : [{ line, port: Number(port) }];
  });
  const stopped = ofKind(scene, "logged-packet").filter(({ verdict }) => verdict === "blocked");
  const met = stopped.flatMap((packet) => {
    const expected = listed.find(({ port }) => port === packet.to.port);
    return expected === undefined ? [] : [{ packet, expected }];
  });
  const [first] = met;
  if (first === undefined) return [];
  return [
    {
      meaning: `the helper expects the connection to port ${first.packet.to.port ?? 0}, and a rule stops it`,
      lines: [quoteOf(first.expected.line), quoteOf(first.packet)],
      votes: {
        "related-not-accepted": "names",
        "no-helper": "denies",
        "passive-port-not-forwarded": "denies",
        "helper-blind-to-tls": "denies",
      },
    },
  ];
};

export const expectationClues: readonly Clue[] = [expectedButStopped];
