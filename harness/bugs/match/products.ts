/** Firewalls and routers that are no plain Linux: how their administrators list rules, and let them follow FTP. */

export type Product = {
  readonly name: string;
  /** Its own name, or the form of its log. */
  readonly words: RegExp;
  /** The commands, or the page, that show its rules. */
  readonly rules: string;
  /** How it follows FTP on a port; `null` for the port that it follows by itself. */
  readonly follow: (port: number | null) => readonly string[];
};

/** By the makers' manuals. */
const products: readonly Product[] = [
  {
    name: "Cisco ASA",
    words: /%(?:ASA|PIX|FTD)-\d|\bCisco (?:ASA|PIX)\b|\bASA ?55\d\d|\b(?:an|the|our|same|this) ASA\b/,
    rules: "`show running-config access-list`, `show running-config nat`, `show running-config policy-map`",
    follow: (port) =>
      port === null
        ? ["policy-map global_policy", " class inspection_default", "  inspect ftp"]
        : [
            ...[`class-map ftp-${port}`, ` match port tcp eq ${port}`],
            ...["policy-map global_policy", ` class ftp-${port}`, "  inspect ftp"],
          ],
  },
  {
    name: "FortiGate",
    words: /\bForti(?:Gate|OS)\b|\bdevid="?FG|\blogid="?\d{10}\b/i,
    rules: "`show firewall policy`, `show firewall vip`, `show system session-helper`",
    follow: (port) => [
      ...["config system session-helper", "edit 0", "set name ftp", "set protocol 6", `set port ${port ?? 21}`],
      ...["next", "end"],
    ],
  },
  {
    name: "RouterOS",
    words: /\bMikro[Tt]ik\b|\bRouterOS\b|\/ip firewall\b/,
    rules: "`/ip firewall export`",
    follow: (port) => [`/ip firewall service-port set ftp disabled=no ports=${port ?? 21}`],
  },
  {
    name: "Junos",
    words: /\bRT_FLOW|\bJunos\b|\bJuniper\b|\bSRX ?\d{3}/,
    rules: "`show configuration security | display set`",
    follow: () => [],
  },
  {
    name: "OPNsense",
    words: /\bOPNsense\b/i,
    rules: "`pfctl -s rules` and `pfctl -s nat`",
    follow: () => ["Plugin os-ftp-proxy: Services > FTP Proxy"],
  },
  {
    name: "pfSense",
    words: /\bpfSense\b/i,
    rules: "`pfctl -s rules` and `pfctl -s nat`",
    follow: () => ["Package FTP_Client_Proxy: Services > FTP Client Proxy"],
  },
  {
    name: "pf",
    words: /\bfilterlog\b|\bpf\.conf\b|\bpflog\d|\bpfctl\b|\bpf: rule\b/,
    rules: "`pfctl -s rules` and `pfctl -s nat`",
    follow: () => [],
  },
  {
    name: "another firewall",
    words: /\bSonicWALL\b|\bSophos\b|\bPalo ?Alto\b|\bWatchGuard\b|\bCheck ?Point\b|\bZyxel\b/i,
    rules: "as its own pages or its export have them",
    follow: () => [],
  },
];

/** The one that a paste shows or names; `null` if none is, or more than one. */
export function productIn(text: string): Product | null {
  const found = products.filter(({ words }) => words.test(text));
  // pf is what OPNsense and pfSense run.
  const [first, second] = found.length > 1 ? found.filter(({ name }) => name !== "pf") : found;
  return second === undefined ? (first ?? null) : null;
}
