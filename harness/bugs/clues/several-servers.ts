/** Several servers behind one address: what one of them has arranged may lead to another. */
import type { LogLine } from "../../model/symptom";
import { notOnTheWay, type Clue } from "./clue";
import { ofKind, readingOf } from "./facts";
import { quoteOf } from "./scene";

/** A server's address with its control port, as `kubectl get endpoints`, ipvsadm, HAProxy and nginx list them; or a pod of `kubectl get pods -o wide`. */
const listed = /(?<![\d.])((?:\d{1,3}\.){3}\d{1,3}):21(?!\d)|\bRunning\b.{0,80}?\s((?:\d{1,3}\.){3}\d{1,3})(?=\s)/g;
/** That every connection may go to another one. */
const unbound =
  /\bsession ?affinity\b\W{0,3}(?:is )?none\b|\b(?:scaled|replicas)\b.{0,30}\b(?:[2-9]|two|three|several|up)\b|\bround[- ]?robin\b|\brr\b(?! persistent)|\b(?:every|each) (?:second|other|third)\b.{0,30}\b(?:works?|fails?|time|try|poll|attempt)\b/i;

/** That connections are shared out, whoever serves. */
const balanced = /\bround[- ]?robin\b|\bload[- ]?balanc|балансировщик/i;

/** A listing of who serves: quoted are the lines that show two, and the one that says that nothing binds a client to one of them. */
const severalServers: Clue = ({ lines, unread, stage, symptom }) => {
  if (symptom.result !== "failed" || (stage !== null && stage !== "data-connect")) return [];
  const all = [...unread, ...lines].filter(({ direction }) => direction === "*");
  const first = new Map<string, LogLine>();
  for (const line of all.filter(isListing))
    for (const address of addressesIn(line)) if (!first.has(address)) first.set(address, line);
  const free = all.find(({ text }) => unbound.test(text));
  const isShared = all.some(({ text }) => balanced.test(text));
  if (free === undefined || (first.size < 2 && !isShared)) return [];
  return [
    {
      meaning: "connections go to several servers, and nothing that is shown binds a client to one of them",
      lines: [...new Set([...first.values()].slice(0, 2)), free].map(quoteOf),
      votes: {
        "data-connection-to-other-server": "hints",
        // A path that is closed fails each time.
        ...(isShared || /\b(?:works?|fails?)\b/i.test(free.text)
          ? { "no-helper": "denies", "passive-port-not-forwarded": "denies" }
          : {}),
      },
    },
  ];
};

/** The connection to the port that was named came to one of several servers, and that one refused it. */
const refusedByAnother: Clue = (scene) => {
  const port = scene.symptom.announced?.port ?? null;
  const packets = ofKind(scene, "packet").filter(
    ({ from, to }) => port !== null && (from.port === port || to.port === port),
  );
  const refusal = packets.find(({ from, flags }) => from.port === port && flags.includes("RST"));
  const asked = packets.find(
    ({ to, flags }) => to.port === port && flags.includes("SYN") && to.address === refusal?.from.address,
  );
  if (refusal === undefined || asked === undefined) return [];
  const all = [...scene.unread, ...scene.lines];
  const addresses = new Set(all.filter(isListing).flatMap(addressesIn));
  const isOneOfThem = addresses.size > 1 && addresses.has(refusal.from.address);
  // The port that was announced is open somewhere, and not where the connection came to.
  const isOpenElsewhere = all.some(({ text }) => balanced.test(text)) && all.some(({ text }) => isListener(text, port));
  if (!isOneOfThem && !isOpenElsewhere) return [];
  return readingOf("the connection came to one of several servers, which has no such port open", [asked, refusal], {
    ...notOnTheWay,
    "data-connection-to-other-server": "names",
  });
};

/** `LISTEN 0 5 0.0.0.0:40112 0.0.0.0:*`, as ss and netstat list who waits at a port. */
function isListener(text: string, port: number | null): boolean {
  return /\bLISTEN\b/.test(text) && new RegExp(String.raw`[:.]${port}\b`).test(text);
}

function addressesIn({ text }: LogLine): readonly string[] {
  return [...text.matchAll(listed)].map(([, control, pod]) => control ?? pod ?? "");
}

/** A client's log and a capture name the two ends of one connection. */
function isListing({ text, by }: LogLine): boolean {
  return by === undefined && !/ > |->|<-|\bConnect(?:ed|ing)\b|\bTrying\b/.test(text.replace(/^\s*-> /, ""));
}

export const severalServersClues: readonly Clue[] = [severalServers, refusedByAnother];
