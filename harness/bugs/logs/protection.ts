import { dataVerbs, isNegative, isPositive } from "../../ftp/dialogue";
import type { Mode } from "../../model/axes";
import type { LogLine } from "../../model/symptom";
import { dialogueIn, type Grounded, type PlacedExchange } from "./exchanges";
import type { LogFormat } from "./format";

const port990 = /\bport 990\b|:990\b/;
const login = /^(?:USER|PASS)$/;

/**
 * How control and data connections were protected: from AUTH, PROT and CCC as they were answered, and from what the client says of TLS.
 * `null` for an excerpt that shows neither the login nor anything of TLS.
 */
export function protectionIn(format: LogFormat, lines: readonly LogLine[]): Grounded<Mode> | null {
  const { exchanges } = dialogueIn(lines, null);
  const remarks = lines.filter(({ direction }) => direction === "*");
  const telling = (pattern: RegExp | undefined): LogLine | undefined =>
    pattern === undefined ? undefined : remarks.find(({ text }) => pattern.test(text));
  const accepted = (verb: string): PlacedExchange | undefined =>
    exchanges.findLast((exchange) => exchange.verb === verb && isPositive(exchange.code));

  const prot = accepted("PROT");
  const isClear = /^PROT C/i.test(prot?.command ?? "");
  const ccc = exchanges.findIndex(({ verb }) => verb === "CCC");
  const cleared = exchanges[ccc];
  if (cleared !== undefined) {
    const on = placesOf([cleared, ...(prot === undefined ? [] : [prot])]);
    const next = exchanges[ccc + 1];
    if (next !== undefined && dataVerbs.includes(next.verb)) return { value: "ftps-ccc-unprimed", on };
    return { value: isClear ? "ftps-ccc-clear-data" : "ftps-ccc", on };
  }
  const explicit = startOfTls(exchanges);
  const isOn990 = remarks.find(({ text }) => port990.test(text));
  const said = isOn990 === undefined ? telling(format.tells?.explicitTls) : undefined;
  const began = explicit?.on ?? (said === undefined ? null : [said]);
  if (began !== null) {
    return {
      value: isClear ? "ftps-clear-data" : "ftps",
      on: [...began, ...placesOf(prot === undefined ? [] : [prot])],
    };
  }
  const implicit = tlsBeforeGreeting(format, lines) ?? telling(format.tells?.implicitTls) ?? isOn990;
  if (implicit !== undefined) return { value: "ftps-implicit", on: [implicit] };
  const entered = exchanges.find(({ verb }) => login.test(verb));
  // Servers grant PROT only under TLS. Without AUTH, TLS was there from the beginning, if the log shows the beginning.
  if (prot !== undefined) {
    const isWhole = lines.find(({ direction }) => direction !== "*")?.text.startsWith("220") === true;
    return {
      value: entered !== undefined && isWhole ? "ftps-implicit" : isClear ? "ftps-clear-data" : "ftps",
      on: placesOf([prot]),
    };
  }
  const plain = telling(format.tells?.noTls);
  if (plain !== undefined) return { value: "ftp", on: [plain] };
  // An excerpt that begins with a reply to the name does not show what came before.
  const isCut = lines.find(({ direction }) => direction !== "*")?.text.startsWith("331") === true;
  if (entered !== undefined) return isCut ? null : { value: "ftp", on: placesOf([entered]) };
  // Such a client says so where it starts TLS.
  const begins = format.tells?.explicitTls === undefined ? undefined : telling(format.begins);
  return begins !== undefined && exchanges.length > 0 ? { value: "ftp", on: [begins] } : null;
}

function tlsBeforeGreeting({ tells }: LogFormat, lines: readonly LogLine[]): LogLine | undefined {
  const first = lines.findIndex(({ direction }) => direction !== "*");
  return lines.find(({ text }, index) => (first < 0 || index < first) && tells?.tls?.test(text) === true);
}

/** AUTH, unless the client went on without TLS when it was refused. */
function startOfTls(exchanges: readonly PlacedExchange[]): { readonly on: readonly LogLine[] } | null {
  const auth = exchanges.findLastIndex(({ verb }) => verb === "AUTH");
  const exchange = exchanges[auth];
  if (exchange === undefined) return null;
  const wentOn = isNegative(exchange.code) && exchanges.some(({ verb }, index) => index > auth && login.test(verb));
  return wentOn ? null : { on: placesOf([exchange]) };
}

function placesOf(exchanges: readonly PlacedExchange[]): readonly LogLine[] {
  return exchanges.flatMap(({ sent, answered }) => [sent, ...answered.slice(-1)]);
}
