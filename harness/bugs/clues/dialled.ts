/** Where a client says that it dialled for data, and what that tells. */
import { saysReplaced } from "../logs/dialling";
import { parseAddress } from "../../net/address";
import type { LogLine } from "../../model/symptom";
import type { Clue } from "./clue";
import { isNowhere, isPrivate, quoteOf, type Scene } from "./scene";

/** The client's remarks of where it dialled for data. */
function saidDialled({ symptom, lines }: Scene): readonly LogLine[] {
  const at = new Set((symptom.grounds?.dataDialled ?? []).map(({ line }) => line));
  return lines.filter(({ direction, line }) => direction === "*" && at.has(line));
}

/** The client tells an address that it dialled, and 227 named another one. */
const dialsOther: Clue = (scene) => {
  const { symptom, arranged, stage } = scene;
  const { dataDialled, announced, replaced: isReplaced } = symptom;
  const named = announced?.address ?? null;
  if (arranged?.verb !== "PASV" || dataDialled === null || named === null || isReplaced) return [];
  if (stage !== null && stage !== "data-connect") return [];
  // The same port tells that it is the endpoint of this reply.
  if (dataDialled.port !== announced?.port || dataDialled.address === named || isPrivate(named)) return [];
  const said = saidDialled(scene);
  const reply = arranged.replies.at(-1);
  if (reply === undefined || said.length === 0) return [];
  return [
    {
      meaning: `the reply names ${named}, and the client dialled ${dataDialled.address}`,
      lines: [reply, ...said.slice(-1)].map(quoteOf),
      votes: { "passive-address-not-dialled": "names", "passive-port-not-forwarded": "denies", "no-helper": "denies" },
    },
  ];
};

/** 229 names no address (RFC 2428 section 3): a client that dials another one for data than for control goes astray by itself. */
const dialsElsewhere: Clue = (scene) => {
  const { symptom, arranged, stage } = scene;
  const { dataDialled, dialled } = symptom;
  if (arranged?.verb !== "EPSV" || dataDialled === null || (stage !== null && stage !== "data-connect")) return [];
  const isOther = dialled === null ? isNowhere(dataDialled.address) : dataDialled.address !== dialled;
  const said = saidDialled(scene);
  if (!isOther || said.length === 0) return [];
  return [
    {
      meaning: `the client dialled ${dataDialled.address} for data, which no reply to EPSV can name`,
      lines: said.slice(-1).map(quoteOf),
      votes: {
        "data-connection-to-other-server": "hints",
        "passive-port-not-forwarded": "denies",
        "no-helper": "denies",
      },
    },
  ];
};

/** The client dials the port that the reply names, and another address than it names. */
const otherDialled: Clue = ({ symptom, lines, unread, arranged, stage, passive }) => {
  const { address = null, port = 0 } = symptom.announced ?? {};
  if (address === null || arranged === null || passive !== true || stage !== "data-connect") return [];
  const since = lines.slice(lines.indexOf(arranged.command) + 1);
  // What a server's log has of addresses is not what the client dials.
  if (arranged.command.by !== undefined) return [];
  const dialled = [...since, ...unread].find(
    ({ direction, text, by }) =>
      direction === "*" &&
      by === undefined &&
      !text.startsWith("{") &&
      new RegExp(`\\b${port}\\b`).test(text) &&
      /\d+\.\d+\.\d+\.\d+/.test(text) &&
      !text.includes(address) &&
      !saysReplaced(text),
  );
  return dialled === undefined
    ? []
    : [
        {
          meaning: "the client dials another address than the reply names",
          lines: [quoteOf(dialled)],
          votes: {
            "passive-address-unroutable": "denies",
            ...(isPrivate(address) || isNowhere(address)
              ? { "passive-port-not-forwarded": "speaks" }
              : { "passive-address-not-dialled": "speaks", "passive-port-not-forwarded": "allows" }),
          },
        },
      ];
};

/** An IPv4 address in what somebody writes. */
const ipv4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;

/** Where no reply is shown, the client's word of an address that only its own network knows, for a server that has a public one. */
const dialsPrivate: Clue = (scene) => {
  const { symptom, unread, lines, stage } = scene;
  const { dataDialled, dialled, announced } = symptom;
  if (dataDialled === null || announced !== null || !isPrivate(dataDialled.address)) return [];
  if (stage !== null && stage !== "data-connect") return [];
  const said = saidDialled(scene);
  const isPublic = (address: string): boolean => parseAddress(address) !== null && !isPrivate(address);
  const named = (line: LogLine): boolean =>
    dialled === null ? (line.text.match(ipv4) ?? []).some(isPublic) : isPublic(dialled) && line.text.includes(dialled);
  const other = [...lines, ...unread].find((line) => line.direction === "*" && named(line));
  if (other === undefined || said.length === 0) return [];
  return [
    {
      meaning: `the client dialled ${dataDialled.address} for data, an address of private networks`,
      lines: [other, ...said.slice(-1)].map(quoteOf),
      // A helper would have replaced it; whatever stands on the way to a private address is not met before.
      votes: { "passive-address-unroutable": "hints", "passive-port-not-forwarded": "denies", "no-helper": "allows" },
    },
  ];
};

export const dialledClues: readonly Clue[] = [dialsOther, dialsElsewhere, otherDialled, dialsPrivate];
