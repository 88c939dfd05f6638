import {
  nothingSaid,
  remark,
  verbs,
  type FactBody,
  type LineReader,
  type Reading,
  type Said,
  type SpeakerForm,
} from "../speaker-form";
import { dottedEndpoint, writtenEndpoint } from "../written-endpoint";

/** `IP 192.0.2.1.40000 > 203.0.113.5.21: Flags [S], ..., length 0`; names stand in the place of numbers without `-n`. */
const head =
  /(?:^|\s)(IP6?|IPv[46] \(0x\w{2,6}\), length \d{1,6}:) (?:\(.{0,300}?\) ?)?(?:.{0,8}?)([0-9A-Za-z_.:-]{2,255}) > ([0-9A-Za-z_.:-]{2,255}): (.*)$/;
/** The second line of a packet with `-v`. */
const continued = /^\s+([0-9A-Za-z_.:-]{2,255}\.[\w-]{1,16}) > ([0-9A-Za-z_.:-]{2,255}\.[\w-]{1,16}): (.*)$/;
const firstOfTwo = /(?:^|\s)IP6? \(.*\)\s*$/;
const flagWords: readonly (readonly [string, string])[] = [
  ["S", "SYN"],
  ["F", "FIN"],
  ["R", "RST"],
  ["P", "PSH"],
  [".", "ACK"],
  ["U", "URG"],
  ["E", "ECE"],
  ["W", "CWR"],
];

/** What tcpdump says itself; that no packet came says much. */
const counted = /^\d{1,9} packets? (?:captured|received by filter|dropped by kernel)\s*$/;
const around = /^(?:tcpdump: (?:verbose output|listening on|data link)|listening on \S+, link-type|dropped privs to )/;

/** tcpdump's text. */
export const tcpdump: SpeakerForm = {
  id: "tcpdump",
  title: "tcpdump's text",
  by: "packets",
  software: null,
  begin: readTcpdump,
};

/** Of the packet that was read last, FTP may stand on the lines after it (`-v`, `-A`). */
function readTcpdump(): LineReader {
  let isOfFtp = false;
  let isOpen = false;
  return (text) => {
    if (counted.test(text)) return remark(text.trim());
    if (around.test(text)) return nothingSaid;
    if (firstOfTwo.test(text)) {
      isOpen = true;
      return {};
    }
    const [, , from, to, rest] = head.exec(text) ?? [];
    const two = from === undefined && isOpen ? continued.exec(text) : null;
    const [source, destination, words] = two === null ? [from, to, rest] : [two[1], two[2], two[3]];
    if (source === undefined || destination === undefined || words === undefined) {
      const isText = isOpen && /^\s/.test(text);
      isOpen = isText && text.trim() !== "";
      return isText ? dialogueIn(text.trim(), isOfFtp) : null;
    }
    const reading = packetOf(source, destination, words);
    isOpen = reading !== null;
    isOfFtp = reading?.isOfFtp ?? false;
    return reading;
  };
}

/** Lines below a packet that show what it carries. */
function dialogueIn(text: string, isOfFtp: boolean): Reading {
  // A dump in hexadecimal, or of other bytes.
  if (!isOfFtp || /^0x[0-9a-f]{4}:/.test(text)) return {};
  const found = saidIn(text);
  return found === null ? {} : { said: [found] };
}

function saidIn(text: string): Said | null {
  if (/^[1-6]\d\d[ -]/.test(text)) return { direction: "<", text };
  return verbs.test(text) ? { direction: ">", text } : null;
}

function packetOf(
  source: string,
  destination: string,
  words: string,
): (Reading & { readonly isOfFtp: boolean }) | null {
  const icmp = /^ICMP6?,? (?:destination unreachable, )?(.*?)(?:, length \d+)?\s*$/.exec(words)?.[1];
  if (icmp !== undefined) return { facts: icmpErrorOf(source, destination, icmp), isOfFtp: false };
  const [, letters] = /^Flags \[([^\]]{1,10})\]/.exec(words) ?? /^([SFRPWE.]{1,5}) (?:\d|ack|cksum)/.exec(words) ?? [];
  // With `-q` it shows the length alone.
  const quiet = /^tcp (\d{1,6})\b/.exec(words)?.[1];
  if (letters === undefined && quiet === undefined) return /^(?:UDP|\[)/.test(words) ? { isOfFtp: false } : null;
  const flags = flagWords.filter(([letter]) => letters?.includes(letter) === true).map(([, word]) => word);
  const [from, to] = [dottedEndpoint(source), dottedEndpoint(destination)];
  const [, ftp] = /\bFTP: (.*?)\s*$/.exec(words) ?? [];
  const length = quiet ?? /\blength:? (\d{1,6})/.exec(words)?.[1];
  const dialogue = ftp === undefined ? null : saidIn(ftp);
  return {
    facts: [
      { kind: "packet", from, to, flags, length: length === undefined ? null : Number(length), ftp: ftp ?? null },
    ],
    ...(dialogue === null ? {} : { said: [dialogue] }),
    isOfFtp: [from.port, to.port].some((port) => port === 21 || port === 990) || /\bFTP\b/.test(words),
  };
}

/** `host 10.0.0.3 unreachable - admin prohibited`, `10.0.0.3 tcp port 40000 unreachable`. */
function icmpErrorOf(from: string, to: string, words: string): readonly FactBody[] {
  if (!/unreachable|prohibited|exceeded|too big|need to frag/i.test(words)) return [];
  const [, target, port] = /^(?:host |net )?([0-9A-Za-z_.:-]{2,255})(?: tcp port (\S+))? unreachable/.exec(words) ?? [];
  return [
    {
      kind: "icmp-error",
      from,
      to,
      says: words,
      target: target === undefined ? null : writtenEndpoint(target, port),
    },
  ];
}
