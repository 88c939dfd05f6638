/** What pasted lines do, read from the forms in which they are written (`router-lines.ts`). */

export type Forward = {
  readonly kind: "forward";
  readonly on: string;
  /** The address dialled, where the line asks for it. */
  readonly dialled: string | null;
  /** `21` or `50000:50100`, as iptables writes them. */
  readonly ports: string;
  readonly to: string;
  readonly toPort: string | null;
};

export type Pass = {
  readonly kind: "pass";
  readonly from: string;
  readonly out: string | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly ports: string;
};

export type Hide = {
  readonly kind: "hide";
  readonly out: string;
  readonly source: string | null;
  readonly destination: string | null;
  /** Behind which address; `null`: the router's own. */
  readonly behind: string | null;
};

export type Done =
  | Forward
  | Pass
  | Hide
  | { readonly kind: "take"; readonly ports: string }
  | { readonly kind: "helper"; readonly port: string }
  | { readonly kind: "module"; readonly name: string }
  /** What other lines stand in: a table, a chain of one, or an object (`ip ftp_nat`, `ip ftp_nat prerouting`). */
  | { readonly kind: "frame"; readonly of: string };

const frame = /^nft 'add (table|chain|ct helper) (\w+ \w+)(?: (\w+))?/;

/** Whether a line does nothing without others. */
export function isFrame(line: string): boolean {
  return frame.test(line) || line.startsWith("modprobe ");
}

/** What a line does; `null` if it is none of these. */
export function doneBy(line: string): Done | null {
  const of = (pattern: RegExp): string | null => pattern.exec(line)?.[1] ?? null;
  const ports = of(/(?:--dport|tcp dport) ([\d:-]+)/)?.replace("-", ":") ?? null;
  const on = of(/ -i (\S+)/) ?? of(/iifname "([^"]+)"/);
  const out = of(/ -o (\S+)/) ?? of(/oifname "([^"]+)"/);
  const source = of(/ -s (\S+)/) ?? of(/ saddr (\S+)/);
  const destination = of(/ -d (\S+)/) ?? of(/ daddr (\S+)/);
  const to = of(/--to-destination (\S+)/) ?? of(/dnat (?:ip6? )?to ([^\s']+)/);
  const module = of(/^modprobe (\S+)/);
  if (module !== null) return { kind: "module", name: module };
  const [, what, table = "", chain = ""] = frame.exec(line) ?? [];
  if (what !== undefined) return { kind: "frame", of: what === "chain" ? `${table} ${chain}` : table };
  if (/--helper ftp|ct helper set/.test(line)) return { kind: "helper", port: ports ?? "21" };
  if (to !== null && on !== null && ports !== null) {
    const [, address = to, port = null] = /^([\d.]+):(\d+)$/.exec(to) ?? [];
    return { kind: "forward", on, dialled: destination, ports, to: address, toPort: port };
  }
  const behind = of(/--to-source (\S+)/) ?? of(/snat (?:ip6? )?to ([^\s']+)/);
  if ((/masquerade/i.test(line) || behind !== null) && out !== null)
    return { kind: "hide", out, source, destination, behind };
  if (ports === null || !/accept/i.test(line)) return null;
  if (/-I INPUT\b/.test(line) || (on === null && out === null)) return { kind: "take", ports };
  return on === null ? null : { kind: "pass", from: on, out, source, destination, ports };
}

/** `50000:50100` as others write it. */
export function dashed(ports: string): string {
  return ports.replace(":", "-");
}
