/** Texts in which several commands' outputs stand one after another, as people paste them. */
import { sectionsIn } from "./headings";
import type { Piece, PieceKind } from "./piece";

type Opening = { readonly kind: PieceKind; readonly opens: RegExp; readonly goesOn: RegExp };

/** How each output begins, and what its further lines look like. */
const openings: readonly Opening[] = [
  {
    kind: "iptables-save",
    opens: /^\*[a-z]+\s*$/,
    goesOn: /^(\*[a-z]+\s*$|:\S+ \S+|-[A-Z]\b|--\w|\[\d+:\d+\]|COMMIT|#|\s*$)/,
  },
  {
    kind: "nft",
    opens:
      /^\s*(table (inet|ip|ip6|arp|bridge|netdev) \S+|table \w+ \{|(add|create) (table|chain|rule|set) |define \w+ ?=|include ["'/]|flush ruleset|#!.*\bnft\b)/,
    goesOn: /^(\s|\}|table |define |add |create |flush |#|include |$)/,
  },
  {
    kind: "ip-addr",
    opens: /^\d+: [^\s:]+(@\S+)?: <[A-Z0-9_,-]*>|^\d+: \S+\s+inet6? |^[\w.@-]+\s+(UP|DOWN|UNKNOWN)\b/,
    goesOn: /^(\d+: \S+|\s+\S|[\w.@-]+\s+(UP|DOWN|UNKNOWN)\b)/,
  },
  {
    kind: "ip-route",
    opens: /^(default|unreachable|blackhole|\d{1,3}(\.\d{1,3}){3}(\/\d+)?) (via|dev|proto|scope|metric|\d)/,
    goesOn: /^(default|unreachable|blackhole|broadcast|local|\d{1,3}(\.\d{1,3}){3}(\/\d+)?)\s|^\s+nexthop /,
  },
  { kind: "ip-rule", opens: /^\d+:\s+(not )?from \S+ /, goesOn: /^\d+:\s+(not )?from / },
  { kind: "iptables-rules", opens: /^-[PNA] [A-Za-z]\S*( |$)/, goesOn: /^-[A-Z] \S|^\[\d+:\d+\]/ },
  {
    kind: "iptables-listing",
    opens: /^Chain \S+ \((policy [A-Z]+.*|\d+ references?)\)/,
    goesOn: /^(Chain |\s*$|\s*(num )?\s*(pkts|target)|\s*\d|[A-Z])/,
  },
  {
    kind: "ifconfig",
    opens: /^\S+\s+Link encap:|^\S+: flags=\d+</,
    goesOn: /^(\s+\S|\s*$|\S+\s+Link encap:|\S+: flags=)/,
  },
  { kind: "sysctl", opens: /^net\.[\w./-]+ ?= ?\S+/, goesOn: /^net\.[\w./-]+ ?= ?/ },
  {
    kind: "modules",
    opens:
      /^Module\s+Size\s+Used by|^nf_(conntrack|nat)\S*\s+\d+\s+\d+|^options\s+\w+\s+\w+=|^(?:\/sys\/module\/)?(?:nf|ip)_conntrack\S*(?:\/parameters\/| )\w+ ?[=:]/,
    goesOn:
      /^\w+\s+\d+\s+-?\d+|^(?:options|alias|blacklist|install|remove|softdep)\s+\w|^(?:\/sys\/module\/)?\w+(?:\/parameters\/| )\w+ ?[=:]/,
  },
];

/** `root@OpenWrt:~# iptables-save`, `[root@fw ~]# ip a`. */
const prompt = /^\[?(?:\w[\w.-]*)@([\w.-]+)[: ][^#$]*[#$] ?(.*)$/;
/** `kvm1 ~ # ip a`, as Gentoo has it. */
const spacedPrompt =
  /^([\w.-]+) (?:~|\/\S*) [#$] ((?:sudo )?(?:ip|iptables|nft|iptables-save|ifconfig|sysctl|lsmod|uci|cat)\b.*)$/;
const barePrompt =
  /^(?:\$ (?:sudo )?[a-z][\w.-]*(?: |$)|[#>] (?:sudo )?(?:ip|iptables|nft|iptables-save|ifconfig|sysctl|lsmod|uci|cat|ufw|firewall-cmd|docker|docker-compose|ss|netstat|grep)(?: |$))/;

/** The name of a machine without a name. */
const noName = /^(unknown|localhost|none)(\..*)?$/i;

/** A command's name in a heading, which says of what family the rules are. */
const isIpv6Command = /\bip6tables\b/;

type Open = {
  readonly opening: Opening;
  readonly start: number;
  readonly lines: string[];
  readonly isIpv6: boolean;
  readonly host: string | null;
  /** How deep its last line is in tables and braces. */ depth: number;
};

export type Blocks = {
  readonly pieces: readonly Piece[];
  /** Lines that are of no form. */ readonly unread: readonly number[];
};

/** Takes a pasted text apart. `from` is its first line. */
export function blocksOf(text: readonly string[], { from, host: said, path }: Omit<Piece, "kind" | "lines">): Blocks {
  const lines = withNamedSettings(text);
  const pieces: Piece[] = [];
  const unread: number[] = [];
  const state: { open: Open | null } = { open: null };
  let host = said;
  let isIpv6 = false;
  const close = (): void => {
    const { open } = state;
    if (open === null) return;
    const kind = open.isIpv6 && open.opening.kind === "iptables-save" ? "ip6tables-save" : open.opening.kind;
    const place = { file: from.file, line: from.line + open.start };
    pieces.push({ kind, lines: trimmedEnd(open.lines), from: place, host: open.host, path });
    state.open = null;
  };
  for (const [index, line] of lines.entries()) {
    const [, hostHere, command] = promptIn(line) ?? [];
    if (hostHere !== undefined || barePrompt.test(line)) {
      close();
      if (hostHere !== undefined && said === null && !noName.test(hostHere)) host = hostHere.toLowerCase();
      isIpv6 = isIpv6Command.test(command ?? line);
      continue;
    }
    if (/^#.*\bip6?tables-save\b/.test(line)) {
      isIpv6 = isIpv6Command.test(line);
      if (state.open !== null && state.open.isIpv6 !== isIpv6) close();
    }
    const opening = openings.find(({ opens }) => opens.test(line));
    const current = state.open;
    const belongs = current?.opening.goesOn.test(line) === true;
    const isOther = opening !== undefined && current !== null && opening.kind !== current.opening.kind;
    const takesOver = isOther && current.depth === 0;
    if (current !== null && belongs && !takesOver) {
      current.lines.push(line);
      current.depth = depthAfter(current, line);
    } else if (opening !== undefined) {
      close();
      const begun = { opening, start: index, lines: [line], isIpv6, host, depth: 0 };
      state.open = { ...begun, depth: depthAfter(begun, line) };
    } else {
      close();
      if (line.trim() !== "" && !isHeading(line)) unread.push(index);
    }
  }
  close();
  return { pieces, unread };
}

/** `cat /proc/sys/net/ipv4/ip_forward` and `sysctl -n net.ipv4.ip_forward` print a setting's value alone. */
const asksSetting = /\b(?:cat \/proc\/sys\/(net\/\S+)|sysctl (?:-n|--values) (net\.\S+))\s*$/;
/** So does `cat` of a module's parameter. */
const asksParameter = /\bcat \/sys\/module\/(\w+)\/parameters\/(\w+)\s*$/;

/** The lines, where each value of a setting that was asked for alone has its name before it, as `sysctl` prints it. */
function withNamedSettings(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => {
    const [, file, asked] = asksSetting.exec(lines[index - 1] ?? "") ?? [];
    const name = asked ?? file?.replaceAll("/", ".");
    const [, module, parameter] = asksParameter.exec(lines[index - 1] ?? "") ?? [];
    if (module !== undefined && /^\s*[\w,]+\s*$/.test(line)) return `${module} ${parameter ?? ""} = ${line.trim()}`;
    return name !== undefined && /^\s*-?\d+\s*$/.test(line) ? `${name} = ${line.trim()}` : line;
  });
}

/** A prompt with a machine's name, and the command behind it. */
function promptIn(line: string): RegExpExecArray | null {
  return prompt.exec(line) ?? spacedPrompt.exec(line);
}

/** A prompt with what follows it, up to the next one, or what stands before the first; `at` is the index of its first line. */
export type Answer = {
  readonly at: number;
  readonly host: string | null;
  /** Whether its first line is a prompt. */
  readonly isAnswer: boolean;
  readonly lines: readonly string[];
};

/**
 * A text with prompts as the answers between them; what comes before the first is of the machine that the prompts name. Headings
 * that name several machines say more than prompts do.
 */
export function answersIn(lines: readonly string[]): readonly Answer[] {
  // `# iptables` and `> ip` may be a comment and a quotation too.
  const starts = lines.flatMap((line, at) => (promptIn(line) !== null || line.startsWith("$ ") ? [at] : []));
  const sections = sectionsIn(lines);
  const from = [...new Set([0, ...starts, ...sections.map(({ at }) => at)])].toSorted((one, other) => one - other);
  let host = sections.length > 0 ? null : promptHost(lines);
  return from.map((at, count) => {
    const named = promptIn(lines[at] ?? "")?.[1]?.toLowerCase();
    if (named !== undefined && !noName.test(named)) host = named;
    host = sections.findLast((section) => section.at <= at)?.host ?? host;
    return { at, host, isAnswer: starts.includes(at), lines: lines.slice(at, from[count + 1]) };
  });
}

/** The machine that the prompts of a text name; `null` if they name none, or several. */
export function promptHost(lines: readonly string[]): string | null {
  const named = lines.map((line) => promptIn(line)?.[1]?.toLowerCase());
  const [host, other] = new Set(named.filter((name) => name !== undefined && !noName.test(name)));
  return host === undefined || other !== undefined ? null : host;
}

function depthAfter({ opening, depth }: Pick<Open, "opening" | "depth">, line: string): number {
  if (opening.kind === "iptables-save") return line.startsWith("*") ? 1 : line.startsWith("COMMIT") ? 0 : depth;
  if (opening.kind !== "nft") return 0;
  const bare = line.replace(/"[^"]*"/g, "").replace(/#.*/, "");
  return depth + (bare.match(/\{/g)?.length ?? 0) - (bare.match(/\}/g)?.length ?? 0);
}

function isHeading(line: string): boolean {
  return /^\s*(#|=+|-+\s*$|\/\/|```)/.test(line);
}

function trimmedEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, last + 1);
}
