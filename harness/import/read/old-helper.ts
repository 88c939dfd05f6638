/** The FTP helper of kernels that attach it by themselves, and the options of its module. */
import { originAt, type Piece } from "../pieces/piece";
import { placeText, type Inference, type LeftOut, type Origin } from "../place";

type Loaded = { readonly piece: Piece; readonly text: string };
type Told = { readonly notes: string[]; readonly assumed: Inference[]; readonly leftOut: LeftOut[] };
type Found = { readonly value: string; readonly from: Origin };

/**
 * `net.netfilter.nf_conntrack_helper = 1`, `options nf_conntrack nf_conntrack_helper=1`, `nf_conntrack nf_conntrack_helper = Y` as `collect`
 * has the module's parameter, and a script that writes either file.
 */
const setsHelper =
  /^[^#]*nf_conntrack_helper["']?\s*[=:]\s*["']?([01YNyn])\b|^\s*echo\s+["']?(?=\w["']?\s*>\s*\/(?:proc|sys)\/\S*\/nf_conntrack_helper)([01YNyn])/;
/** `lsmod`, scripts, `/etc/modules`, and options, which count once the module is loaded. */
const loadsHelper =
  /^nf_conntrack_ftp\b|^\s*(?:sudo\s+)?(?:\/sbin\/)?(?:modprobe|insmod) (?:-\w+ )*\S*(?:nf|ip)_conntrack_ftp\b/;
/** The module's options, wherever they are set or shown (nf_conntrack_ftp.c). */
const option = (name: string, value: string): RegExp =>
  new RegExp(`^[^#]*\\b(?:nf|ip)_conntrack_ftp\\b.*?\\b${name}["']?\\s*[=:]\\s*["']?(${value})`);
const setsPorts = option("ports", "\\d+(?:,\\d+)*");
const setsLoose = option("loose", "[01YNyn]");

/** The rules with those that attach the helper, where the machine's kernel does so without. */
export function addHelperOfOldKernels(
  pieces: readonly Piece[],
  loaded: readonly Loaded[],
  { notes, assumed, leftOut }: Told,
): readonly Loaded[] {
  const find = (pattern: RegExp): Found | null => settingIn(pieces, pattern);
  const [setting, ports] = [find(setsHelper), find(setsPorts)];
  const loose = find(setsLoose);
  if (loose !== null && isOn(loose.value)) {
    leftOut.push({
      what: "loose=1 of nf_conntrack_ftp",
      why: "with it the helper follows replies that name another address than the session's; the lab's kernel follows none of them",
      from: loose.from,
      count: 1,
      decides: true,
    });
  }
  const isModule = ports !== null || loose !== null || find(loadsHelper) !== null;
  const named = loaded.map((one) => ({ ...one, text: withPlainNames(one.text) }));
  const isAttached = named.some(({ text }) => /--helper ftp|ct helper set/.test(text));
  if (setting === null || !isOn(setting.value) || !isModule) {
    const isHelpless = !isAttached && named.some(({ text }) => /-A FORWARD|hook forward/.test(text));
    if (isHelpless && setting === null) {
      assumed.push({
        kind: "assumed",
        what: "no kernel attaches the FTP helper by itself",
        why: "no rule attaches it, and no file says `net.netfilter.nf_conntrack_helper = 1`",
      });
    }
    return named;
  }
  if (named.length === 0) return named;
  const watched = portsIn(ports).filter((port) => !named.some(({ text }) => attachesAt(text, port)));
  if (watched.length === 0) return named;
  const listed = watched.join(" and ");
  notes.push(
    `${placeText(setting.from)}: this kernel attaches the FTP helper by itself to port ${listed}${ports === null ? "" : ` (${placeText(ports.from)})`}; ` +
      `the lab's does not, so rules in the table raw attach it.`,
  );
  const rules = watched.flatMap((port) =>
    ["PREROUTING", "OUTPUT"].map((chain) => `-A ${chain} -p tcp -m tcp --dport ${port} -j CT --helper ftp`),
  );
  const saved = named.find(({ piece }) => piece.kind !== "nft");
  if (saved === undefined) {
    const lines = ["*raw", ...rules, "COMMIT"];
    const piece: Piece = { kind: "iptables-save", lines, from: setting.from, host: null, path: null };
    return [...named, { piece, text: `${lines.join("\n")}\n` }];
  }
  return named.map((one) => (one === saved ? { ...one, text: withRules(one.text, rules) } : one));
}

/** What the kernel says of itself counts before what a file wants; of several the last one is it. */
function settingIn(pieces: readonly Piece[], pattern: RegExp): Found | null {
  const isShown = ({ kind }: Piece): boolean => kind === "sysctl" || kind === "modules";
  const found = [...pieces.filter((piece) => !isShown(piece)), ...pieces.filter(isShown)].flatMap((piece) =>
    piece.lines.flatMap((line, index): Found[] => {
      const groups = pattern.exec(line);
      if (groups === null) return [];
      return [{ value: groups[1] ?? groups[2] ?? "", from: originAt(piece, index) }];
    }),
  );
  return found.at(-1) ?? null;
}

function isOn(value: string): boolean {
  return /^[1Yy]$/.test(value);
}

/** Without the option it is 21 alone; an array that is shown may have zeros behind its members. */
function portsIn(found: Found | null): readonly number[] {
  const ports = (found?.value ?? "21").split(",").map(Number);
  return [...new Set(ports.filter((port) => port > 0 && port < 65_536))];
}

/** With the option `ports` the helper of a port beside 21 is called `ftp-2121` (nf_conntrack_helper.c); the lab's has one name for all. */
function withPlainNames(text: string): string {
  return text.replace(/(--helper |type ")ftp-\d+/g, "$1ftp");
}

function attachesAt(text: string, port: number): boolean {
  const rule = new RegExp(
    `\\bdport (?:\\{ ?)?(?:\\d+, ?)*${port === 21 ? "(?:21|ftp)" : port}\\b.*(?:--helper ftp|ct helper set)`,
  );
  return text.split("\n").some((line) => rule.test(line));
}

/** Behind rules that keep connections from being tracked, since the first rule with CT counts; else before all that accept. */
function withRules(text: string, rules: readonly string[]): string {
  if (!/^\*raw/m.test(text)) return `${["*raw", ...rules, "COMMIT"].join("\n")}\n${text}`;
  const [before = "", raw = "", after = ""] = text.split(/(^\*raw\n[^]*?^COMMIT$)/m);
  const own = /-j (?:CT|NOTRACK)\b/.test(raw)
    ? raw.replace(/COMMIT$/, `${rules.join("\n")}\nCOMMIT`)
    : raw.replace(/^\*raw\n((?::.*\n)*)/, `*raw\n$1${rules.join("\n")}\n`);
  return `${before}${own}${after}`;
}
