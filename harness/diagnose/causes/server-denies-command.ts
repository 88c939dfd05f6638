import { decision } from "../explains";
import type { CauseDefinition, Recognition } from "../cause";
import { dataVerbs, isPositive, lastExchange, listingVerbs, transferVerbs } from "../../ftp/dialogue";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Observations } from "../observations";
import { isServersOwn, refusalOf, refusalProofs, serverSaying, type Refusal } from "../refusals";
import { dialogueProof, messageProof } from "../proofs";
import { allowCommand, logMore } from "../remedies/server";

/** Whose refusal has a cause of its own: the login, TLS, and the data command. */
const othersVerbs: readonly string[] = ["USER", "PASS", "ACCT", "AUTH", "PBSZ", "PROT", "CCC", ...dataVerbs];

/** Commands that every server knows (RFC 959 section 5.1, RFC 1123 section 4.1.2.13). */
const knownVerbs: readonly string[] = [
  "LIST",
  "NLST",
  "RETR",
  "STOR",
  "APPE",
  "CWD",
  "CDUP",
  "PWD",
  "TYPE",
  "NOOP",
  "MKD",
];

/** Replies that say what else is the matter. */
const otherWords = ["limit", "setting", "died", "range"] as const;

export const serverDeniesCommand: CauseDefinition = {
  id: "server-denies-command",
  title: "A rule of the server denies the command, whatever file it names.",
  looksLike:
    "550 Permission denied, Operation not permitted, or 500 and 502, after one command of one kind, with every file; other commands work.",
  why:
    "Servers can deny commands: ProFTPD's `<Limit>` and DenyFilter, vsftpd's cmds_denied and write_enable, " +
    "pyftpdlib's permissions. The reply often looks as if a right on a file were missing, and sometimes as if the " +
    "server did not know the command.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const hidden = hiddenFiles(seen);
    if (hidden !== null) return hidden;
    const refusal = refusalOf(seen);
    const verb = refusal?.exchange?.verb ?? null;
    if (refusal === null || verb === null || othersVerbs.includes(verb) || !isServersOwn(seen, refusal)) return null;
    if (refusal.code < 500 || refusal.code === 530 || refusal.code === 521 || refusal.code === 522) return null;
    if (otherWords.some((kind) => serverSaying(seen, kind)?.by === "reply")) return null;
    const rule = ruleFor(seen, verb);
    const saying = serverSaying(seen, "command");
    const isUnknown = (refusal.code === 500 || refusal.code === 502) && knownVerbs.includes(verb);
    const isSaid = saying?.by === "reply";
    if (!isUnknown && !isSaid && (rule === null || namesFile(seen, refusal))) return null;
    const why =
      rule === null ? (isUnknown ? ", a command that every server knows" : "") : `, and its configuration says ${rule}`;
    // The software's own words may be those for a file too.
    const isAmbiguous =
      isSaid && rule === null && (seen.server.software === null || serverSaying(seen, "file") !== null);
    return {
      confidence: rule !== null || (isSaid && !isAmbiguous) ? "shown" : "likely",
      explanation: `The server denies ${verb}: it answered ${refusal.code}${why}.`,
      proofs: refusalProofs(seen, refusal, saying),
    };
  },
  remedies: [allowCommand, logMore],
};

/** ProFTPD answers a LIST that `<Limit>` denies with 226 and lists nothing. */
function hiddenFiles(seen: Observations): Recognition | null {
  const listing = lastExchange(seen.dialogue.exchanges, listingVerbs);
  if (seen.stage !== "integrity" || listing === null || !isPositive(listing.code)) return null;
  const rule = ruleFor(seen, listing.verb);
  if (rule === null) return null;
  return {
    confidence: "likely",
    explanation: `The server answered ${listing.verb} with ${String(listing.code)} and left files out, and its configuration says ${rule}.`,
    proofs: [...dialogueProof(listing), ...messageProof(seen)],
  };
}

function ruleFor({ server }: Observations, verb: string): string | null {
  if (server.software === null || server.configuration === "") return null;
  return softwareNamed(server.software).deniedBy(verb, server.configuration);
}

/** The reply is about a file that is not there: no rule says so. */
function namesFile(seen: Observations, { text, exchange }: Refusal): boolean {
  return transferVerbs.includes(exchange?.verb ?? "") && /no such|not found|full|quota|exist/i.test(text);
}
