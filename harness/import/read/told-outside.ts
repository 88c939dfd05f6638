/** An address of the Internet that files tell in words, in an answer or as a name's: where no interface has it, something in front does. */
import { reachOf } from "../numbers";
import type { Known } from "../place";
import type { InputFile } from "../pieces/piece";
import { isAddress } from "./server";

/** How surely a line tells the address that clients dial, the surest first. */
type Told = Known<string> & { readonly rank: number };

const address = String.raw`(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.]*\d|/)`;
const ofAddress = (before: string, after = ""): RegExp => new RegExp(`${before}${address}${after}`, "i");

/** A command that asks a stranger, or the provider, for the machine's own address outside. */
const asks =
  /\b(?:curl|wget|dig|http|fetch)\b.*(?:ifconfig\.(?:me|co|io)|icanhazip|ipinfo\.io|ipify|checkip|whatismyip|ident\.me|ip\.sb|ipecho|myip|public-ipv4|external-ip|publicIpAddress|floating_ip)/i;
/** A command that looks a name up. */
const looksUp = /(?:^|[$#>] ?)(?:host|dig|nslookup|getent|drill)\s+(?!-x)\S*[a-z]/i;
const outsideWords = String.raw`\b(?:external|public|elastic|floating|outside|internet|wan|reserved|nat|extern\w*|öffentliche\w*|oeffentliche\w*|publique|pública)[ _-]*(?:ipv4|ip|addr\w*|adresse?)\b`;

const words: readonly { readonly rank: number; readonly pattern: RegExp }[] = [
  // AWS, Azure, Google and DigitalOcean: their metadata and what their commands print.
  {
    rank: 0,
    pattern: ofAddress(
      String.raw`(?:natIP|Public_?Ip(?:v4)?(?:_?Address)?|public-ipv4|external-ip|floating_ip|EXTERNAL_IP)"?\s*[:=|]\s*"?`,
    ),
  },
  // FileZilla, curl, telnet, lftp: the address that was dialled.
  {
    rank: 1,
    pattern: ofAddress(
      String.raw`(?:Connecting to|Connected to [\w.-]+ \(|Trying|Verbinde mit)\s*`,
      String.raw`(?::(?:21|990|2121)\b|\)? port (?:21|990|2121)\b|\s*\.\.\.)`,
    ),
  },
  { rank: 2, pattern: ofAddress(String.raw`\bhas address `) },
  { rank: 2, pattern: ofAddress(String.raw`^PING \S*[a-z]\S* \(`) },
  // A line of a zone.
  { rank: 2, pattern: ofAddress(String.raw`^\s*[\w.@*-]+\s+(?:\d+[smhdw]?\s+)?(?:IN\s+)?A\s+`) },
  { rank: 3, pattern: ofAddress(String.raw`${outsideWords}.{0,80}?`) },
  { rank: 3, pattern: ofAddress("", String.raw`.{0,40}${outsideWords}`) },
];

/** What is no longer so. */
const former = /\b(?:old|former|previous\w*|was|until|before|used to|e\.?g\.?|example|alte?r?|früher\w*|vorher)\b/i;
/** A setting or a rule tells its own thing, and is read for that. */
const isSetting =
  /^\s*(?:-A |\[\d+:\d+\] -A|:\w|\*\w|(?:ip)?tables\b|(?:ip|tcp|iifname|oifname|meta|ct) |inet6? |pasv_address\s*=|MasqueradeAddress\b|ForcePassiveIP\b|(?:config|option|list) )/i;

/** The address outside that the files tell beside their interfaces, rules and settings; `null` for none, or for several that are as sure. */
export function toldOutside(inputs: readonly InputFile[]): Known<string> | null {
  const all = inputs.flatMap(toldIn).toSorted((one, other) => one.rank - other.rank);
  const [best] = all;
  if (best === undefined) return null;
  const isClear = all.every(({ rank, value }) => rank !== best.rank || value === best.value);
  return isClear && "from" in best ? { value: best.value, from: best.from } : null;
}

function toldIn({ name: file, text }: InputFile): readonly Told[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index): readonly Told[] => {
    if (isSetting.test(line)) return [];
    const told = toldBy(line) ?? answered(lines, index);
    if (told === null || !isAddress(told.value) || reachOf(told.value) !== "public") return [];
    return [{ ...told, from: { file, line: index + 1 } }];
  });
}

type Word = { readonly value: string; readonly rank: number };

function toldBy(line: string): Word | null {
  for (const { rank, pattern } of words) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined && !(rank === 3 && former.test(line))) return { value, rank };
  }
  return null;
}

/** An answer of an address alone, or a row, below what asks for it; a prompt may be glued to it. */
function answered(lines: readonly string[], index: number): Word | null {
  const line = lines[index] ?? "";
  const question = lines.slice(Math.max(0, index - 3), index).findLast((before) => before.trim() !== "") ?? "";
  const row = /\bEXTERNAL_IP\b/.test(question) ? [...line.matchAll(new RegExp(address, "g"))].at(-1)?.[1] : undefined;
  if (row !== undefined) return { value: row, rank: 0 };
  const value = ofAddress(String.raw`^\s*(?:[#;]+\s*)?"?`).exec(line)?.[1];
  if (value === undefined) return null;
  if (asks.test(question)) return { value, rank: 0 };
  if (looksUp.test(question)) return { value, rank: 2 };
  const isHeading = new RegExp(outsideWords, "i").test(question) && !/\d\.\d/.test(question);
  return isHeading && !former.test(question) ? { value, rank: 3 } : null;
}
