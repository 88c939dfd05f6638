/** Words that say nothing of a reporter: the project's own, and those that every server has. */
import { clients } from "../../catalog/clients/registry";
import { dataCommands, modes, operations, results, stages } from "../../model/axes";
import { causeIds } from "../../model/diagnosis";
import { gapCollectors } from "../../model/evidence";
import { account, siteName } from "../../model/ftp-site";
import { softwares } from "../../catalog/servers/registry";

const usual = `
  a an and any are as at be by can do for from has have in is it its no none not null of off on only or other over same so
  that the then there this to true false two was when where which while with without yes
  address addresses allow anonymous answer arrived attempt auth basic bookworm capture captures ccc cell cells certificate chain
  clear client clients code collector command commands configuration connect connection connections control daemon data debian debug default
  delay destroy destination diagnosis direction direct dial download drop dropped duration encrypted error evidence example expect
  expectation expectations explicit failed file files filter firewall flags flow folder forward forwards ftp ftps group guest
  helper home host hostname hosts id implicit in input install internet ip iptables key kind lab lan line lines link links list
  local localhost log login masquerade message missing mode name nat network new node nodes nobody nogroup null number open
  operation order original out output packet packets part pass passive password passwd path peer policy port ports prerouting
  proof proofs proftpd protocol raw read ready reason received remedies remedy reply replied reported required result results root router
  routers rule rules runs secret secrets seen sent server servers session sessions shows size software source sources stage stages
  state step steps stream system table target tcp test text time timeline tls token topology transcript transfer transfers trixie
  type ubuntu udp unix unknown update upload user username users value values variant variants verdict version wan web what who why
  worked www www-data admin administrator
`;

const words = new Set(
  [
    ...usual.split(/\s+/),
    ...[...modes, ...stages, ...dataCommands, ...operations, ...results, ...causeIds, ...gapCollectors],
    ...clients.flatMap(({ id, options }) => [id, ...Object.keys(options)]),
    ...softwares.flatMap(({ id, name }) => [id, name.toLowerCase()]),
    ...[siteName, account.password, account.userPrefix],
  ].flatMap((word) => [word, ...word.split(/[-.]/)]),
);

/** Whether a word, in small letters, is one of them; the lab's accounts are numbered. */
export function isOfTheLab(word: string): boolean {
  return words.has(word) || new RegExp(`^${account.userPrefix}\\d+$`).test(word) || /^\d{1,5}$/.test(word);
}
