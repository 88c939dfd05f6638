/** What servers say of their own decisions and troubles, in replies and logs. */
import type { SoftwareId } from "../../model/ids";
import { softwares } from "./all";
import type { ServerWordKind } from "./definition";

/** FileZilla Server, IIS, Serv-U, wu-ftpd, SFTPGo, ProFTPD's modules, and what many programs say alike. */
const elsewhere: Readonly<Record<ServerWordKind, RegExp | null>> = {
  limit:
    /too many (?!levels|open files)(?!.*(?:login|attempt|fail|password|authentication))\S|\bmax(?:imum)?\.? (?:number of |allowed |\d+ )?(?:client|connection|session|user)s?\b|(?:client|connection|session|user)s? limit\b|limit of \d+ (?:client|connection|session|user)s?/i,
  address:
    /(?:\bip|address|host)\b.{0,30}\b(?:not allowed|not permitted|denied|rejected|blocked|banned|refused)|(?:not allowed|denied|blocked|banned)\b.{0,30}\b(?:your (?:ip|address|host)|from this (?:ip|address|host))|\bno (?:connections?|access|logins?) (?:is |are )?(?:allowed|permitted|accepted) (?:from|for) (?:your|this)\b/i,
  command: /command (?:is )?(?:denied|disabled|not allowed|not permitted)|not allowed to use this command/i,
  file: /no such (?:file|directory)|file (?:not found|unavailable)|(?:could|can)(?: ?not|n't) (?:find|open|create|access|get) .*(?:file|directory|folder)|disk full|no space left|quota|exceeds|not a (?:regular|plain) file|access is denied|cannot find the (?:file|path)|being used by another process/i,
  setting: null,
  died: null,
  range: /no (?:free|available) (?:passive )?ports?\b/i,
};

/** Whether a line says so in the words of this software, or of any where that is not known or stands for others. */
export function serverSays(kind: ServerWordKind, line: string, software: SoftwareId | null): boolean {
  const isAnyones = software === null || softwares.some(({ id, isStandIn }) => id === software && isStandIn === true);
  const own = softwares.filter(({ id }) => isAnyones || id === software).map(({ says }) => says[kind]);
  return [...own, elsewhere[kind]].some((pattern) => pattern?.test(line) === true);
}
