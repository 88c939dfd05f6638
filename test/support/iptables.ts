/** Reads an `iptables-restore` text the way netfilter walks it, so that tests ask what a ruleset does and not how it is put. */

/** The first packet of a connection, or a later one, as conntrack knows it. */
export type Packet = {
  readonly in: string;
  readonly out?: string;
  readonly destination?: string;
  readonly port: number;
  readonly state: "NEW" | "RELATED" | "ESTABLISHED";
};

/** Targets after which the packet meets the next rule (iptables-extensions(8)): they tell of it or mark it, and decide nothing. */
const continuing: ReadonlySet<string> = new Set(["TRACE", "CT"]);

type Chain = { readonly policy: string; readonly rules: readonly (readonly string[])[] };

/** Where a packet ends up in a chain: `ACCEPT`, `DROP`, `REJECT`, or the jump with its options, such as `DNAT 192.168.10.10`. */
export function verdictIn(text: string, table: string, chain: string, packet: Packet): string {
  const { policy, rules } = readChain(text, table, chain);
  const deciding = rules.filter((words) => !continuing.has(words[words.indexOf("-j") + 1] ?? ""));
  const hit = deciding.find((words) => optionsOf(words).every(([name, value]) => holds(name, value, packet)));
  if (hit === undefined) return policy;
  const jump = hit.slice(hit.indexOf("-j") + 1);
  return [jump[0], ...jump.slice(1).filter((word) => !word.startsWith("--") && word !== "tcp-reset")].join(" ");
}

/** The tables of a ruleset, in order, with their lines. */
export function tablesOf(text: string): readonly { readonly name: string; readonly lines: readonly string[] }[] {
  return text
    .split(/^(?=\*)/m)
    .slice(1)
    .map((part) => {
      const [head = "", ...lines] = part.trimEnd().split("\n");
      return { name: head.slice(1), lines };
    });
}

function readChain(text: string, table: string, chain: string): Chain {
  const lines = tablesOf(text).find(({ name }) => name === table)?.lines ?? [];
  const policy = lines.find((line) => line.startsWith(`:${chain} `))?.split(" ")[1];
  if (policy === undefined) throw new Error(`the ruleset has no chain ${chain} in table ${table}`);
  const rules = lines.filter((line) => line.startsWith(`-A ${chain} `)).map((line) => line.split(" ").slice(2));
  return { policy, rules };
}

function optionsOf(words: readonly string[]): [string, string][] {
  const options: [string, string][] = [];
  for (let index = 0; words[index] !== "-j"; index += 2) options.push([words[index] ?? "", words[index + 1] ?? ""]);
  return options;
}

function holds(name: string, value: string, packet: Packet): boolean {
  switch (name) {
    case "-i":
      return packet.in === value;
    case "-o":
      return packet.out === value;
    case "-d":
      return value === `${packet.destination ?? ""}/32`;
    case "-p":
      return value === "tcp";
    case "-m":
      return true;
    case "--ctstate":
      return value.split(",").includes(packet.state);
    case "--dport":
    case "--dports":
      return value.split(",").some((word) => {
        const [first = "", last = first] = word.split(":");
        return Number(first) <= packet.port && packet.port <= Number(last);
      });
    default:
      throw new Error(`the ruleset uses ${name}, which this reader does not know`);
  }
}
