/** The forms of single texts, told by what their lines look like. */
import { softwares } from "../../catalog/servers/registry";
import type { PieceKind } from "./piece";

type Form = {
  readonly kind: PieceKind;
  readonly isOf: (text: string, lines: readonly string[], base: string) => boolean;
};

/** A command that changes rules: `iptables`, with a path or `sudo`, or a variable that stands for it. */
export const iptablesCommand =
  /^\s*(?:sudo\s+)?(?:\S*\/)?(?:iptables(?:-legacy|-nft)?|"?\$\{?I(?:P_?)?(?:T|PT|PTABLES|PTS|PT4|PTABLES4)?\}?"?)\s+.*(?:-[AIPNDFX]\b|--(?:append|insert|policy|new-chain|delete|flush)\b)/;

/** A compose file, what `docker inspect CONTAINER` prints, or a `docker run`. */
const containers =
  /^services:\s*$|^\s{2,}image:\s*\S|"PortBindings": ?\{|^\s*(?:sudo )?(?:docker|podman)(?: container)? run\s/m;

/** The order matters: what is most special comes first. */
const forms: readonly Form[] = [
  ...softwares.flatMap(({ id, userFiles }): Form[] =>
    userFiles?.isOption === undefined
      ? []
      : [
          {
            kind: `${id}-option`,
            isOf: (_, lines, base) => userFiles.isOption?.(base) === true && meaningful(lines).length === 1,
          },
        ],
  ),
  { kind: "ifupdown", isOf: (text) => /^\s*iface \S+ inet6? \w+/m.test(text) },
  { kind: "modules", isOf: (_, lines) => isOfModules(meaningful(lines)) },
  { kind: "iptables-script", isOf: (_, lines) => lines.some((line) => iptablesCommand.test(line)) },
  { kind: "compose", isOf: (text) => containers.test(text) },
  { kind: "uci-show", isOf: (text) => /^(firewall|network|wireless|dhcp)\.[@\w]+(\[-?\d+\])?(\.\w+)?=/m.test(text) },
  {
    kind: "uci-config",
    isOf: (text) =>
      /^config\s+'?(defaults|zone|rule|redirect|forwarding|interface|device|globals|include|switch)\b/m.test(text),
  },
  { kind: "ufw-defaults", isOf: (text) => /^DEFAULT_(?:INPUT|FORWARD)_POLICY=/m.test(text) },
  { kind: "ufw-status", isOf: (text) => /^Status: (active|inactive)/m.test(text) },
  { kind: "firewalld", isOf: (text) => /^\s+target: \S+/m.test(text) && /^\s+services:/m.test(text) },
  ...softwares.flatMap(({ id, userFiles }): Form[] =>
    userFiles === null ? [] : [{ kind: id, isOf: (text, lines) => userFiles.isConfiguration(text, meaningful(lines)) }],
  ),
];

/** `/etc/modprobe.d/*.conf` (modprobe.d(5)), or a list of modules such as `/etc/modules`, that speaks of connection tracking. */
function isOfModules(lines: readonly string[]): boolean {
  const settings = /^\s*(?:options|alias|blacklist|install|remove|softdep)\s+\S|^\s*[a-z]\w*(?:\s+\w+=\S+)*\s*$/;
  return (
    lines.length > 0 &&
    lines.every((line) => settings.test(line)) &&
    lines.some((line) => /\b(?:nf|ip)_(?:conntrack|nat)(?:_\w+)?\b/.test(line))
  );
}

/** The form of a whole text; `null` if it is none of those that fill a file by themselves. */
export function formOf(lines: readonly string[], base: string): PieceKind | null {
  const text = lines.join("\n");
  return forms.find(({ isOf }) => isOf(text, lines, base))?.kind ?? null;
}

export function meaningful(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== "" && !/^\s*[#;]/.test(line));
}
